"""The review form by itself: numbers as they are typed, cells as they are pasted."""

from __future__ import annotations

import random

import pytest

from tests.browser.form_alone import THREE, FormAlone, document, item

TYPED = [
    ("1234567", "1,234,567"),
    ("-1234", "-1,234"),
    ("12a34", "12a34"),
    ("9,50", "9,50"),
    ("9,500", "9,500"),
    ("9,5000", "95,000"),
    ("0012", "0012"),
    ("1234원", "1,234원"),
]


@pytest.mark.parametrize(("typed", "shown"), TYPED)
def test_thousands_are_parted_while_typing_and_no_sign_is_lost(form: FormAlone, typed: str, shown: str) -> None:
    form.show(document(item(price=""), total="1"))
    form.field("items.0.price").focus()
    form.type(typed)
    assert form.field("items.0.price").input_value() == shown


def test_cents_are_typed_with_a_point_and_only_whole_numbers_are_parted(form: FormAlone) -> None:
    form.show(document(item(price=""), total="1.00", currency="MYR"))
    form.field("items.0.price").focus()
    form.type("1234.5")
    assert form.field("items.0.price").input_value() == "1,234.5"
    form.press("Tab")
    assert form.field("items.0.price").input_value() == "1,234.50"


def test_the_caret_stays_between_its_digits(form: FormAlone) -> None:
    form.show(document(item(price="1234567"), total="1"))
    price = form.field("items.0.price")
    price.focus()
    form.press("ArrowLeft", *["ArrowRight"] * 3)  # 1,2|34,567
    form.type("9")
    assert price.input_value() == "12,934,567"
    form.type("8")
    assert price.input_value() == "129,834,567"
    form.press("Backspace", "Backspace", "Backspace")
    assert price.input_value() == "134,567"
    form.press("ArrowRight", "ArrowRight", "ArrowRight", "Backspace")  # 134,|567: the digit goes with its comma
    assert price.input_value() == "13,567"
    form.press("Delete")
    assert price.input_value() == "1,367"


EDIT_AT_RANDOM = """steps => {
    let [text, caret, bare, place] = ["", 0, "", 0];
    const wrong = [];
    for (const [kind, key, at] of steps) {
        if (at !== null && text) [place, caret] = [at % (bare.length + 1), placeAfter(text, at % (bare.length + 1))];
        if (kind === "type" && bare.length > 11) continue;
        const before = text;
        const cut = { back: [-1, 0], ahead: [0, 1], type: [0, 0] }[kind];
        if (caret + cut[0] < 0 || caret + cut[1] > text.length) continue;
        text = text.slice(0, caret + cut[0]) + (kind === "type" ? key : "") + text.slice(caret + cut[1]);
        caret += kind === "type" ? 1 : cut[0];
        bare = bare.slice(0, place + cut[0]) + (kind === "type" ? key : "") + bare.slice(place + cut[1]);
        place += kind === "type" ? 1 : cut[0];
        const named = { back: "deleteContentBackward", ahead: "deleteContentForward", type: "insertText" }[kind];
        const found = regroup(text, caret, before, 0, "KRW", named, key);
        if (found) [text, caret] = [found.text, found.caret];
        const left = text.slice(0, caret).replaceAll(",", "").length;
        if (text.replaceAll(",", "") !== bare || left !== place) wrong.push([before, kind, text, bare, place]);
        if (/^[1-9]/.test(bare) && text !== bare.replace(/\\d(?=(\\d{3})+$)/g, "$&,")) wrong.push([text, bare]);
    }
    return wrong;
}"""


def test_whatever_digits_are_typed_and_deleted_wherever_the_number_is_what_it_would_be_without_commas(
    form: FormAlone,
) -> None:
    rng = random.Random(7)
    kinds = ["type"] * 3 + ["back", "ahead"]
    for _ in range(20):
        places = [rng.randrange(12) if rng.random() < 0.3 else None for _ in range(60)]
        steps = [[rng.choice(kinds), rng.choice("123456789"), at] for at in places]
        assert form.calls(EDIT_AT_RANDOM, steps) == []


def test_a_number_that_is_none_is_marked_where_it_stands_and_counts_as_to_check(form: FormAlone) -> None:
    form.show(THREE)
    form.field("items.0.price").focus()
    form.type("12a34")
    assert form.field("items.0.price").get_attribute("aria-invalid") == "true"
    assert form.text(".to-check").endswith(": 1")
    form.press("Control+Enter")
    assert form.focused == "items.0.price"


