"""Several readings out of one request: what is asked, what each answer becomes, and what is paid."""

import json
from dataclasses import replace

import pytest

from ledger.errors import (
    AnswerCutOff,
    AnswerFiltered,
    AnswerNotJson,
    AnswerRefused,
    KeyRefused,
    MissingKey,
    ModelServerError,
    RateLimited,
    RequestRefused,
    SettingRefused,
    WrongService,
)
from ledger.extraction.extractor import ExtractionResult, Usage
from ledger.receipt import to_contract
from tests.extraction.asking import read
from tests.openai_standin import HTML, SAMPLE, Compatible, Raw, Reader, StandIn, Status

CUT = '{"date":"2024-11-'
EVERYTHING = frozenset({"text", "json_object", "json_schema"})


def repeat(extractor, photo, times=3, **changes):
    return extractor.extract_repeatedly(photo, replace(extractor.default_settings, **changes), times)


def asked(server, name="n"):
    return [request.body.get(name) for request in server.requests]


def choice(content=None, finish="stop", refusal=None):
    return {"message": {"content": content, "refusal": refusal}, "finish_reason": finish}


def completion(*choices, prompt=1000, written=100, cached=0):
    details = {"cached_tokens": cached}
    usage = {"prompt_tokens": prompt, "completion_tokens": written, "prompt_tokens_details": details}
    return Raw(json.dumps({"model": "gpt-4o", "choices": list(choices), "usage": usage}))


def with_total(total):
    return choice(json.dumps(SAMPLE | {"total_amount": total}, ensure_ascii=False))


def sums(outcomes):
    used = [outcome.usage for outcome in outcomes]
    names = ("prompt_tokens", "completion_tokens", "cached_tokens", "cost_microusd")
    return Usage(*[sum(getattr(one, name) for one in used) for name in names])


def one_of(server, make_extractor):
    return make_extractor(model="우리-모델", base_url=server.url, api_key=server.key)


# ---- One request


def test_three_readings_are_one_request_with_one_picture(extractor, standin, photo):
    outcomes = repeat(extractor, photo)
    assert asked(standin) == [3]
    assert [to_contract(outcome.receipt) for outcome in outcomes] == [SAMPLE] * 3
    assert len({outcome.request_id for outcome in outcomes}) == 1
    assert [outcome.shared for outcome in outcomes] == [3] * 3
    assert extractor.shares_requests(extractor.default_settings)


def test_one_reading_asks_like_any_other(extractor, standin, photo):
    (outcome,) = repeat(extractor, photo, times=1)
    alone = read(extractor, photo)
    assert standin.requests[0].body == standin.requests[1].body
    assert "n" not in standin.requests[0].body
    assert (outcome.receipt, outcome.shared) == (alone.receipt, 1)


def test_each_answer_is_drawn_by_itself_and_says_how_sure_it_was(make_extractor, photo):
    torn = Reader(torn_receipts=1, torn_syllables=0.5, seed=3)
    with StandIn(SAMPLE, reader=torn) as server:
        outcomes = repeat(make_extractor(base_url=server.url, api_key=server.key), photo, times=5, temperature=1.0)
    assert len({outcome.receipt.location for outcome in outcomes}) > 1
    assert len({outcome.likelihoods["location"] for outcome in outcomes}) > 1


def test_the_answers_stand_in_the_order_in_which_they_came(extractor, standin, photo):
    standin.then(completion(*[with_total(total) for total in (1, 2, 3)]))
    outcomes = repeat(extractor, photo)
    assert [outcome.receipt.total_amount for outcome in outcomes] == [1, 2, 3]
    for outcome in outcomes:
        (answer,) = json.loads(outcome.raw_answer)["choices"]
        assert json.loads(answer["message"]["content"])["total_amount"] == outcome.receipt.total_amount
        assert SAMPLE["location"] in answer["message"]["content"]
        assert "\\u" not in outcome.raw_answer


