"""Pages of a listing that are not as S3 writes them: they are left to botocore."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.inbox.s3_pages import take_objects_apart

WHOLE = "<Size>1</Size><LastModified>2024-11-12T09:30:15.000Z</LastModified>"


HALVES = (
    "<Key>a</Key>",
    WHOLE.replace("<Size>1</Size>", ""),
    WHOLE.replace("1<", "one<"),
    WHOLE.replace("-11-", "-x-"),
)


@pytest.mark.parametrize("entry", HALVES)
def test_a_page_with_half_an_object_stays_as_it_is(entry: str) -> None:
    body = f"<ListBucketResult><Contents>{entry}</Contents></ListBucketResult>".encode()
    answer: dict[str, Any] = {"body": body}
    parsed: dict[str, Any] = {}

    take_objects_apart(answer, parsed)

    assert (answer, parsed) == ({"body": body}, {})
