import io
import json

import pytest
from PIL import Image

from ledger.errors import SettingRefused
from ledger.extraction.extractor import FieldProblem, Usage
from ledger.extraction.reasons import NOT_WHOLE
from ledger.inbox.images import open_photo
from ledger.notes import Note
from ledger.prompts.versions import PromptVersion, load
from ledger.receipt import to_contract
from tests.extraction.asking import failure, read
from tests.openai_standin import SAMPLE, Misread, Raw


def test_a_photo_is_read_into_a_receipt(extractor, photo):
    result = read(extractor, photo)
    assert to_contract(result.receipt) == SAMPLE
    assert result.problems == ()
    assert result.notes == ()
    assert result.request_id.startswith("req_")


@pytest.mark.parametrize("temperature", [0.0, 0.2, 2.0])
def test_the_temperature_that_was_asked_for_is_sent_and_returned_as_applied(extractor, standin, photo, temperature):
    result = read(extractor, photo, temperature=temperature)
    assert standin.requests[0].body["temperature"] == temperature
    assert result.settings.temperature == temperature


def test_the_default_settings_are_those_of_the_constructor_with_its_prompt(make_extractor):
    settings = make_extractor(model="gpt-4.1", wanted={"temperature": 0.3}).default_settings
    assert (settings.model, settings.temperature, settings.prompt_version) == ("gpt-4.1", 0.3, load().version)


def test_a_setting_that_is_none_is_not_sent(extractor, standin, photo):
    read(extractor, photo, temperature=None, max_completion_tokens=None, detail=None)
    body = standin.requests[0].body
    assert {"temperature", "max_completion_tokens"}.isdisjoint(body)
    assert set(body["messages"][1]["content"][0]["image_url"]) == {"url"}


def test_nothing_is_left_with_the_service(extractor, standin, photo):
    read(extractor, photo)
    assert standin.requests[0].body["store"] is False


def test_the_prompt_comes_first_and_the_picture_alone_after_it(extractor, standin, photo):
    read(extractor, photo, detail="low")
    system, user = standin.requests[0].body["messages"]
    assert system == {"role": "system", "content": load().text}
    assert [part["type"] for part in user["content"]] == ["image_url"]
    assert user["content"][0]["image_url"]["detail"] == "low"


def test_the_picture_is_sent_upright_and_kept_as_what_the_model_saw(extractor, standin, sideways_photo):
    result = read(extractor, sideways_photo)
    sent = standin.requests[0].picture
    picture = Image.open(io.BytesIO(sent))
    assert picture.format == "JPEG"
    assert picture.width == 40  # the photo is stored 80 x 40, and its EXIF turns it
    assert [part.jpeg for part in result.sight.parts] == [sent]


def test_a_large_picture_is_sent_no_larger_than_the_model_sees_it(extractor, standin):
    read(extractor, photo_of(1500, 2000))
    assert Image.open(io.BytesIO(standin.requests[0].picture)).size == (768, 1024)


def test_a_model_that_looks_at_everything_is_shown_everything(extractor, standin):
    read(extractor, photo_of(1500, 2000), model="gpt-6-luna", detail="original", reasoning_effort="none")
    assert Image.open(io.BytesIO(standin.requests[0].picture)).size == (1500, 2000)


def photo_of(width, height):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "JPEG")
    return open_photo(out.getvalue(), "ledger/white.jpg")


def test_the_probabilities_of_the_tokens_are_asked_for_and_kept(extractor, standin, photo):
    result = read(extractor, photo)
    assert standin.requests[0].body["top_logprobs"] == 5
    choice = json.loads(result.raw_answer)["choices"][0]
    written = b"".join(bytes(token["bytes"]) for token in choice["logprobs"]["content"])
    assert written.decode() == choice["message"]["content"]


def test_the_raw_answer_is_the_whole_response_without_the_picture(extractor, photo):
    body = json.loads(read(extractor, photo).raw_answer)
    assert json.loads(body["choices"][0]["message"]["content"])["total_amount"] == SAMPLE["total_amount"]
    assert body["model"] == "gpt-4o-2024-08-06"
    assert "base64" not in json.dumps(body)


def test_tokens_and_cost_are_counted(extractor, standin, photo):
    usage = {
        "prompt_tokens": 2000,
        "completion_tokens": 300,
        "total_tokens": 2300,
        "prompt_tokens_details": {"cached_tokens": 1024},
    }
    reply = {"model": "gpt-4o", "choices": [{"message": {"content": json.dumps(SAMPLE)}}], "usage": usage}
    standin.then(Raw(json.dumps(reply)))
    # 976 x 2.50 + 1024 x 1.25 + 300 x 10 millionths of a dollar
    assert read(extractor, photo).usage == Usage(2000, 300, 1024, 6720)


def test_a_service_that_counts_nothing_can_still_be_read(extractor, standin, photo):
    standin.then(Raw(json.dumps({"choices": [{"message": {"content": json.dumps(SAMPLE)}}]})))
    result = read(extractor, photo)
    assert result.usage == Usage()
    assert result.receipt.total_amount == SAMPLE["total_amount"]


def test_a_slip_of_the_model_is_a_reading_like_any_other(extractor, standin, photo):
    standin.then(Misread({"감자": "검자"}))
    assert read(extractor, photo).receipt.items[0].name == "검자 간식"


def test_a_value_that_cannot_be_used_costs_its_field_alone(extractor, standin, photo):
    standin.answer = {**SAMPLE, "total_amount": "12a34"}
    result = read(extractor, photo)
    assert result.receipt.total_amount is None
    assert len(result.receipt.items) == 2
    assert result.problems == (FieldProblem("total_amount", "12a34", Note(NOT_WHOLE)),)


def test_a_reading_says_which_prompt_it_used(make_extractor, standin, photo):
    other = PromptVersion("trial", "영수증을 읽으세요.", "abc123" * 10)
    extractor = make_extractor(prompt=other)
    result = read(extractor, photo, prompt_version=None)
    assert result.settings.prompt_version == "trial@abc123abc123"
    assert standin.requests[0].body["messages"][0]["content"] == "영수증을 읽으세요."


def test_another_prompt_at_hand_can_be_asked_for(make_extractor, standin, photo):
    extractor = make_extractor(prompt=PromptVersion("trial", "영수증을 읽으세요.", "abc123" * 10))
    result = read(extractor, photo, prompt_version=load().version)
    assert result.settings.prompt_version == load().version
    assert standin.requests[0].body["messages"][0]["content"] == load().text


def test_a_prompt_that_is_not_at_hand_is_never_replaced_by_another(extractor, standin, photo):
    error = failure(extractor, photo, prompt_version="receipt-v1@000000000000")
    assert isinstance(error, SettingRefused)
    assert "receipt-v1@000000000000" in str(error)
    assert standin.requests == []
