"""The review form by itself: offers, questions, decisions."""

from __future__ import annotations

import pytest

from tests.browser.form_alone import ADDRESS, THREE, FormAlone, document, form_data, item
from tests.browser.operator import Operator

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
    form.show(THREE)
    form.page.evaluate(OFFER_TWO)
    form.press("Alt+3", "Alt+1", "Alt+4")
    assert form.page.evaluate("shown") == {"field": ["Alt+1a", "Alt+2b"], "sum": ["Alt+3c"]}
    assert form.page.evaluate("taken") == ["c", "a"]


def test_the_list_of_keys_opens_and_closes_by_key_and_button(form: FormAlone) -> None:
    form.show(THREE)
    form.press("Alt+/")
    assert form.page.locator(".form .help").is_visible()
    form.page.evaluate("root.activeElement.blur()")
    form.press("Escape")
    assert (form.page.locator(".form .help").is_visible(), form.focused) == (False, "items.0.name")
    form.page.locator(".form .keys").click()
    form.press("?")
    assert not form.page.locator(".form .help").is_visible()


def test_a_reason_for_rejecting_is_one_digit_and_enter(form: FormAlone) -> None:
    form.show(THREE)
    form.press("Alt+x", "Enter")
    assert form.text(".reject .problem") == "Choose a reason."
    form.press("2")
    form.type("낙서")
    form.press("Enter")
    assert form.actions[-1]["reason"] == {"code": "other", "text": "낙서"}


def test_postponing_takes_a_choice_or_a_time(form: FormAlone) -> None:
    form.show(THREE)
    form.press("Alt+p", "Enter")
    assert (form.actions[-1]["kind"], form.actions[-1]["until"]) == ("postpone", "hour")
    form.show(THREE, load="another")
    form.press("Alt+p", "2", "Enter")
    assert form.text(".postpone .problem") == "Type the day and the time."
    form.page.locator(".form .postpone .more input").fill("2026-11-24T09:30")
    form.press("Enter")
    assert form.actions[-1]["until"] == "2026-11-24T09:30"


def asked(form: FormAlone) -> dict[str, object]:
    sent = form.actions[-1]
    warnings = [{"field": "total_amount", "why": "The sum differs."}]
    return {"id": sent["id"], "attempt": sent["attempt"], "about": "abc", "warnings": warnings}


def test_warnings_ask_and_are_answered_by_the_same_key_or_a_reason(timed_form: FormAlone) -> None:
    timed_form.show(THREE)
    timed_form.press("Control+Enter")
    assert "reason" not in timed_form.actions[-1]
    timed_form.show(THREE, asking=asked(timed_form))
    assert timed_form.text(".asking li") == "The sum differs."
    timed_form.press("Control+Enter")  # nobody has read it yet
    assert len(timed_form.actions) == 1
    timed_form.pass_ms(450)
    timed_form.press("Control+Enter")
    answer = timed_form.actions[-1]
    assert (answer["reason"], answer["about"]) == ({"code": "as_printed", "text": ""}, "abc")


def test_escape_goes_back_to_the_field_that_was_asked_about(form: FormAlone) -> None:
    form.show(THREE)
    form.press("Control+Enter")
    form.show(THREE, asking=asked(form))
    form.press("Escape")
    assert form.focused == "total_amount"
    assert form.page.locator(".form .actions").is_visible()


@pytest.mark.parametrize("question", ["Alt+x", "Alt+p"])
def test_undoing_from_a_question_leaves_it_and_takes_along_what_was_typed(form: FormAlone, question: str) -> None:
    form.show(THREE, load=f"undo {question}")
    form.field("items.0.name").fill("감자칩")
    form.press(question, "Alt+z")
    assert (form.actions[-1]["kind"], form.actions[-1]["document"]["items"][0]["name"]) == ("undo", "감자칩")
    assert not form.page.locator(".form .panel:visible").count()


def test_a_button_stays_under_the_mouse_though_the_field_before_it_said_something(form: FormAlone) -> None:
    form.show(THREE, doubts={"items.0.name": ["?"]})
    assert form.page.locator(".form .doubt", has_text="?").is_visible()
    form.page.locator(".form [data-action=skip]").click()
    assert form.actions[-1]["kind"] == "skip"


def test_what_would_balance_the_sum_is_taken_by_one_key_and_shown_to_be_compared(form: FormAlone) -> None:
    shown = document(item("감자", price="1200"), item("우유", price="3400"), total="15400")
    form.show(shown)
    chips = form.page.locator(".form .balance .chip")
    assert chips.all_inner_texts()[0].split("\n") == ["Alt+1", "Price, row 1 1,200 → 12,000"]
    form.press("Alt+1")
    assert (form.values("price"), form.focused) == (["12,000", "3,400"], "items.0.price")
    assert (chips.count(), form.text(".sum").count("✓")) == (0, 1)


