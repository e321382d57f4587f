"""What a bucket tells of new photos, in each form in which it reaches a queue."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from ledger.inbox.events import NotUnderstood, arrivals_in
from ledger.inbox.object_store import StoredObject

TIME = "2026-11-23T08:30:00.123Z"
MOMENT = dt.datetime(2026, 11, 23, 8, 30, 0, 123_000, dt.UTC)


def record(key: str = "ledger/a.jpg", name: str = "ObjectCreated:Put", **photo: Any) -> dict[str, Any]:
    """One record as S3 sends it; its key encoded as a form is."""
    told = {"key": key, "size": 7, "eTag": "e1", "sequencer": "0055AED6DCD90281E5"} | photo
    where = {"s3SchemaVersion": "1.0", "bucket": {"name": "photos"}, "object": told}
    return {"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": name, "eventTime": TIME, "s3": where}


def s3(*records: dict[str, Any]) -> str:
    return json.dumps({"Records": records})


def test_a_message_of_s3_tells_what_a_listing_would() -> None:
    [arrival] = arrivals_in(s3(record()))

    assert arrival.address == "s3://photos/ledger/a.jpg"
    assert arrival.found == StoredObject("ledger/a.jpg", "e1", 7, MOMENT)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("ledger/a+b.jpg", "ledger/a b.jpg"),
        ("ledger/a%2Bb.jpg", "ledger/a+b.jpg"),
        ("ledger/100%2520.jpg", "ledger/100%20.jpg"),
        ("ledger/%EC%98%81%EC%88%98%EC%A6%9D%231.jpg", "ledger/영수증#1.jpg"),
    ],
)
def test_names_come_encoded_as_a_form_is(written: str, key: str) -> None:
    assert [arrival.key for arrival in arrivals_in(s3(record(written)))] == [key]


def test_a_message_may_come_through_sns() -> None:
    passed_on = {"Type": "Notification", "TopicArn": "arn:aws:sns:x:1:t", "Message": s3(record(), record("ledger/b"))}

    assert [arrival.key for arrival in arrivals_in(json.dumps(passed_on))] == ["ledger/a.jpg", "ledger/b"]


def test_eventbridge_writes_names_as_they_are() -> None:
    detail = {"bucket": {"name": "photos"}, "object": {"key": "ledger/1+1 %20.jpg", "size": 7, "etag": "e1"}}
    told = {"source": "aws.s3", "detail-type": "Object Created", "time": "2026-11-23T08:30:00Z", "detail": detail}

    [arrival] = arrivals_in(json.dumps(told))

    assert arrival.found == StoredObject("ledger/1+1 %20.jpg", "e1", 7, MOMENT.replace(microsecond=0))
    assert arrivals_in(json.dumps(told | {"detail-type": "Object Deleted"})) == []


def test_what_is_no_new_photo_is_understood_and_nothing() -> None:
    test = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": TIME, "Bucket": "photos"}

    assert arrivals_in(json.dumps(test)) == []
    assert arrivals_in(s3(record(name="ObjectRemoved:Delete"), record(name="ObjectTagging:Put"))) == []
    assert len(arrivals_in(s3(record(name="s3:ObjectCreated:CompleteMultipartUpload")))) == 1


@pytest.mark.parametrize("missing", [{"eTag": None}, {"size": None}])
def test_a_message_that_leaves_something_out_still_names_its_photo(missing: dict[str, Any]) -> None:
    [arrival] = arrivals_in(s3(record(**missing)))

    assert (arrival.key, arrival.found) == ("ledger/a.jpg", None)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "감자",
        "[]",
        "7",
        "null",
        "{}",
        '{"Records": 7}',
        '{"Records": [{}]}',
        s3(record("%FF")),
        s3(record(size="?")),
        s3(record(size=float("inf"))),
        "[" * 100_000,
        json.dumps({"source": "aws.s3", "detail-type": "Object Created", "time": "2026-11-23T08:30:00Z"})[:-1]
        + ', "detail": {"bucket": {"name": "photos"}, "object": {"key": 7}}}',
    ],
)
def test_a_message_of_another_form_is_not_understood(body: str) -> None:
    with pytest.raises(NotUnderstood):
        arrivals_in(body)