def test_what_the_service_counted_is_parted_to_the_last_token(extractor, standin, photo):
    standin.then(completion(*[with_total(total) for total in (1, 2, 3)], prompt=1000, written=301, cached=128))
    outcomes = repeat(extractor, photo)
    # 872 x 2.50 + 128 x 1.25 + 301 x 10 millionths of a dollar
    assert sums(outcomes) == Usage(1000, 301, 128, 5350)
    assert [outcome.usage.prompt_tokens for outcome in outcomes] == [334, 333, 333]
    assert [outcome.usage.cost_microusd for outcome in outcomes] == [1784, 1783, 1783]


def test_three_readings_of_one_request_cost_less_than_three_requests(extractor, photo):
    together, alone = sums(repeat(extractor, photo)), read(extractor, photo).usage
    assert together.prompt_tokens == alone.prompt_tokens
    assert together.completion_tokens == 3 * alone.completion_tokens


def test_a_request_asks_for_at_most_as_many_as_the_interface_allows(extractor, standin, photo):
    outcomes = repeat(extractor, photo, times=130)
    assert asked(standin) == [128, None, None]
    assert len(outcomes) == 130
    assert extractor.shares_requests(extractor.default_settings)


# ---- Each answer goes its own way


def test_an_answer_that_is_cut_off_is_asked_for_again_alone(extractor, standin, photo):
    standin.then(completion(with_total(1), choice(CUT, "length"), with_total(3), written=300))
    outcomes = repeat(extractor, photo, max_completion_tokens=1000)
    assert (asked(standin), asked(standin, "max_completion_tokens")) == ([3, None], [1000, 2000])
    assert [to_contract(outcome.receipt)["total_amount"] for outcome in outcomes] == [1, SAMPLE["total_amount"], 3]
    assert [outcome.settings.max_completion_tokens for outcome in outcomes] == [1000, 2000, 1000]
    assert outcomes[1].usage.prompt_tokens > outcomes[2].usage.prompt_tokens == 333


@pytest.mark.parametrize(
    ("bad", "error", "said"),
    [
        (choice(refusal="No."), AnswerRefused, "No."),
        (choice("", "content_filter"), AnswerFiltered, "filter"),
        (choice("네!"), AnswerNotJson, "JSON"),
    ],
)
def test_one_bad_answer_is_the_error_of_its_repetition_alone(extractor, standin, photo, bad, error, said):
    standin.then(completion(with_total(1), bad, written=201))
    good, failed = repeat(extractor, photo, times=2)
    assert isinstance(good, ExtractionResult)
    assert type(failed) is error
    assert said in str(failed)
    assert json.loads(failed.raw_answer)["choices"] == [bad]
    assert (failed.request_id, failed.shared) == (good.request_id, 2)
    assert sums([good, failed]) == Usage(1000, 201, 0, 4510)
    assert len(standin.requests) == 1


def test_where_it_was_cut_off_is_not_guessed_from_what_all_answers_used(extractor, standin, photo):
    standin.then(completion(with_total(1), choice(CUT, "length"), written=9000))
    _, failed = repeat(extractor, photo, times=2, max_completion_tokens=None)
    assert type(failed) is AnswerCutOff
    assert "9000" not in str(failed)


# ---- A request that fails


@pytest.mark.parametrize(
    ("outcome", "error"),
    [(Status(429), RateLimited), (Status(500), ModelServerError), (Status(401), KeyRefused), (HTML, WrongService)],
)
def test_a_request_that_fails_is_the_error_of_all_that_it_was_for(extractor, standin, photo, outcome, error):
    standin.then(outcome)
    outcomes = repeat(extractor, photo)
    assert [type(one) for one in outcomes] == [error] * 3
    assert {one.request_id for one in outcomes} == {outcomes[0].request_id}
    assert [(one.usage, one.shared) for one in outcomes] == [(None, 3)] * 3
    assert outcomes[0].raw_answer
    assert len(standin.requests) == 1


def test_a_refusal_of_something_else_is_not_answered_by_asking_one_by_one_at_openais(extractor, standin, photo):
    standin.then(Status(400, "Invalid schema for response_format 'receipt'.", param="response_format"))
    assert [type(one) for one in repeat(extractor, photo)] == [RequestRefused] * 3
    assert len(standin.requests) == 1
    assert extractor.shares_requests(extractor.default_settings)


