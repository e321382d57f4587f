"""The review form by itself: keys, numbers, rows, panels. Quick, because nothing of the desk runs behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.form_alone import FormAlone, document, item


@pytest.fixture(scope="module")
def form(browser: Browser) -> Iterator[FormAlone]:
    """One page for all tests of the file; each fills it anew with `load`s of its own."""
    context = browser.new_context(locale="ko-KR", timezone_id="Asia/Seoul")
    context.set_default_timeout(5_000)
    yield FormAlone.on(context.new_page())
    context.close()


THREE = document(item("감자"), item("양파", price="2000"), item("우유", price="3000"), total="6000")

OFFER_TWO = """() => {
    const offer = (label) => ({ label, apply: () => taken.push(label) });
    window.taken = [];
    window.shown = {};
    const source = (name, ...labels) => ({
        list: () => labels.map(offer),
        show: (form, chips) => (shown[name] = chips.map((chip) => chip.textContent)),
    });
    theForm().offering = [source("field", "a", "b"), source("sum", "c")];
    showOffers(theForm());
}"""


def test_offers_are_numbered_on_from_source_to_source_and_taken_by_their_numbers(form: FormAlone) -> None:
    form.show(THREE, load="offers")
    form.page.evaluate(OFFER_TWO)
    form.press("Alt+3", "Alt+1", "Alt+4")
    assert form.page.evaluate("shown") == {"field": ["Alt+1a", "Alt+2b"], "sum": ["Alt+3c"]}
    assert form.page.evaluate("taken") == ["c", "a"]
    form.page.evaluate("theForm().offering = []")
