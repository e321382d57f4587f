"""The form in which an operator corrects what was read: all typing happens in the browser, nothing typed is lost.

Python sends the document once per `load`, and gets the whole document back each time: as the state `draft` when typing
pauses, and as the trigger `action` with each decision. Numbers that can be understood come back as plain digits
("1500", "9.00"), everything else exactly as it was typed. The trigger `claim` asks who holds the receipt, without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from ledger.ui.components import nothing, register, sent
from ledger.ui.components.form_messages import Action, ClaimEvent, Draft, FormData

LABELS: Final[dict[str, str]] = {
    "date": "Date",
    "location": "Location",
    "items": "Items",
    "name": "Item",
    "count": "Count",
    "price": "Price",
    "category": "Category",
    "no_category": "None",
    "total_amount": "Total",
    "currency": "Currency",
    "in_row": "{field}, row {row}",
    "add_row": "Add row",
    "delete_row": "Delete row {row}",
    "model_read": "Model: {value}",
    "model_read_nothing": "Model: nothing read",
    "no_sign": "nothing",
    "a_space": "space",
    "suggested": "Instead",
    "not_on_photo": "Not found on the photo.",
    "to_check": "Fields to check: {count}",
    "sum_items": "Items {amount}",
    "sum_total": "Total {amount}",
    "sum_discount": "Discount {amount}",
    "sum_difference": "Difference {amount}",
    "not_an_amount": "{field}: “{value}” is not an amount in {currency}.",
    "not_a_count": "{field}: “{value}” is not a whole number.",
    "not_a_date": "“{value}” is not a date. Write it as 2024-11-30.",
    "date_missing": "The date is missing.",
    "name_missing": "Row {row} has no name.",
    "correct_first": "Correct the marked fields first.",
    "editing": "Editing…",
    "draft_saved": "Draft saved {time}",
    "draft_not_saved": "Draft not saved yet; your text is safe here.",
    "restored": "Restored what you typed before.",
    "kept_aside": "{operator} saved this text. What you typed here before is kept in this browser.",
    "use_mine": "Use what I typed",
    "sending": "Sending…",
    "replaced": "Somebody else has that receipt by now. This is the next one; what you typed there is kept.",
    "no_answer": "No answer yet; your text is safe here. Try again.",
    "too_quick": "That was quicker than a look at the photo. Press again to confirm.",
    "photo_not_shown": "The photo is not on the screen. Press again to confirm without it.",
    "lost": "This receipt is with somebody else now. What you typed is kept here.",
    "text_kept": "What you typed is kept in this browser.",
    "go_on_here": "Go on here",
    "take_over": "Take over",
    "copy_text": "Copy my text",
    "copied": "Copied",
    "confirm": "Confirm",
    "skip": "Skip",
    "reject": "Reject",
    "reject_title": "Why is this receipt rejected?",
    "in_words": "In a few words",
    "reject_choose": "Choose a reason.",
    "reject_say": "Say why in a few words.",
    "reject_now": "Reject receipt",
    "back": "Back",
    "note": "Note",
    "postpone": "Postpone",
    "postpone_title": "Until when is this receipt postponed?",
    "postpone_at": "Day and time (Korean time)",
    "postpone_choose": "Choose a time.",
    "postpone_say": "Type the day and the time.",
    "postpone_now": "Postpone receipt",
    "asking_title": "Confirm all the same? Say why.",
    "confirm_anyway": "Confirm all the same",
    "balance": "What would balance the sum",
    "drop_row": "Delete row {row}: {name} {amount}",
    "restore_row": "Bring back row {row}",
    "undo_paste": "Undo pasting",
    "keys": "Keys",
    "key_next": "Next field to check; the one left counts as checked",
    "key_before": "The field before it",
    "key_confirm": "Confirm and open the next receipt",
    "key_tab": "Next field, field before",
    "key_column": "Same column, row above or below",
    "key_offer": "Take a suggestion",
    "key_add": "Add a row below",
    "key_split": "Split the row",
    "key_move": "Move the row",
    "key_delete": "Delete the row",
    "key_restore": "Bring back what was deleted",
    "key_skip": "Skip",
    "key_postpone": "Postpone",
    "key_reject": "Reject",
    "key_undo": "Undo the last decision",
    "key_history": "History of the receipt",
    "key_duplicates": "Duplicates side by side",
    "key_list": "List of what waits",
    "key_zoom": "Photo larger, smaller",
    "key_fit": "Whole photo, full width, real size",
    "key_turn": "Turn the photo",
    "key_places": "All fields on the photo",
    "key_help": "This list",
    "keys_of_photo": "While you type, the keys of the photo want Alt as well.",
}
"""Every text the form shows, in English. The page translates the values and keeps the {names} in them."""


@dataclass(frozen=True, slots=True)
class FormResult:
    """What the form sent. `draft` stays from run to run; `action` and `claim` are there in one run only."""

    draft: Draft | None
    action: Action | None
    claim: ClaimEvent | None


SCRIPTS: Final = (
    "shared/page",
    "shared/words",
    "shared/ids",
    "shared/keeping",
    "numbers",
    "grouping",
    "arithmetic",
    "fields",
    "words",
    "rows",
    "splitting",
    "align",
    "document",
    "problems",
    "jamo",
    "strokes",
    "lit",
    "near",
    "doubts",
    "offers",
    "chips",
    "balance",
    "marks",
    "backups",
    "drafts",
    "effort",
    "typing",
    "paste",
    "stepping",
    "claim",
    "seeing",
    "panels",
    "choices",
    "ahead",
    "actions",
    "reject",
    "asking",
    "help",
    "keys",
    "pick",
    "form",
)
"""From what the others stand on to the form itself, which holds the default export and so comes last."""

STYLES: Final = ("shared/look", "shared/buttons", "fields", "items", "lit", "actions", "claim", "room")
"""Down the page; `room` holds what little room changes in the others."""

_mount = register("review_form", scripts=SCRIPTS, styles=STYLES)


def review_form(data: FormData, key: str) -> FormResult:
    """Show the form and return what it sent. There are no callbacks: they would miss a session's first event."""
    return _result(
        _mount(key=key, data=data, on_draft_change=nothing, on_action_change=nothing, on_claim_change=nothing)
    )


def latest(key: str) -> FormResult:
    """What the form sent, before it is shown: carried out first, so that the form can be told in the same run."""
    return _result(sent(key))


def _result(values: Mapping[str, Any]) -> FormResult:
    return FormResult(
        draft=cast("Draft | None", values.get("draft")),
        action=cast("Action | None", values.get("action")),
        claim=cast("ClaimEvent | None", values.get("claim")),
    )