def test_what_keeps_it_from_asking_at_all_is_the_error_of_each(make_extractor, standin, photo):
    assert [type(one) for one in repeat(make_extractor(api_key=" "), photo, times=2)] == [MissingKey] * 2
    assert [type(one) for one in repeat(make_extractor(), photo, 2, detail="tiny")] == [SettingRefused] * 2
    assert standin.requests == []


# ---- Models and servers that give one answer at a time


def test_models_that_reason_are_asked_one_by_one(make_extractor, standin, photo):
    extractor = make_extractor(model="gpt-6-luna")
    outcomes = repeat(extractor, photo, times=2)
    assert asked(standin) == [None, None]
    assert [outcome.shared for outcome in outcomes] == [1, 1]
    assert not extractor.shares_requests(extractor.default_settings)


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4o-2024-11-20", "gpt-4.1-mini"])
def test_the_family_of_gpt_4o_is_asked_once(make_extractor, standin, photo, model):
    repeat(make_extractor(model=model), photo, times=2)
    assert asked(standin) == [2]


def test_openai_that_refuses_several_is_asked_one_by_one_from_then_on(extractor, standin, photo):
    standin.then(Status(400, "Unsupported parameter: 'n'.", "unsupported_parameter", param="n"))
    outcomes = [*repeat(extractor, photo, times=2), *repeat(extractor, photo, times=2)]
    assert asked(standin) == [2, None, None, None, None]
    assert all(isinstance(outcome, ExtractionResult) for outcome in outcomes)
    assert not extractor.shares_requests(extractor.default_settings)


def test_a_server_that_gives_several_is_asked_once(make_extractor, photo):
    with StandIn(compatible=Compatible(formats=EVERYTHING, most_choices=None)) as server:
        outcomes = repeat(one_of(server, make_extractor), photo)
        assert asked(server) == [3]
    assert [outcome.shared for outcome in outcomes] == [3] * 3
    assert [outcome.request_id for outcome in outcomes] == [None] * 3


def test_a_server_that_overlooks_the_wish_is_asked_for_the_missing_ones_and_then_one_by_one(make_extractor, photo):
    with StandIn(compatible=Compatible(formats=EVERYTHING)) as server:
        extractor = one_of(server, make_extractor)
        assert extractor.shares_requests(extractor.default_settings)
        outcomes = repeat(extractor, photo)
        assert asked(server) == [3, None, None]
        assert not extractor.shares_requests(extractor.default_settings)
        outcomes += repeat(extractor, photo, times=2)
        assert asked(server)[3:] == [None, None]
    assert [(to_contract(outcome.receipt), outcome.shared) for outcome in outcomes] == [(SAMPLE, 1)] * 5


def test_a_server_that_refuses_the_wish_is_asked_one_by_one(make_extractor, photo):
    with StandIn(compatible=Compatible(formats=EVERYTHING, refuses=frozenset({"n"}))) as server:
        extractor = one_of(server, make_extractor)
        outcomes = [*repeat(extractor, photo, times=2), *repeat(extractor, photo, times=2)]
        assert asked(server) == [2, None, None, None, None]
    assert [(to_contract(outcome.receipt), outcome.shared) for outcome in outcomes] == [(SAMPLE, 1)] * 4


def test_a_server_that_refuses_everything_today_is_asked_for_several_tomorrow(make_extractor, photo):
    with StandIn(compatible=Compatible(formats=EVERYTHING, most_choices=None)) as server:
        extractor = one_of(server, make_extractor)
        server.then(*[Status(400, "Not now.")] * 3)
        assert [type(one) for one in repeat(extractor, photo, times=2)] == [RequestRefused] * 2
        repeat(extractor, photo, times=2)
        assert asked(server) == [2, None, None, 2]


def test_a_step_down_the_ladder_is_made_once_for_all_answers(make_extractor, photo):
    with StandIn(compatible=Compatible(most_choices=None)) as server:
        outcomes = repeat(one_of(server, make_extractor), photo, times=2)
        assert asked(server) == [2, 2]
    assert {outcome.settings.answer_format for outcome in outcomes} == {"json_object"}
    assert [len(outcome.notes) for outcome in outcomes] == [1, 1]
