"""The review form by itself: keys, numbers, rows, panels. Quick, because nothing of the desk runs behind it."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.form_alone import ADDRESS, FormAlone, document, form_data, item
from tests.browser.operator import Operator


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
    window.before = theForm().offering;
    theForm().offering = [source("field", "a", "b"), source("sum", "c")];
    showOffers(theForm());
}"""


def test_offers_are_numbered_on_from_source_to_source_and_taken_by_their_numbers(form: FormAlone) -> None:
    form.show(THREE, load="offers")
    form.page.evaluate(OFFER_TWO)
    form.press("Alt+3", "Alt+1", "Alt+4")
    assert form.page.evaluate("shown") == {"field": ["Alt+1a", "Alt+2b"], "sum": ["Alt+3c"]}
    assert form.page.evaluate("taken") == ["c", "a"]
    form.page.evaluate("theForm().offering = before")


# ---- Steps


def test_enter_goes_from_one_doubtful_field_to_the_next_and_then_to_the_button(form: FormAlone) -> None:
    doubts = {"location": ["?"], "items.1.name": ["?"], "total_amount": ["?"]}
    form.show(THREE, load="steps", doubts=doubts)
    assert form.focused == "location"
    assert form.text(".to-check").endswith(": 3")
    form.press("Enter")
    assert form.focused == "items.1.name"
    assert form.text(".to-check").endswith(": 2")
    form.press("Enter", "Shift+Enter", "Shift+Enter")
    assert form.focused == "location"
    form.press("Enter", "Enter")
    assert (form.focused, form.text(".to-check")) == ("confirm", "")
    form.press("Shift+Enter")
    assert form.focused == "total_amount"


def test_enter_leads_past_the_end_to_what_was_passed_over_wanting_or_refused(form: FormAlone) -> None:
    shown = document(item("감자"), item("", price="12a34"), total="")
    form.show(shown, load="wanting", doubts={"items.0.name": ["?"]})
    form.field("items.1.name").focus()
    form.press("Enter")
    assert form.focused == "items.1.price"  # no number
    form.type("500")
    form.press("Enter")
    assert form.focused == "total_amount"  # empty
    form.press("Enter")
    assert form.focused == "items.0.name"
    form.press("Enter")
    assert form.focused == "items.1.name"  # a row with an amount cannot be without a name
    form.type("양파")
    form.press("Enter")
    assert form.focused == "confirm"


def test_a_receipt_with_nothing_doubtful_is_two_enters_from_confirmed_and_one_control_enter(form: FormAlone) -> None:
    form.show(THREE, load="nothing wrong")
    form.press("Enter")
    assert form.focused == "confirm"
    form.press("Control+Enter")
    assert form.actions[-1]["kind"] == "confirm"


def test_arrows_go_up_and_down_a_column_and_from_the_amounts_to_the_total(form: FormAlone) -> None:
    form.show(THREE, load="arrows")
    form.field("items.1.price").focus()
    form.press("ArrowDown")
    assert form.focused == "items.2.price"
    form.press("ArrowDown")
    assert form.focused == "total_amount"
    form.press("ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp")
    assert form.focused == "items.0.price"


# ---- Rows


def test_rows_are_added_below_moved_deleted_and_brought_back_by_keys(form: FormAlone) -> None:
    form.show(THREE, load="rows")
    form.press("Alt+n")
    form.type("사과")
    assert form.values("name") == ["감자", "사과", "양파", "우유"]
    form.press("Alt+ArrowUp", "Alt+ArrowUp")
    assert (form.values("name"), form.focused) == (["사과", "감자", "양파", "우유"], "items.0.name")
    form.press("Alt+ArrowDown")
    form.type("!")  # the caret stays where it was
    assert form.values("name") == ["감자", "사과!", "양파", "우유"]
    form.press("Control+Delete", "Control+Delete")
    assert form.text(".restore").startswith("Bring back row 2")
    form.press("Alt+u")
    assert (form.values("name"), form.focused) == (["감자", "양파", "우유"], "items.1.name")
    form.press("Alt+u", "Alt+u")
    assert form.values("name") == ["감자", "사과!", "양파", "우유"]
    assert form.page.locator(".form .restore").is_hidden()


