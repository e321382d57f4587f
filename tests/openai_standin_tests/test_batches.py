"""Batches at the stand-in, asked by the client's own library: what is taken, how they end, what comes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openai import BadRequestError, NotFoundError, OpenAI
from openai.types import Batch

from tests.openai_standin import StandIn
from tests.openai_standin_tests.asking import request


@pytest.fixture
def client(standin: StandIn) -> Iterator[OpenAI]:
    with OpenAI(api_key=standin.key, base_url=standin.url, max_retries=0) as client:
        yield client


def line(custom_id: str = "one", **changes: Any) -> dict[str, Any]:
    return {"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": request()} | changes


def begun(client: OpenAI, *lines: dict[str, Any]) -> Batch:
    data = "".join(json.dumps(each) + "\n" for each in lines).encode()
    file = client.files.create(file=("lines.jsonl", data), purpose="batch")
    return client.batches.create(
        input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h", metadata={"a": "b"}
    )


def told(client: OpenAI, file_id: str | None) -> dict[str, Any]:
    assert file_id is not None
    lines = client.files.content(file_id).text.splitlines()
    return {each["custom_id"]: each for each in map(json.loads, lines)}


def test_requests_are_answered_in_another_order_and_refused_ones_lie_in_a_file_of_their_own(
    standin: StandIn, client: OpenAI
) -> None:
    batch = begun(client, line("one"), line("two"), line("three", body=request(temperature=9)))
    assert client.batches.retrieve(batch.id).status == "validating"
    standin.batches.finish()

    ended = client.batches.retrieve(batch.id)

    counts = ended.request_counts
    assert counts is not None
    assert (ended.status, counts.total, counts.completed, counts.failed) == ("completed", 3, 2, 1)
    answers = told(client, ended.output_file_id)
    assert list(answers) == ["two", "one"]
    assert answers["one"]["response"]["body"]["choices"][0]["finish_reason"] == "stop"
    refused = told(client, ended.error_file_id)
    assert (refused["three"]["response"]["status_code"], refused["three"]["error"]) == (400, None)


def test_what_is_not_answered_in_a_day_has_expired(standin: StandIn, client: OpenAI) -> None:
    batch = begun(client, line("one"), line("two"))
    standin.batches.work(1)
    standin.batches.expire()

    ended = client.batches.retrieve(batch.id)

    assert ended.status == "expired"
    assert list(told(client, ended.output_file_id)) == ["two"]
    assert told(client, ended.error_file_id)["one"]["error"]["code"] == "batch_expired"


def test_a_cancelled_batch_answers_nothing_more(standin: StandIn, client: OpenAI) -> None:
    batch = begun(client, line("one"))
    standin.batches.work(0)

    assert client.batches.cancel(batch.id).status == "cancelling"

    ended = client.batches.retrieve(batch.id)
    assert (ended.status, ended.output_file_id) == ("cancelled", None)
    assert told(client, ended.error_file_id)["one"]["error"]["code"] == "batch_cancelled"


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (line("one"), "duplicate_custom_id"),
        (line("two", url="/v1/responses"), "invalid_url"),
        (line("two", method="GET"), "invalid_method"),
        (line("two", body=request(model="gpt-4o-mini")), "mismatched_model"),
        ({"custom_id": "two"}, "missing_required_parameter"),
    ],
)
def test_a_faulty_line_fails_the_whole(standin: StandIn, client: OpenAI, second: dict[str, Any], code: str) -> None:
    batch = begun(client, line("one"), second)
    standin.batches.work()

    ended = client.batches.retrieve(batch.id)

    assert ended.status == "failed"
    assert ended.errors is not None
    assert [(error.code, error.line) for error in ended.errors.data or ()] == [(code, 2)]


def test_what_is_no_batch_is_refused(standin: StandIn, client: OpenAI) -> None:
    with pytest.raises(BadRequestError):
        client.files.create(file=("x.jsonl", b"{}"), purpose="assistants")
    with pytest.raises(NotFoundError):
        client.batches.create(input_file_id="file-1", endpoint="/v1/chat/completions", completion_window="24h")


def test_files_are_deleted_and_batches_are_listed_the_newest_first(client: OpenAI) -> None:
    batches = [begun(client, line()) for _ in range(3)]
    client.files.delete(batches[0].input_file_id)

    with pytest.raises(NotFoundError):
        client.files.content(batches[0].input_file_id)
    listed = [batch.id for batch in client.batches.list(limit=2)]
    assert listed[:3] == [batch.id for batch in reversed(batches)]
