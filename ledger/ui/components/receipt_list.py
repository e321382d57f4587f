"""The list of receipts: sections, filters and pages of lines, walked by keyboard, opened by one key or one click.

The page says what is listed (`place`, as it stands in the address) and gives the lines; the list asks for another
place, or for some receipts to be read again, and goes to the address of the one that is opened. Lines stay where they
are while the page runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NotRequired, TypedDict, cast

from ledger.ui.components import nothing, register, sent

LABELS: Final[dict[str, str]] = {
    "sections": "Which receipts are listed",
    "filters": "Search and filter",
    "receipts": "Receipts",
    "text": "Search the place",
    "since": "Date from",
    "until": "Date to",
    "any_model": "All models",
    "warned": "With a warning",
    "clear": "Clear filters",
    "order": "Order",
    "number": "No.",
    "place": "Location",
    "date": "Date",
    "total": "Total",
    "status": "Status",
    "risk": "Risk",
    "model": "Model",
    "arrived": "Arrived",
    "risk_1": "low",
    "risk_2": "medium",
    "risk_3": "high",
    "warning": "Something on this receipt does not fit",
    "choose": "Choose receipt {number}",
    "choose_all": "Choose all on this page",
    "choose_none": "Choose none",
    "chosen": "Chosen: {count}",
    "read_again": "Read again",
    "keys": "↑↓ line · Enter open · Space choose · / search",
    "page_before": "Page before (PageUp)",
    "page_next": "Next page (PageDown)",
}
"""Every text the list shows, in English. The page translates the values and keeps the {names} in them."""


class Place(TypedDict):
    """What is listed, in the words of the address; empty texts are left out there."""

    section: str
    order: str
    text: str
    since: str
    until: str
    """Days as in 2024-11-30."""
    model: str
    warned: bool
    after: str
    """Where this page begins; empty for the first."""


class Section(TypedDict):
    """A list to choose from, or an order."""

    value: str
    label: str
    count: NotRequired[str]


class Line(TypedDict):
    """One receipt as the list shows it: words, not values."""

    id: int
    address: str
    """Where it is opened, in this tab or in one of its own."""
    photo: str
    """Address of its photo, fetched before the receipt is opened; empty where there is nothing to show."""
    place: str
    photo_name: str
    unnamed: bool
    """True when no place was read and the photo's name stands there."""
    date: str
    total: str
    status: str
    holder: str
    risk: Literal[0, 1, 2, 3]
    """Low, medium or high; 0 where nothing was read."""
    warned: bool
    model: str
    arrived: str
    why: str
    """Why it could not be read, in a sentence."""


class Pages(TypedDict):
    """`after` of the neighbouring pages; None where there is none."""

    before: str | None
    next: str | None


class ListData(TypedDict):
    """All that the list is told in one run."""

    place: Place
    answered: str
    """Id of the last question that this place answers."""
    sections: Sequence[Section]
    orders: Sequence[Section]
    models: Sequence[str]
    lines: Sequence[Line]
    pages: Pages
    said: str
    """How many there are, in words."""
    empty: str
    """Why there is nothing in the list, in sentences."""
    labels: dict[str, str]


class ListAction(TypedDict):
    """What the operator asked for; `id` is the same however often it arrives."""

    id: str
    kind: Literal["show", "read_again"]
    place: NotRequired[Place]
    receipts: NotRequired[list[int]]


SCRIPTS: Final = (
    "shared/page",
    "shared/words",
    "shared/ids",
    "shared/keeping",
    "photos",
    "words",
    "lines",
    "choosing",
    "walking",
    "asking",
    "bar",
    "keys",
    "list",
)
"""From what the others stand on to the list itself, which holds the default export and so comes last."""

STYLES: Final = ("shared/look", "shared/buttons", "bar", "lines")

_mount = register("receipt_list", scripts=SCRIPTS, styles=STYLES)


def receipt_list(data: ListData, key: str) -> None:
    """Show the list; what it asks for is `latest_action` of the next run."""
    _mount(key=key, data=data, on_action_change=nothing)


def latest_action(key: str) -> ListAction | None:
    """What the list asked for, before it is shown: carried out first, so that one run answers it."""
    return cast("ListAction | None", sent(key).get("action"))
