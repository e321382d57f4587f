"""The review form by itself where there is little room: what of it stays in sight, and what makes way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.form_alone import FormAlone, document, item

PLACE = "충남 천안시 서북구 들꽃로 000, 푸른들 식자재마트"
LONG = document(*(item(f"간식 {number}") for number in range(12)), total="13000") | {"location": PLACE}
OTHERS = [PLACE.replace("식자재", other) for other in ("식저재", "식지재", "식차재", "식재재")]
TOLD = {
    "suggestions": {"location": [{"value": other, "why": "why"} for other in OTHERS]},
    "doubts": {"location": [f"Other reading: {OTHERS[0]}"]},
    "override_reasons": [
        {"value": "as_printed", "label": "As printed on the receipt"},
        {"value": "not_listed", "label": "A discount or a tax is not among the items"},
        {"value": "other", "label": "Other"},
    ],
}
ROWS = """() => {
    const box = (selector) => root.querySelector(`.form ${selector}`).getBoundingClientRect();
    const [top, bottom] = [box("thead").bottom, Math.min(box(".foot").top, box(".items").bottom)];
    const rows = [...root.querySelectorAll("tbody tr:first-child")].map((row) => row.getBoundingClientRect());
    return rows.filter((row) => row.top >= top - 1 && row.bottom <= bottom + 1).length;
}"""
IN_SIGHT = """(chips) => chips.every((chip) => {
    const [inner, outer] = [chip, chip.parentElement].map((each) => each.getBoundingClientRect());
    return inner.left >= outer.left && inner.right <= outer.right + 1;
})"""


@pytest.fixture
def laptop(browser: Browser) -> Iterator[FormAlone]:
    """The form where it stands on a laptop's screen: beside the photo, below two lines of the page."""
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    form = FormAlone.on(context.new_page())
    form.page.evaluate('host.style = "width: 600px; margin-top: 140px; --st-font: sans-serif"')
    yield form
    context.close()


def test_on_a_laptop_six_rows_stay_in_sight_beside_the_suggestions_for_a_field(laptop: FormAlone) -> None:
    laptop.show(LONG, load="chips", **TOLD)
    laptop.field("location").focus()
    chips = laptop.page.locator(".form .suggested .chip")
    assert chips.count() == 4
    assert chips.evaluate_all(IN_SIGHT)
    assert laptop.page.locator(".form .balance .chip").count() > 0
    assert laptop.page.evaluate(ROWS) >= 6


def test_on_a_laptop_four_rows_stay_in_sight_while_a_question_is_open(laptop: FormAlone) -> None:
    laptop.show(LONG, load="question", **TOLD)
    laptop.press("Control+Enter")
    sent = laptop.actions[-1]
    warnings = [{"field": "", "why": f"Warning {number}: something hardly can be."} for number in range(4)]
    asking = {"id": sent["id"], "attempt": sent["attempt"], "about": "abc", "warnings": warnings}
    laptop.show(LONG, load="question", asking=asking, **TOLD)
    assert laptop.page.locator(".form .asking .now").is_visible()
    assert laptop.page.evaluate(ROWS) >= 4
    inside = laptop.page.locator(".form .asking").evaluate(
        "panel => panel.querySelector('.now').getBoundingClientRect().bottom <= panel.getBoundingClientRect().bottom"
    )
    assert inside


def test_keys_are_told_beside_every_decision_on_a_laptop_and_not_to_a_finger_alone(
    laptop: FormAlone, browser: Browser
) -> None:
    laptop.show(LONG, load="keys", **TOLD)
    assert laptop.page.locator(".form .actions kbd:visible").count() == 5
    with browser.new_context(viewport={"width": 820, "height": 1180}, has_touch=True, is_mobile=True) as tablet:
        form = FormAlone.on(tablet.new_page())
        form.show(LONG, load="keys", **TOLD)
        assert form.page.locator(".form .actions kbd:visible").all_inner_texts() == ["?"]
