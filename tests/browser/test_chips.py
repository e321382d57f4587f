"""Chips: what may stand in a field instead, taken by one key; and the model's value beside the typed one."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.form_alone import ADDRESS, FormAlone, document, item
from tests.browser.operator import Operator

SHOWN = document(item("검자"), item("배변 패드", price="2000"), total="3000")
PLACE = "경기 하남시 미사대로 1, 루트231 애견카페"


def told(**suggested: list[str]) -> dict[str, Any]:
    """Suggestions by path, with two underscores for a point, and a doubt for each."""
    by_path = {path.replace("__", "."): values for path, values in suggested.items()}
    return {
        "suggestions": {path: [{"value": one, "why": f"why {one}"} for one in by_path[path]] for path in by_path},
        "doubts": {path: ["?"] for path in by_path},
    }


def test_one_wrong_syllable_takes_two_keys(form: FormAlone) -> None:
    form.show(SHOWN, **told(items__0__name=["감자", "금자"]))
    chips = form.page.locator(".form .suggested .chip")

    assert form.focused == "items.0.name"
    assert chips.all_inner_texts() == ["Alt+1\n감자", "Alt+2\n금자"]
    assert chips.first.locator(".syllable").get_attribute("data-lit") == "vowel"
    assert chips.first.get_attribute("title") == "why 감자"

    form.press("Alt+1")
    assert form.values("name") == ["감자", "배변 패드"]
    assert form.focused == "items.0.name"
    assert form.text(".to-check") == ""
    expect(form.page.locator(".form .pair")).to_contain_text("검자 → 감자")
    assert form.page.locator(".form .pair .syllable").evaluate_all("all => all.map(e => e.dataset.lit)") == [
        "vowel",
        "vowel",
    ]

    form.press("Control+Enter")
    assert [each["name"] for each in form.actions[-1]["document"]["items"]] == ["감자", "배변 패드"]
    assert form.actions[-1]["effort"]["items.0.name"]["edits"] == 1


def test_the_numbers_stay_and_the_models_own_value_comes_last(form: FormAlone) -> None:
    form.show(SHOWN, **told(items__0__name=["감자", "금자"]))
    form.press("Alt+2", "Alt+2")
    assert form.values("name")[0] == "금자"
    chips = form.page.locator(".form .suggested .chip")
    assert chips.all_inner_texts() == ["Alt+1\n감자", "Alt+2\n금자", "Alt+3\n검자"]
    assert chips.evaluate_all("all => all.map(e => e.ariaPressed)") == ["false", "true", "false"]
    form.press("Alt+3")
    assert form.values("name")[0] == "검자"
    chips.first.click()
    assert (form.values("name")[0], form.focused) == ("감자", "items.0.name")


def test_of_a_long_place_the_word_that_differs_is_on_the_chip(form: FormAlone) -> None:
    shown = {**SHOWN, "location": PLACE}
    form.show(shown, **told(location=[PLACE.replace("하남", "허남")]))
    chip = form.page.locator(".form .suggested .chip")

    assert chip.inner_text() == "Alt+1\n…허남시…"
    assert PLACE.replace("하남", "허남") in (chip.get_attribute("title") or "")
    form.press("Alt+1")
    assert form.field("location").input_value() == PLACE.replace("하남", "허남")


def test_amounts_and_categories_are_taken_too(form: FormAlone) -> None:
    shown = document(item("감자", price="3000"), total="4000")
    form.show(shown, **told(total_amount=["3,000"], items__0__category=["용품"]))
    form.press("Alt+1")
    assert form.field("items.0.category").input_value() == "용품"
    form.press("Enter", "Alt+1")
    form.field("items.0.name").focus()
    assert form.field("total_amount").input_value() == "3,000"
    assert form.page.locator(".form .suggested").count() == 0


def test_on_a_button_no_field_offers_anything(form: FormAlone) -> None:
    form.show(SHOWN, **told(items__0__name=["감자"]))
    form.press("Enter")
    assert form.focused == "confirm"
    form.press("Alt+1")
    assert form.values("name")[0] == "검자"
    assert form.page.locator(".form .suggested").count() == 0


def test_a_text_is_compared_while_it_is_typed_and_copied_as_it_stands(form: FormAlone) -> None:
    form.show(SHOWN)
    form.field("items.1.name").focus()
    assert form.page.locator(".form .pair").count() == 0
    form.field("items.1.name").fill("배변 패드 50매")
    pair = form.page.locator(".form .pair")
    assert pair.locator(".typed").inner_text() == "배변 패드 50매"
    assert pair.locator(".whole").count() == 4  # the space too
    form.field("items.1.name").fill("배번 패드")
    assert form.field("items.1.name").get_attribute("title") == "Model: 배변 패드 (ㅕ → ㅓ)"
    was = form.page.locator('.form [data-field="items.1.name"] + .was')
    assert was.inner_text() == "배변 패드"
    assert was.locator(".syllable").get_attribute("data-lit") == "vowel"
    form.field("items.0.name").focus()
    assert form.page.locator(".form .pair").count() == 0


def test_what_stands_near_a_row_is_not_hidden_by_the_total(form: FormAlone) -> None:
    shown = document(*(item(f"간식 {number}") for number in range(30)), total="31000")
    form.page.set_viewport_size({"width": 700, "height": 640})
    form.show(shown, **told(**{f"items__{number}__name": ["긴식"] for number in range(9)}))
    for number in range(9):
        form.field(f"items.{number}.name").evaluate("input => input.focus({ preventScroll: true })")  # as a click does
        assert form.page.locator(".form .balance .chip").count() > 0
        chips, foot = (form.page.locator(f".form {each}").bounding_box() for each in (".suggested", ".foot"))
        assert chips is not None
        assert foot is not None
        assert chips["y"] + chips["height"] <= foot["y"]


def test_a_chip_is_taken_in_the_midst_of_a_syllable(form: FormAlone) -> None:
    form.show(SHOWN, **told(items__0__name=["감자"]))
    Operator(form.page, ADDRESS).compose("가", commit=None)
    form.press("Alt+1")
    expect(form.field("items.0.name")).to_have_value("감자")
    assert form.focused == "items.0.name"
    expect(form.page.locator(".form .suggested .chip").first).to_have_attribute("aria-pressed", "true")
