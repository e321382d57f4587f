"""What a bucket tells of new photos: messages as S3 sends them, passed on by SNS, or as EventBridge has them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import unquote_plus

from ledger.inbox.object_store import StoredObject


class NotUnderstood(ValueError):
    """A message of another form."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One photo that was put into a bucket."""

    address: str
    """`s3://bucket/key`, as stores are named."""
    key: str
    found: StoredObject | None
    """As a listing would tell of it; None where the message leaves something out."""


_WRONG: Final = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
"""What comes of reading a message of another form, be it of numbers without end or of brackets in brackets."""


def arrivals_in(body: str) -> list[Arrival]:
    """The photos that a message tells of; none where it tells of something else. Raises NotUnderstood."""
    try:
        told = json.loads(body)
        if told.get("Type") == "Notification" and "TopicArn" in told:
            told = json.loads(told["Message"])
        return _arrivals(told)
    except _WRONG as exc:
        # Without the text: names of photos may be anybody's.
        raise NotUnderstood(type(exc).__name__) from None


def _arrivals(told: dict[str, Any]) -> list[Arrival]:
    if told.get("Event") == "s3:TestEvent":  # sent once, when a bucket is told of its queue
        return []
    if told.get("source") == "aws.s3":
        return [_of_eventbridge(told)] if told["detail-type"] == "Object Created" else []
    # Some servers write "s3:" in front, as it stands in their settings.
    created = [r for r in told["Records"] if r["eventName"].removeprefix("s3:").startswith("ObjectCreated:")]
    return [_of_s3(record) for record in created]


def _of_s3(record: dict[str, Any]) -> Arrival:
    photo = record["s3"]["object"]
    # S3 encodes keys here as a browser encodes a form.
    key = unquote_plus(photo["key"], errors="strict")
    return _arrival(record["s3"]["bucket"]["name"], key, photo.get("eTag"), photo.get("size"), record["eventTime"])


def _of_eventbridge(told: dict[str, Any]) -> Arrival:
    photo = told["detail"]["object"]  # whose key is written as it is
    return _arrival(told["detail"]["bucket"]["name"], photo["key"], photo.get("etag"), photo.get("size"), told["time"])


def _arrival(bucket: str, key: Any, etag: str | None, size: int | None, time: str) -> Arrival:
    if not isinstance(key, str):
        raise TypeError("a name that is no text")
    found = None
    if etag and size is not None:
        moment = datetime.fromisoformat(time)
        if moment.tzinfo is None:
            raise ValueError("a time without its zone")
        found = StoredObject(key, etag.strip('"'), int(size), moment.astimezone(UTC))
    return Arrival(f"s3://{bucket}/{key}", key, found)
