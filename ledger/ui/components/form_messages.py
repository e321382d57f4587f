"""What the page tells the review form, and what the form sends back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from ledger.review.document import FormDocument


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