def test_an_offer_that_is_taken_counts_as_typed_and_what_the_server_refused_is_refused_no_more(form: FormAlone) -> None:
    shown = document(item("감자", price="1200"), item("우유", price="3400"), total="15400")
    form.show(shown)
    form.deny(shown, "items.0.price")
    assert (form.text("tbody .problem >> nth=0"), form.text(".said")) == ("REFUSED", "No.")
    form.press("Alt+1")
    assert (form.text(".to-check"), form.page.get_by_text("REFUSED").count()) == ("", 0)
    assert form.page.locator(".form .said").inner_text() == ""
    form.press("Control+Enter")
    assert form.actions[-1]["effort"]["items.0.price"]["edits"] == 1


def test_what_balances_the_sum_is_not_taken_from_the_row_that_was_split(form: FormAlone) -> None:
    form.show(document(item("간식과 껌", "1", "9000"), total="12000"))
    form.press("Alt+s", "Alt+1")
    assert form.values("price") == ["9,000", "3,000"]


def test_a_line_too_much_is_dropped_and_can_be_brought_back(form: FormAlone) -> None:
    form.show(document(item("감자"), item("감자"), item("우유", price="500"), total="1500"))
    form.press("Alt+1")
    assert form.values("name") == ["감자", "우유"]
    form.press("Alt+u")
    assert form.values("name") == ["감자", "감자", "우유"]


def test_a_discount_that_is_known_counts_as_balanced_and_slips_are_found_beside_it(form: FormAlone) -> None:
    shown = document(item("감자", price="3400"), item("우유", price="1300"), total="3000")
    form.show(shown, discount=1700)
    assert form.text(".sum") == "Items 4,700 · Discount −1,700 · Total 3,000 ✓"
    form.field("items.0.price").fill("340")
    assert form.page.locator(".form .balance .chip").all_inner_texts()[0].endswith("340 → 3,400")


KEYS = "abcdefghij"


def test_a_hundred_confirms_each_right_after_a_key_carry_that_key(form: FormAlone) -> None:
    for number in range(100):
        form.show(THREE, load=f"quick {number}")
        form.press(KEYS[number % len(KEYS)], "Control+Enter")  # into the first name, where the form begins
    names = [action["document"]["items"][0]["name"] for action in form.actions]
    assert [name.replace("감자", "") for name in names] == [KEYS[number % len(KEYS)] for number in range(100)]


def test_a_syllable_that_is_still_composed_is_part_of_what_is_confirmed_each_time(form: FormAlone) -> None:
    hands = Operator(form.page, ADDRESS)
    for number in range(10):
        form.show(THREE, load=f"composed {number}")
        form.field("items.0.name").fill("")
        hands.compose("ㄱ", "가", "감", commit="감")
        hands.compose("ㅈ", "자", commit=None)
        form.press("Control+Enter")
        form.page.wait_for_function("count => sent.actions.length === count", arg=number + 1)
    assert {action["document"]["items"][0]["name"] for action in form.actions} == {"감자"}


def test_a_receipt_that_comes_back_says_nothing_of_the_next_one_that_was_lost_meanwhile(timed_form: FormAlone) -> None:
    claim = {"address": "http://localhost/claims", "version": 1}
    following = form_data(THREE, receipt_id=2, load="next", claim=claim)
    timed_form.show(THREE, claim=claim)
    timed_form.page.evaluate("next => void (theForm().ahead = next)", following)
    timed_form.press("Control+Enter")
    timed_form.page.evaluate("loseClaim(theForm())")
    bar, buttons = (timed_form.page.locator(f".form {each}") for each in (".claim", ".actions"))
    assert (bar.is_visible(), buttons.is_visible()) == (True, False)
    timed_form.pass_ms(5000)  # and no answer
    assert (bar.is_visible(), buttons.is_visible()) == (False, True)


def test_a_key_pressed_twice_confirms_nothing_unseen_however_late_the_answer_comes(timed_form: FormAlone) -> None:
    shown = document(item(), total="1000")
    timed_form.show(shown)
    timed_form.page.evaluate(
        """next => {
            const photo = document.body.appendChild(document.createElement("div"));
            Object.assign(photo.dataset, { photoId: "2", state: "shown", shownAt: performance.now() });
            window.dispatchEvent(new CustomEvent("ledger:ahead", { detail: { form: next, photo: null, preload: [] } }));
        }""",
        form_data(shown, receipt_id=2, load="next"),
    )
    timed_form.field("note").press("a")
    timed_form.press("Control+Enter", "Control+Enter")
    assert timed_form.text(".said") != "", "the second one is told that it was too quick"

    timed_form.pass_ms(700)
    [first] = timed_form.actions
    timed_form.show(shown, receipt_id=2, load="next", answered=f"{first['id']}:{first['attempt']}")
    timed_form.pass_ms(100)
    assert [action["receipt_id"] for action in timed_form.actions] == [1]