def test_a_row_of_several_pieces_splits_into_one_and_the_rest(form: FormAlone) -> None:
    form.show(document(item("간식", "3", "9000"), total="9000"), load="split")
    form.press("Alt+s")
    assert form.focused == "items.1.name"
    form.press("Alt+s")
    assert form.values("count") == ["1", "1", "1"]
    assert form.values("price") == ["3,000", "3,000", "3,000"]


def test_what_is_typed_into_the_other_half_of_a_split_row_is_taken_from_the_first(form: FormAlone) -> None:
    form.show(document(item("간식과 껌", "1", "9000"), total="9000"), load="split open")
    form.press("Alt+s", "Tab", "Tab")
    form.type("2500")
    assert form.values("price") == ["6,500", "2,500"]
    form.field("items.0.price").fill("6000")
    form.field("items.1.price").fill("100")
    assert form.values("price") == ["6,000", "100"]


# ---- Numbers


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
    form.show(document(item(price=""), total="1"), load=f"typed {typed}")
    form.field("items.0.price").focus()
    form.type(typed)
    assert form.field("items.0.price").input_value() == shown


def test_cents_are_typed_with_a_point_and_only_whole_numbers_are_parted(form: FormAlone) -> None:
    form.show(document(item(price=""), total="1.00", currency="MYR"), load="cents")
    form.field("items.0.price").focus()
    form.type("1234.5")
    assert form.field("items.0.price").input_value() == "1,234.5"
    form.press("Tab")
    assert form.field("items.0.price").input_value() == "1,234.50"


def test_the_caret_stays_between_its_digits(form: FormAlone) -> None:
    form.show(document(item(price="1234567"), total="1"), load="caret")
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
    form.show(THREE, load="marked")
    form.field("items.0.price").focus()
    form.type("12a34")
    assert form.field("items.0.price").get_attribute("aria-invalid") == "true"
    assert form.text(".to-check").endswith(": 1")
    form.press("Control+Enter")
    assert form.focused == "items.0.price"


# ---- Pasting

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
    form.show(THREE, load="cells")
    assert not paste(form, "items.1.name", "사과\t2\t1,500원\tFood\r\n배\t1\t₩2500\t용품\r\n귤\t3\t12a34\t과일\r\n")
    assert form.values("name") == ["감자", "사과", "배", "귤"]
    assert form.values("count") == ["1", "2", "1", "3"]
    assert form.values("price") == ["1,000", "1,500", "2,500", "12a34"]
    assert form.values("category") == ["식비", "식비", "용품", "과일"]  # shown as it is; the server refuses it
    form.press("Alt+u")
    assert form.values("name") == ["감자", "양파", "우유"]
    assert form.values("price") == ["1,000", "2,000", "3,000"]


def test_a_heading_says_which_column_is_which(form: FormAlone) -> None:
    form.show(document(total="1"), load="heading")
    paste(form, "items.0.name", "금액\t비고\t품목\n3000\tx\t사과\n4000\ty\t배\n\n")
    assert (form.values("name"), form.values("price")) == (["사과", "배"], ["3,000", "4,000"])


def test_one_column_and_cells_in_quotes_are_pasted_and_one_cell_is_left_to_the_browser(form: FormAlone) -> None:
    form.show(THREE, load="column")
    assert not paste(form, "items.0.price", "10\n20\n30\n")
    assert form.values("price") == ["10", "20", "30"]
    assert not paste(form, "items.0.name", '"a ""b""\nc"\t5')
    assert (form.values("name")[0], form.values("count")[0]) == ('a "b" c', "5")
    assert paste(form, "items.0.name", "감자 1,000\n")
    assert paste(form, "location", "서울\n강남구")


# ---- Panels


