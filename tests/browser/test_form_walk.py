"""The review form by itself: the way through its fields and rows, by keys and from the photo."""

from __future__ import annotations

from tests.browser.form_alone import THREE, FormAlone, document, item


def test_enter_goes_from_one_doubtful_field_to_the_next_and_then_to_the_button(form: FormAlone) -> None:
    doubts = {"location": ["?"], "items.1.name": ["?"], "total_amount": ["?"]}
    form.show(THREE, doubts=doubts)
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
    form.show(shown, doubts={"items.0.name": ["?"]})
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
    form.show(THREE)
    form.press("Enter")
    assert form.focused == "confirm"
    form.press("Control+Enter")
    assert form.actions[-1]["kind"] == "confirm"


def test_arrows_go_up_and_down_a_column_and_from_the_amounts_to_the_total(form: FormAlone) -> None:
    form.show(THREE)
    form.field("items.1.price").focus()
    form.press("ArrowDown")
    assert form.focused == "items.2.price"
    form.press("ArrowDown")
    assert form.focused == "total_amount"
    form.press("ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp")
    assert form.focused == "items.0.price"


def test_rows_are_added_below_moved_deleted_and_brought_back_by_keys(form: FormAlone) -> None:
    form.show(THREE)
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


def test_a_row_is_deleted_without_moving_the_page(form: FormAlone) -> None:
    form.show(document(item(), total="1000"))
    form.page.evaluate("document.body.style.paddingBottom = '3000px'; scrollTo(0, 120)")
    form.page.keyboard.press("Control+Delete")
    assert (form.focused, form.page.evaluate("scrollY")) == ("location", 120)


def test_a_row_of_several_pieces_splits_into_one_and_the_rest(form: FormAlone) -> None:
    form.show(document(item("간식", "3", "9000"), total="9000"))
    form.press("Alt+s")
    assert form.focused == "items.1.name"
    form.press("Alt+s")
    assert form.values("count") == ["1", "1", "1"]
    assert form.values("price") == ["3,000", "3,000", "3,000"]


def test_what_is_typed_into_the_other_half_of_a_split_row_is_taken_from_the_first(form: FormAlone) -> None:
    form.show(document(item("간식과 껌", "1", "9000"), total="9000"))
    form.press("Alt+s", "Tab", "Tab")
    form.type("2500")
    assert form.values("price") == ["6,500", "2,500"]
    form.field("items.0.price").fill("6000")
    form.field("items.1.price").fill("100")
    assert form.values("price") == ["6,000", "100"]


def test_the_note_and_what_each_field_cost_travel_with_the_decision(form: FormAlone) -> None:
    form.show(THREE)
    form.field("items.0.name").fill("고구마")
    form.field("note").fill("영수증 뒷면 참고")
    form.press("Control+Enter")
    sent = form.actions[-1]
    assert sent["document"]["note"] == "영수증 뒷면 참고"
    assert {path: cost["edits"] for path, cost in sent["effort"].items()} == {"items.0.name": 1, "note": 1}
    assert "changed" not in (form.field("note").locator("..").get_attribute("class") or "")


def test_a_place_that_was_clicked_on_the_photo_leads_to_its_field(form: FormAlone) -> None:
    form.show(THREE)
    pick = "([photoId, field]) => void dispatchEvent(new CustomEvent('ledger:pick', { detail: { photoId, field } }))"
    form.page.evaluate(pick, ["1", "items.2.price"])
    assert form.focused == "items.2.price"
    form.page.evaluate(pick, ["2", "location"])  # on the photo of another receipt
    assert form.focused == "items.2.price"
    form.press("Control+Delete")
    form.page.evaluate(pick, ["1", "items.2.name"])  # its row is gone
    assert form.values("name") == ["감자", "양파"]


def test_the_focus_comes_back_when_a_dialog_of_the_page_is_closed(form: FormAlone) -> None:
    form.show(THREE)
    form.field("note").focus()
    form.page.evaluate(
        """() => {
            const dialog = document.body.appendChild(document.createElement("div"));
            dialog.dataset.testid = "stDialog";
            dialog.innerHTML = "<button role=dialog>x</button>";
            dialog.firstChild.focus();
        }"""
    )
    assert form.focused == ""
    form.page.evaluate("document.querySelector('[data-testid=stDialog]').remove()")
    form.page.wait_for_function("root.activeElement?.dataset.field === 'note'")
