"""The log: one JSON object a line, with the id of its request, and nothing that is secret or anybody's own."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from ledger.errors import AddressRefused, LedgerError, NotAPicture, ObjectNotFound
from ledger.logs import JsonLines, hide, masked, request_id

NAME = "김보호자 영수증 1.jpg"
KEY = f"ledger/0b8e1a52-7c1d-4f6e-9a55-0f8c3c9f0a11-{NAME}"
ADDRESS = f"https://photos.s3.ap-northeast-2.amazonaws.com/{KEY}?X-Amz-Signature=abcdef0123456789"


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger, and what our handler writes of it."""
    out, log = io.StringIO(), logging.getLogger("tests.logs")
    handler = logging.StreamHandler(out)
    handler.addFilter(hide)
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    yield log, out
    log.removeHandler(handler)


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_says_when_where_and_for_which_request(written: tuple[logging.Logger, io.StringIO]) -> None:
    log, out = written
    token = request_id.set("abc-1")
    log.warning("two\nlines, %d", 2)
    request_id.reset(token)
    log.error("later")

    first, second = lines(out)
    assert first.pop("time").endswith("+00:00")
    assert first == {"level": "WARNING", "logger": "tests.logs", "message": "two\nlines, 2", "request_id": "abc-1"}
    assert second.keys() == {"time", "level", "logger", "message"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Incorrect API key provided: sk-proj-abc***xyz9.", "Incorrect API key provided: sk-…."),
        ("key lgr_Zk3-9xQ_abcdef0123456789 refused", "key lgr_… refused"),
        ("AKIAIOSFODNN7EXAMPLE is unknown", "AKIA… is unknown"),
        ("Authorization: Bearer eyJhbGciOi.J9x-_", "Authorization: Bearer …"),
        ("aws_secret_access_key='wJalrXUtnFEMI/K7'", "aws_secret_access_key='…'"),
        ("mysql+pymysql://ledger:s3cr3t@db:3306/ledger", "mysql+pymysql://ledger:…@db:3306/ledger"),
        ("GET /photos/12?v=e-0&s=abc.def failed", "GET /photos/12?v=…&s=… failed"),
        ("card 1234-5678-9012-3456 and 1234 56** **** 3456", "card … and …"),
        ("call 010-1234-5678 or kim@example.com", "call … or …"),
        ("ledger/영수증.JPG: cut off, then 'my receipt 2.heic'", "ledger/….JPG: cut off, then '….heic'"),
        ("INSERT … [parameters: {'location': '하남시'}]", "INSERT … [parameters: …]"),
        ("[type=x, input_value='하남시', input_type=str]", "[type=x, input_value=…, input_type=str]"),
    ],
)
def test_what_is_secret_or_anybodys_own_is_left_out(text: str, left: str) -> None:
    assert masked(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "receipt 12 was read, and what comes after a reading failed: it waits for people",
        "the reading of receipt 1234567 (req_011CUQ5abcdef) is not stored yet: 120 seconds left",
        "2026-11-23 15:41:08,123 total 1,234,567 in s3://my-bucket/ledger/",
    ],
)
def test_what_helps_to_find_a_fault_is_left_in(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    "error", [ObjectNotFound(key=KEY), NotAPicture(name="김보호자 1"), AddressRefused(address=ADDRESS, why="no")]
)
def test_photos_and_addresses_in_our_errors_are_left_out_whole(
    written: tuple[logging.Logger, io.StringIO], error: LedgerError
) -> None:
    log, out = written
    log.warning("a photo could not be read: %s", error)
    try:
        raise error
    except LedgerError:
        log.exception("looking at %s failed", NAME)

    told, caught = lines(out)
    assert "김보호자" not in out.getvalue()
    assert "abcdef" not in out.getvalue()
    assert told["message"].startswith("a photo could not be read: The ") or "…: this is" in told["message"]
    assert caught["message"] == "looking at ….jpg failed"
    assert f"{type(error).__name__}: " in caught["exception"]


def test_a_slip_in_a_line_breaks_nothing_off(written: tuple[logging.Logger, io.StringIO]) -> None:
    log, out = written
    log.warning("%d photos", "two")
    log.warning("%s and %s", "one")
    log.warning("100 %")

    assert [line["message"] for line in lines(out)] == ["%d photos", "%s and %s", "100 %"]


def test_a_long_text_is_gone_through_once() -> None:
    bytes_of_a_picture = "QUJD" * 100_000  # tried from each of its signs, this would take longer than a test may

    assert masked(bytes_of_a_picture) == bytes_of_a_picture


def test_an_error_that_came_of_another_one_names_neithers_photo(written: tuple[logging.Logger, io.StringIO]) -> None:
    log, out = written
    try:
        try:
            raise ObjectNotFound(key="ledger/김보호자")
        except LedgerError as first:
            raise RuntimeError("the reading broke off") from first
    except RuntimeError:
        log.error("a defect", exc_info=sys.exc_info())

    assert "김보호자" not in out.getvalue()
    assert "RuntimeError: the reading broke off" in lines(out)[0]["exception"]
