"""The list of receipts by itself: what is asked of the page, and what stands in its filters meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ledger.ui.components import receipt_list
from tests.browser.alone import page_of
from tests.browser.conftest import korean_tab

ADDRESS = "http://localhost/list-alone"
SCRIPT = """
const sent = [];
const setTriggerValue = (name, value) => sent.push(value);
const show = (data) => showReceiptList({ data, parentElement: root, setTriggerValue });
"""
PLACE = {"section": "", "order": "", "text": "", "since": "", "until": "", "model": "", "warned": False, "after": ""}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with korean_tab(browser, patience_ms=5_000) as tab:
        html = page_of(receipt_list, SCRIPT)
        tab.route(ADDRESS, lambda route: route.fulfill(body=html, content_type="text/html"))
        tab.goto(ADDRESS)
        yield tab


def show(page: Page, *, answered: str = "", following: str | None = None, **place: Any) -> None:
    """Tell the list what stands at this place."""
    none = {"sections": [], "orders": [], "models": [], "lines": [], "said": "", "empty": "", "labels": {}}
    pages = {"before": None, "next": following}
    data = {**none, "place": PLACE | place, "answered": answered, "pages": pages}
    page.evaluate("data => void show(data)", data)


def asked(page: Page, times: int) -> dict[str, Any]:
    """What was asked last, once it was asked so many times."""
    page.wait_for_function("times => sent.length >= times", arg=times)
    sent: list[dict[str, Any]] = page.evaluate("sent")
    assert len(sent) == times
    return sent[-1]


def test_a_search_stays_as_it_is_typed_and_is_cleared_at_once(page: Page) -> None:
    show(page)
    text, clear = page.locator(".list .text"), page.locator(".list .clear")
    text.fill("강남")
    search = asked(page, 1)
    assert search["place"] == PLACE | {"text": "강남"}
    text.fill("강남역")
    show(page, answered=search["id"], text="강남")  # an answer that comes while somebody types on
    assert text.input_value() == "강남역"
    assert asked(page, 2)["place"]["text"] == "강남역"

    clear.click()
    assert text.input_value() == ""
    assert asked(page, 3)["place"] == PLACE


def test_what_comes_by_the_address_stands_in_the_filters(page: Page) -> None:
    show(page)
    show(page, text="감자", warned=True)
    assert page.locator(".list .text").input_value() == "감자"
    assert page.locator(".list .warned").is_checked()


def test_only_a_page_that_is_there_is_turned_to(page: Page) -> None:
    show(page, following="20")
    page.evaluate("turn(lists.get(root), 'before')")  # as PageUp does
    page.locator(".list .next").click()
    assert asked(page, 1)["place"] == PLACE | {"after": "20"}
