"""The browser of these tests is a Korean operator's, and reaches nothing but this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from tests import servers
from tests.browser.conftest import korean_tab


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    with korean_tab(browser) as tab:
        yield tab


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_browser_is_korean_and_reaches_only_this_machine(tab: Page, tmp_path: Path, host: str) -> None:
    (tmp_path / "index.html").write_text("<meta charset=utf-8><title>영수증</title>", encoding="utf-8")
    port = servers.free_port()
    cmd = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    with servers.process(cmd, log=tmp_path / "log", url=f"http://127.0.0.1:{port}/"):
        tab.goto(f"http://{host}:{port}/")

    assert tab.title() == "영수증"
    assert tab.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]") == [
        "ko-KR",
        "Asia/Seoul",
    ]
    for outside in ("http://192.0.2.1/", "http://example.com/"):
        with pytest.raises(PlaywrightError, match="ERR_NAME_NOT_RESOLVED"):
            tab.goto(outside)
