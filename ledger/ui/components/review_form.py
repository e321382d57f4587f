"""The form in which an operator corrects what was read: all typing happens in the browser, nothing typed is lost.

Python sends the document once per `load`, and gets the whole document back each time: as the state `draft` when typing
pauses, and as the trigger `action` with each decision. Numbers that can be understood come back as plain digits
("1500", "9.00"), everything else exactly as it was typed. The trigger `claim` asks who holds the receipt, without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NotRequired, TypedDict, cast

import streamlit as st

from ledger.review.document import FormDocument
from ledger.ui.components import register

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


class Choice(TypedDict):
    """One choice of a list: what is sent and what is shown."""

    value: str
    label: str


class Currency(TypedDict):
    """A currency to choose; `decimals` are the digits after the point in its amounts: 0 for KRW, 2 for MYR."""

    value: str
    decimals: int


class Suggestion(TypedDict):
    """Another value for a field, as its input shows it, and where it comes from in a few words."""

    value: str
    why: str


class Problem(TypedDict):
    """Why one field was refused; `field` is a path as in `items.2.price`."""

    field: str
    why: str


class Asking(TypedDict):
    """What the server asks about before it confirms the action `id`: told, and confirmed all the same with a reason."""

    id: str
    attempt: int
    about: str
    """Comes back with the reason: it answers these warnings and no others."""
    warnings: Sequence[Problem]


class Spellings(TypedDict):
    """How cells of a spreadsheet may be written, in small letters and in every language, and what they mean here."""

    categories: dict[str, str]
    columns: dict[str, str]


class Denial(TypedDict):
    """The server's refusal of the action `id`: the form unlocks, shows the message and marks the fields."""

    id: str
    attempt: int
    message: str
    problems: Sequence[Problem]
    unsure: bool
    """The action may have been carried out: the same click again keeps its id."""


class Conflict(TypedDict):
    """Why a draft up to `seq` was not stored: somebody else's text stands there."""

    seq: int
    message: str


class ClaimData(TypedDict):
    """What the form holds its receipt with, together with `load` as its token."""

    address: str
    """Where it asks: `/renew` and `/release` come after it."""
    version: int


class HolderData(TypedDict):
    """Who holds the receipt instead, in a sentence, and what may be done about it."""

    sentence: str
    may_go_on: bool
    may_take_over: bool


class ReceiptData(TypedDict):
    """What the form is told of one receipt: the one on the desk, or the one that comes next."""

    receipt_id: int
    reading_id: int | None
    """The extraction that `model` comes from; comes back with every payload."""
    load: str
    """Changes when the form is to be filled anew. As long as it stays, nothing typed is overwritten."""
    document: FormDocument
    model: FormDocument | None
    """What the model read, to mark differences; None when nothing was read."""
    doubts: dict[str, list[str]]
    """Why a value of the model may be wrong, in sentences, by its path in the reading; only those worth a look."""
    suggestions: dict[str, list[Suggestion]]
    """What may stand in a field instead, by its path in the reading, the likeliest first; one key takes each."""
    lost: Sequence[str]
    """Paths in the reading whose values were looked for on the photo and not found."""
    discount: int
    """What is known to be taken off between the items and the total, in the currency's smallest unit."""
    backup_key: str
    """Names the photo in the browser's storage, whatever database the receipt stands in."""
    photo: str
    """ETag of the photo that is shown; comes back with every action."""
    fresh: bool
    """True when backups of earlier loads are to be dropped."""
    revision: int
    """Revision of the stored draft, 0 when there is none."""
    saved_ms: int
    """Clock of the browser that stored the draft. A newer backup of the same browser wins."""
    saved_client: str
    saved_operator: str
    """Browser and operator of the stored draft; empty when there is none."""
    acked_seq: int
    acked_at: str
    conflict: Conflict | None
    denied: Denial | None
    asking: Asking | None
    currencies: Sequence[Currency]
    readonly: bool
    claim: ClaimData | None
    holder: HolderData | None


class FormData(ReceiptData):
    """All that the form is told in one run."""

    answered: str
    """The last decision that was carried out or refused, as `id:attempt`; empty before the first."""
    closed: Sequence[str]
    """Keys of the backups of receipts that are done with: the browser drops them."""
    categories: Sequence[Choice]
    reasons: Sequence[Choice]
    """Why a receipt may be rejected; the value `other` asks for words."""
    override_reasons: Sequence[Choice]
    """Why a receipt may be confirmed over warnings; the value `other` asks for words."""
    postpone: Sequence[Choice]
    """Until when a receipt may be postponed; the value `at` asks for a time."""
    spellings: Spellings
    labels: dict[str, str]


class Draft(TypedDict):
    """What the browser sends when typing pauses."""

    receipt_id: int
    reading_id: int | None
    load: str
    seq: int
    t: int
    """Browser clock in milliseconds."""
    client_id: str
    """The browser, by a random id that it keeps."""
    photo: str
    document: FormDocument


class Reason(TypedDict):
    """Why a receipt is rejected, or confirmed over warnings; `text` is empty unless the code is `other`."""

    code: str
    text: str


class Action(Draft):
    """What the operator decided, with the whole document as it stood at that moment."""

    id: str
    """The click: the same until an answer comes, however often it is sent."""
    attempt: int
    """How often it was sent: a page that has seen one does nothing the second time."""
    kind: Literal["confirm", "skip", "reject", "postpone", "undo"]
    reason: NotRequired[Reason]
    """Why it is rejected, or confirmed over warnings."""
    about: NotRequired[str]
    """The warnings that the reason answers, as they were asked about."""
    until: NotRequired[str]
    """Until when it is postponed: a choice, or a minute as 2026-11-23T14:00."""
    effort: NotRequired[dict[str, dict[str, float]]]
    """By field path: `ms` in the field, `edits` of it."""


class ClaimEvent(TypedDict):
    """What the form asks about the claim on its receipt: who has it, to go on with it, or to take it over."""

    id: str
    kind: Literal["look", "again", "take_over"]
    receipt_id: int
    load: str


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
    return _sent(
        _mount(key=key, data=data, on_draft_change=_nothing, on_action_change=_nothing, on_claim_change=_nothing)
    )


def latest(key: str) -> FormResult:
    """What the form sent, before it is shown: carried out first, so that the form can be told in the same run."""
    return _sent(st.session_state.get(key) or {})


def _sent(values: Mapping[str, Any]) -> FormResult:
    return FormResult(
        draft=cast("Draft | None", values.get("draft")),
        action=cast("Action | None", values.get("action")),
        claim=cast("ClaimEvent | None", values.get("claim")),
    )


def _nothing() -> None:
    """Declares a value of the component; the page reads the result instead."""
