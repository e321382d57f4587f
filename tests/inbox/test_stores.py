"""Which store a URL opens, and what is said of settings that open none."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

from ledger.errors import ConfigurationError, LedgerError
from ledger.inbox.stores import open_store


def test_a_folder_is_opened_by_path_or_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "내 영수증 #1"

    urls = [str(place), place.as_uri(), f"file://localhost{quote(str(place))}", "내 영수증 #1", f"{place}/"]

    assert {open_store(url).name for url in urls} == {str(place)}


@pytest.mark.parametrize("endpoint", ["127.0.0.1:9000", "minio"])
def test_an_endpoint_without_a_scheme_is_refused(endpoint: str) -> None:
    with pytest.raises(ConfigurationError, match="LEDGER_S3_ENDPOINT"):
        open_store("s3://some-bucket/", endpoint=endpoint)


def test_a_region_that_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="LEDGER_S3_REGION"):
        open_store("s3://some-bucket/", region="서울")


@pytest.mark.parametrize(("name", "value"), [("AWS_ACCESS_KEY_ID", "half a pair"), ("AWS_PROFILE", "nobody")])
def test_settings_of_aws_that_cannot_be_used_are_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigurationError, match="AWS_"):
        open_store("s3://some-bucket/")


@pytest.mark.parametrize("url", ["file://server/share", "file://", "s3://Bucket_1/", "s3://b/", "ftp://host/folder"])
def test_a_url_that_is_no_store_is_refused(url: str) -> None:
    with pytest.raises(LedgerError, match="LEDGER_STORE_URL"):
        open_store(url)