def test_the_list_of_keys_opens_and_closes_by_key_and_button(form: FormAlone) -> None:
    form.show(THREE, load="help")
    form.press("Alt+/")
    assert form.page.locator(".form .help").is_visible()
    form.page.evaluate("root.activeElement.blur()")
    form.press("Escape")
    assert (form.page.locator(".form .help").is_visible(), form.focused) == (False, "items.0.name")
    form.page.locator(".form .keys").click()
    form.press("?")
    assert not form.page.locator(".form .help").is_visible()


def test_a_reason_for_rejecting_is_one_digit_and_enter(form: FormAlone) -> None:
    form.show(THREE, load="reject")
    form.press("Alt+x", "Enter")
    assert form.text(".reject .problem") == "Choose a reason."
    form.press("2")
    form.type("낙서")
    form.press("Enter")
    assert form.actions[-1]["reason"] == {"code": "other", "text": "낙서"}


def test_postponing_takes_a_choice_or_a_time(form: FormAlone) -> None:
    form.show(THREE, load="postpone")
    form.press("Alt+p", "Enter")
    assert (form.actions[-1]["kind"], form.actions[-1]["until"]) == ("postpone", "hour")
    form.show(THREE, load="postpone at")
    form.press("Alt+p", "2", "Enter")
    assert form.text(".postpone .problem") == "Type the day and the time."
    form.page.locator(".form .postpone .more input").fill("2026-11-24T09:30")
    form.press("Enter")
    assert form.actions[-1]["until"] == "2026-11-24T09:30"


def asked(form: FormAlone) -> dict[str, object]:
    sent = form.actions[-1]
    warnings = [{"field": "total_amount", "why": "The sum differs."}]
    return {"id": sent["id"], "attempt": sent["attempt"], "about": "abc", "warnings": warnings}


def test_warnings_ask_and_are_answered_by_the_same_key_or_a_reason(form: FormAlone) -> None:
    form.show(THREE, load="asking")
    form.press("Control+Enter")
    assert "reason" not in form.actions[-1]
    form.show(THREE, load="asking", asking=asked(form))
    assert form.text(".asking li") == "The sum differs."
    form.press("Control+Enter")  # nobody has read it yet
    assert len([each for each in form.actions if each["load"] == "asking"]) == 1
    form.page.wait_for_timeout(450)
    form.press("Control+Enter")
    answer = form.actions[-1]
    assert (answer["reason"], answer["about"]) == ({"code": "as_printed", "text": ""}, "abc")


def test_escape_goes_back_to_the_field_that_was_asked_about(form: FormAlone) -> None:
    form.show(THREE, load="back")
    form.press("Control+Enter")
    form.show(THREE, load="back", asking=asked(form))
    form.press("Escape")
    assert form.focused == "total_amount"
    assert form.page.locator(".form .actions").is_visible()


def test_a_button_stays_under_the_mouse_though_the_field_before_it_said_something(form: FormAlone) -> None:
    form.show(THREE, load="mouse", doubts={"items.0.name": ["?"]})
    assert form.page.locator(".form .doubt", has_text="?").is_visible()
    form.page.locator(".form [data-action=skip]").click()
    assert form.actions[-1]["kind"] == "skip"


# ---- Note and effort


def test_the_note_and_what_each_field_cost_travel_with_the_decision(form: FormAlone) -> None:
    form.show(THREE, load="note")
    form.field("items.0.name").fill("고구마")
    form.field("note").fill("영수증 뒷면 참고")
    form.press("Control+Enter")
    sent = form.actions[-1]
    assert sent["document"]["note"] == "영수증 뒷면 참고"
    assert {path: cost["edits"] for path, cost in sent["effort"].items()} == {"items.0.name": 1, "note": 1}
    assert "changed" not in (form.field("note").locator("..").get_attribute("class") or "")


def test_a_place_that_was_clicked_on_the_photo_leads_to_its_field(form: FormAlone) -> None:
    form.show(THREE, load="picked")
    pick = "([photoId, field]) => void dispatchEvent(new CustomEvent('ledger:pick', { detail: { photoId, field } }))"
    form.page.evaluate(pick, ["1", "items.2.price"])
    assert form.focused == "items.2.price"
    form.page.evaluate(pick, ["2", "location"])  # on the photo of another receipt
    assert form.focused == "items.2.price"
    form.press("Control+Delete")
    form.page.evaluate(pick, ["1", "items.2.name"])  # its row is gone
    assert form.values("name") == ["감자", "양파"]