PASTE = """([path, text]) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const input = fieldAt(theForm(), path);
    input.focus();
    return input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def paste(form: FormAlone, path: str, text: str) -> bool:
    """Paste a text; True when it is left to the browser."""
    return bool(form.page.evaluate(PASTE, [path, text]))


def test_cells_of_a_spreadsheet_fill_the_form_from_the_focused_cell_on(form: FormAlone) -> None:
    form.show(THREE)
    assert not paste(form, "items.1.name", "사과\t2\t1,500원\tFood\r\n배\t1\t₩2500\t용품\r\n귤\t3\t12a34\t과일\r\n")
    assert form.values("name") == ["감자", "사과", "배", "귤"]
    assert form.values("count") == ["1", "2", "1", "3"]
    assert form.values("price") == ["1,000", "1,500", "2,500", "12a34"]
    assert form.values("category") == ["식비", "식비", "용품", "과일"]  # shown as it is; the server refuses it
    form.press("Alt+u")
    assert form.values("name") == ["감자", "양파", "우유"]
    assert form.values("price") == ["1,000", "2,000", "3,000"]


def test_a_cell_that_is_pasted_into_counts_as_typed_once_and_says_no_more_what_the_server_refused(
    form: FormAlone,
) -> None:
    form.show(THREE)
    form.deny(THREE, "items.1.name")
    paste(form, "items.1.name", "사과\t2")
    assert (form.text(".to-check"), form.text(".said")) == ("", "")
    form.press("Control+Enter")
    effort = form.actions[-1]["effort"]
    assert {path: each["edits"] for path, each in effort.items()} == {
        "items.0.name": 0,
        "items.1.name": 1,
        "items.1.count": 1,
    }


def test_however_many_rows_there_are_the_currency_is_looked_up_once(form: FormAlone) -> None:
    form.show(document(*(item(f"간식 {number}") for number in range(60)), total="60000"))
    form.page.evaluate(
        """() => {
            const { fields } = theForm();
            const find = fields.querySelector;
            window.asked = [];
            fields.querySelector = (selector) => (asked.push(selector), find.call(fields, selector));
        }"""
    )
    form.press("a")
    assert len(form.page.evaluate("asked")) < 20


def test_a_heading_says_which_column_is_which(form: FormAlone) -> None:
    form.show(document(total="1"))
    paste(form, "items.0.name", "금액\t비고\t품목\n3000\tx\t사과\n4000\ty\t배\n\n")
    assert (form.values("name"), form.values("price")) == (["사과", "배"], ["3,000", "4,000"])


def test_cells_pasted_into_an_empty_row_move_down_what_stands_below_it(form: FormAlone) -> None:
    form.show(THREE, load="paste between")
    form.field("items.0.name").focus()
    form.press("Alt+n")
    assert not paste(form, "items.1.name", "사과\t1\t10\n배\t2\t20\n귤\t3\t30\n")
    assert form.values("name") == ["감자", "사과", "배", "귤", "양파", "우유"]
    assert form.values("price") == ["1,000", "10", "20", "30", "2,000", "3,000"]
    assert form.focused == "items.3.name"
    form.press("Alt+u")
    assert form.values("name") == ["감자", "", "양파", "우유"]


def test_empty_rows_in_succession_are_filled_before_others_are_inserted(form: FormAlone) -> None:
    form.show(document(item("", "", "", ""), item("", "", "", ""), item("우유"), total="1000"), load="paste empty")
    assert not paste(form, "items.0.name", "사과\n배\n귤\n")
    assert form.values("name") == ["사과", "배", "귤", "우유"]


def test_one_column_and_cells_in_quotes_are_pasted_and_one_cell_is_left_to_the_browser(form: FormAlone) -> None:
    form.show(THREE)
    assert not paste(form, "items.0.price", "10\n20\n30\n")
    assert form.values("price") == ["10", "20", "30"]
    assert not paste(form, "items.0.name", '"a ""b""\nc"\t5')
    assert (form.values("name")[0], form.values("count")[0]) == ('a "b" c', "5")
    assert paste(form, "items.0.name", "감자 1,000\n")
    assert paste(form, "location", "서울\n강남구")
