"""Names of photos as people read them."""

from __future__ import annotations

import pytest

from ledger.inbox.object_store import photo_name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("ledger/e7a848fc-d793-4cc7-a90e-c7b2632906f2-멍멍마트 강남점.jpg", "멍멍마트 강남점.jpg"),
        ("ledger/E7A848FC-D793-4CC7-A90E-C7B2632906F2-a.jpg", "a.jpg"),
        ("ledger/1f0c-멍멍마트 #1+%20.jpg", "1f0c-멍멍마트 #1+%20.jpg"),
        ("photo.jpg", "photo.jpg"),
        ("ledger/e7a848fc-d793-4cc7-a90e-c7b2632906f2-", "e7a848fc-d793-4cc7-a90e-c7b2632906f2-"),
    ],
)
def test_a_photo_goes_by_its_own_name_without_the_uuid_before_it(key: str, name: str) -> None:
    assert photo_name(key) == name