# ---- Arithmetic


def test_what_would_balance_the_sum_is_taken_by_one_key_and_shown_to_be_compared(form: FormAlone) -> None:
    shown = document(item("감자", price="1200"), item("우유", price="3400"), total="15400")
    form.show(shown, load="balance")
    chips = form.page.locator(".form .balance .chip")
    assert chips.all_inner_texts()[0].split("\n") == ["Alt+1", "Price, row 1 1,200 → 12,000"]
    form.press("Alt+1")
    assert (form.values("price"), form.focused) == (["12,000", "3,400"], "items.0.price")
    assert (chips.count(), form.text(".sum").count("✓")) == (0, 1)


def test_a_line_too_much_is_dropped_and_can_be_brought_back(form: FormAlone) -> None:
    form.show(document(item("감자"), item("감자"), item("우유", price="500"), total="1500"), load="too much")
    form.press("Alt+1")
    assert form.values("name") == ["감자", "우유"]
    form.press("Alt+u")
    assert form.values("name") == ["감자", "감자", "우유"]


def test_a_discount_that_is_known_counts_as_balanced_and_slips_are_found_beside_it(form: FormAlone) -> None:
    shown = document(item("감자", price="3400"), item("우유", price="1300"), total="3000")
    form.show(shown, load="discount", discount=1700)
    assert form.text(".sum") == "Items 4,700 · Discount −1,700 · Total 3,000 ✓"
    form.field("items.0.price").fill("340")
    assert form.page.locator(".form .balance .chip").all_inner_texts()[0].endswith("340 → 3,400")


# ---- Quick fingers

KEYS = "abcdefghij"


def test_a_hundred_confirms_each_right_after_a_key_carry_that_key(form: FormAlone) -> None:
    before = len(form.actions)
    for number in range(100):
        form.show(THREE, load=f"quick {number}")
        form.press(KEYS[number % len(KEYS)], "Control+Enter")  # into the first name, where the form begins
    names = [action["document"]["items"][0]["name"] for action in form.actions[before:]]
    assert [name.replace("감자", "") for name in names] == [KEYS[number % len(KEYS)] for number in range(100)]


def test_a_syllable_that_is_still_composed_is_part_of_what_is_confirmed_each_time(form: FormAlone) -> None:
    hands = Operator(form.page, ADDRESS)
    before = len(form.actions)
    for number in range(10):
        form.show(THREE, load=f"composed {number}")
        form.field("items.0.name").fill("")
        hands.compose("ㄱ", "가", "감", commit="감")
        hands.compose("ㅈ", "자", commit=None)
        form.press("Control+Enter")
        form.page.wait_for_function("count => sent.actions.length === count", arg=before + number + 1)
    assert {action["document"]["items"][0]["name"] for action in form.actions[before:]} == {"감자"}


def test_a_key_pressed_twice_confirms_nothing_unseen_however_late_the_answer_comes(form: FormAlone) -> None:
    shown = document(item(), total="1000")
    form.show(shown)
    form.page.evaluate(
        """next => {
            const photo = document.body.appendChild(document.createElement("div"));
            Object.assign(photo.dataset, { photoId: "2", state: "shown", shownAt: performance.now() });
            window.dispatchEvent(new CustomEvent("ledger:ahead", { detail: { form: next, photo: null, preload: [] } }));
        }""",
        form_data(shown, receipt_id=2, load="next"),
    )
    form.field("note").press("a")
    form.press("Control+Enter", "Control+Enter")
    assert form.text(".said") != "", "the second one is told that it was too quick"

    form.page.wait_for_timeout(700)
    [first] = form.actions
    form.show(shown, receipt_id=2, load="next", answered=f"{first['id']}:{first['attempt']}")
    form.page.wait_for_timeout(100)
    assert [action["receipt_id"] for action in form.actions] == [1]
