"""A task that is no reading: sent as the service takes it, its answer read, its failures named with what they cost."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.errors import (
    AnswerCutOff,
    AnswerEmpty,
    AnswerNotJson,
    AnswerRefused,
    ExtractionError,
    MissingKey,
    ModelServerError,
)
from ledger.extraction.openai_extractor import OpenAIExtractor
from ledger.extraction.writing import Task
from ledger.tuning.edits import SCHEMA
from tests.openai_standin import EMPTY, NOT_JSON, Compatible, Length, Refusal, StandIn, Status
from tests.openai_standin.outcomes import Outcome

LINE = '{"kind": "syllable", "printed": "감", "read": "검", "corrections": 3, "receipts": 3}'
TASK = Task(
    "prompt_edits",
    SCHEMA,
    "고칠 곳을 적습니다.",
    f"<prompt>\n읽습니다.\n</prompt>\n\n<corrections>\n{LINE}\n</corrections>",
)


def asked(extractor: OpenAIExtractor) -> Any:
    return extractor.write(TASK, extractor.default_settings)


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-5.4-mini", "gpt-6-luna", "gpt-6-astra"])
def test_each_model_is_asked_for_what_it_takes(make_extractor, standin: StandIn, model: str) -> None:
    answered = asked(make_extractor(model=model))

    assert "`감` / `검`" in answered.document["edits"][0]["replace"]
    assert answered.usage.cost_microusd > 0
    assert answered.model.startswith(model)
    body = standin.requests[-1].body
    assert (body["store"], body["response_format"]["json_schema"]["strict"]) == (False, True)
    assert not {"n", "logprobs", "prompt_cache_key"} & body.keys()


def test_a_server_without_schemas_is_told_the_schema_in_words_and_heard_in_its_chatter(make_extractor) -> None:
    for formats in (frozenset({"text", "json_object"}), frozenset({"text"})):
        with StandIn(compatible=Compatible(formats=formats)) as other:
            answered = asked(make_extractor(base_url=other.url, api_key=other.key))
            body = other.requests[-1].body

        assert "`감` / `검`" in answered.document["edits"][0]["replace"]
        assert json.dumps(SCHEMA, ensure_ascii=False) in body["messages"][0]["content"]
        assert "store" not in body


def test_a_cut_answer_is_asked_for_again_with_double_room(make_extractor, standin: StandIn) -> None:
    standin.then(Length())

    answered = asked(make_extractor())

    first, second = (request.body["max_completion_tokens"] for request in standin.requests)
    assert (answered.document["edits"] != [], second) == (True, 2 * first)


@pytest.mark.parametrize(
    ("outcomes", "error"),
    [
        ([Refusal()], AnswerRefused),
        ([EMPTY], AnswerEmpty),
        ([NOT_JSON], AnswerNotJson),
        ([Length(), Length()], AnswerCutOff),
    ],
)
def test_an_answer_that_cannot_be_used_is_named_and_its_tokens_counted(
    make_extractor, standin: StandIn, outcomes: list[Outcome], error: type[ExtractionError]
) -> None:
    standin.then(*outcomes)

    with pytest.raises(error) as raised:
        asked(make_extractor())

    assert raised.value.usage.cost_microusd > 0
    assert json.loads(raised.value.raw_answer)["choices"]


def test_an_outage_and_a_missing_key_are_named(make_extractor, standin: StandIn, monkeypatch) -> None:
    standin.then(Status(503))
    with pytest.raises(ModelServerError):
        asked(make_extractor())
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(MissingKey):
        asked(make_extractor(api_key=None))


def test_an_outage_is_tried_again_as_for_a_reading(make_extractor, standin: StandIn) -> None:
    standin.then(Status(503))

    assert asked(make_extractor(max_retries=1)).document["edits"]
