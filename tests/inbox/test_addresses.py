from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import AddressRefused
from ledger.inbox.addresses import key_at

STORE = "s3://photos.example/ledger/"
HOST = "https://photos.example.s3.ap-northeast-2.amazonaws.com"


@pytest.mark.parametrize(
    "key",
    [
        "ledger/3f2b-receipt.jpg",
        "ledger/3f2b-\u00ec\u0098\u0081\u00ec\u0088\u0098\u00ec\u00a6\u009d.jpg",  # 영수증, its UTF-8 taken for Latin-1
        "ledger/a#1 b?c=d%20+&;.jpg",
        "ledger//double.jpg",
        "ledger/who@where.jpg",
        "ledger/https://elsewhere.example/x.jpg",
    ],
)
def test_the_key_is_the_text_after_the_host_as_it_is(key: str) -> None:
    assert key_at(f"{HOST}/{key}", STORE) == key


@given(st.text(min_size=1).filter(lambda name: not name.endswith("/")))
def test_whatever_stands_there_is_the_key(name: str) -> None:
    assert key_at(f"{HOST}/ledger/{name}", STORE) == f"ledger/{name}"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ledger/a.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "https://other.s3.ap-northeast-2.amazonaws.com/ledger/a.jpg",
        "https://evil.photos.example.s3.ap-northeast-2.amazonaws.com/ledger/a.jpg",
        "https://photosxexample.s3.ap-northeast-2.amazonaws.com/ledger/a.jpg",
        f"{HOST}.evil.example/ledger/a.jpg",
        f"{HOST}@evil.example/ledger/a.jpg",
        f"{HOST}:8080/ledger/a.jpg",
        f"https://evil.example@{HOST.removeprefix('https://')}/ledger/a.jpg",
        f"https://evil.example/?{HOST}/ledger/a.jpg",
        f"{HOST}\n/ledger/a.jpg",
        f" {HOST}/ledger/a.jpg",
        f"{HOST}/ledger-old/a.jpg",
        f"{HOST}/other/a.jpg",
        f"{HOST}/",
        f"{HOST}/ledger/",
        f"{HOST}/ledger/2026/",
        f"http://{HOST.removeprefix('https://')}/ledger/a.jpg",
    ],
)
def test_every_other_address_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused, match="only photos of"):
        key_at(address, STORE)


def test_a_folder_has_no_addresses() -> None:
    with pytest.raises(AddressRefused, match="lie in a folder"):
        key_at(f"{HOST}/ledger/a.jpg", "/var/photos")
