"""A place in the lists of receipts: which list, what of it, in which order, from where. It is kept in the address.

So a reload, a link and the browser's back lead to the same lines, and the Review page goes on in the same order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, cast

import streamlit as st

from ledger.receipt import ReceiptStatus
from ledger.review.wanted import READY, Filter, Order
from ledger.ui.components.receipt_list import Place
from ledger.ui.texts import Texts, mark

SECTIONS: Final[dict[str, tuple[ReceiptStatus, ...]]] = {
    "waiting": READY,
    "postponed": (),
    "failed": (ReceiptStatus.FAILED,),
    "unread": (ReceiptStatus.PENDING,),
    "confirmed": (ReceiptStatus.CONFIRMED,),
    "rejected": (ReceiptStatus.REJECTED,),
}
FOLLOWED: Final = ("waiting", "postponed", "failed")
"""Lists that are gone through on the Review page."""
TITLES: Final = {
    "waiting": mark("Ready for review"),
    "postponed": mark("Postponed"),
    "failed": mark("Failed"),
    "unread": mark("Waiting to be read"),
    "confirmed": mark("Confirmed"),
    "rejected": mark("Rejected"),
}
ORDERS: Final = {Order.RISK: mark("By risk"), Order.AGE: mark("By age")}

ARRIVED: Final = "page_arrived"
"""In the session: whether another page was looked at just before."""
_LONGEST_TEXT: Final = 100
_NAMES: Final = {"section": "list", "text": "q"}
"""Names in the address that are not those of the fields."""


@dataclass(frozen=True, slots=True)
class QueuePlace:
    """Texts as in the address; what it does not say is as here."""

    section: str = "waiting"
    order: str = Order.RISK.value
    text: str = ""
    since: str = ""
    until: str = ""
    model: str = ""
    warned: bool = False
    after: str = ""

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> QueuePlace:
        """The place that somebody's words name, as far as they can be understood."""
        words = {name: str(said.get(name, "")).strip()[:_LONGEST_TEXT] for name in cls.names()}
        return cls(
            section=words["section"] if words["section"] in SECTIONS else "waiting",
            order=words["order"] if words["order"] in list(Order) else Order.RISK.value,
            text=words["text"],
            since=_day(words["since"]),
            until=_day(words["until"]),
            model=words["model"],
            warned=said.get("warned") in (True, "1"),
            after=words["after"],
        )

    @classmethod
    def in_address(cls) -> QueuePlace | None:
        """The place in the page's address; None when it names none."""
        address = st.query_params.to_dict()
        said = {name: address[_in_address(name)] for name in cls.names() if _in_address(name) in address}
        return cls.of(said) if said else None

    @classmethod
    def names(cls) -> list[str]:
        """The names of what a place is made of."""
        return [each.name for each in fields(cls)]

    @property
    def address(self) -> dict[str, str]:
        """What the address says of it: only what is not as always."""
        usual = QueuePlace()
        said = {name: getattr(self, name) for name in self.names() if getattr(self, name) != getattr(usual, name)}
        return {_in_address(name): "1" if value is True else value for name, value in said.items()}

    @property
    def words(self) -> Place:
        """The same for the list in the browser."""
        return cast("Place", asdict(self))

    @property
    def wanted(self) -> Filter:
        """What of the section is wanted."""
        return Filter(
            text=self.text,
            since=dt.date.fromisoformat(self.since) if self.since else None,
            until=dt.date.fromisoformat(self.until) if self.until else None,
            statuses=SECTIONS[self.section],
            warned=self.warned,
            model=self.model or None,
        )

    @property
    def first_page(self) -> QueuePlace:
        """The same from its beginning."""
        return replace(self, after="")

    @property
    def followed(self) -> QueuePlace:
        """What is gone on with in review: of what is closed or unread nothing, so what waits."""
        return self.first_page if self.section in FOLLOWED else QueuePlace(order=self.order)

    @property
    def is_filtered(self) -> bool:
        """Whether less than the whole section is wanted."""
        return self.first_page != self.unfiltered

    @property
    def unfiltered(self) -> QueuePlace:
        """The same section in the same order, all of it."""
        return QueuePlace(section=self.section, order=self.order)

    def filter_text(self, t: Texts) -> str:
        """What is filtered by, in words; empty when nothing is."""
        days = f"{self._date(t, self.since)}–{self._date(t, self.until)}" if self.since or self.until else ""
        warned = t("With a warning") if self.warned else ""
        return " · ".join(part for part in (self.text, days, self.model, warned) if part)

    @staticmethod
    def _date(t: Texts, day: str) -> str:
        return t.date(dt.date.fromisoformat(day)) if day else ""


def place_of(page: str) -> QueuePlace:
    """Where a page is in the lists: as the address says, else as it was when another page was looked at since."""
    place = QueuePlace.in_address()
    if place is None and st.session_state.get(ARRIVED):
        place = st.session_state.get(f"{page}_place")
    return stay_at(page, place or QueuePlace())


def stay_at(page: str, place: QueuePlace) -> QueuePlace:
    """Have a page be there from here on."""
    st.session_state[f"{page}_place"] = place
    go_to(place)
    return place


def go_to(place: QueuePlace) -> None:
    """Write a place into the page's address, beside what else stands there, in one step of the browser's history."""
    if (address := {**beside_place(), **place.address}) != st.query_params.to_dict():
        st.query_params.from_dict(address)


def beside_place() -> dict[str, str]:
    """What the address says beside the place in the lists: the receipt, the operator, the language."""
    ours = {_in_address(name) for name in QueuePlace.names()}
    return {name: value for name, value in st.query_params.to_dict().items() if name not in ours}


def _in_address(name: str) -> str:
    return _NAMES.get(name, name)


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
