"""Which receipt follows on the Review page: the next of the list, order and filter that the operator came from."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Final

import streamlit as st

from ledger.clock import utc_now
from ledger.errors import ReceiptClosed, ReceiptHeld
from ledger.review import claims, queue
from ledger.review.wanted import ALL, READY, Filter, Order
from ledger.tables import ReceiptRow
from ledger.ui.queue_place import TITLES, QueuePlace, place_of, stay_at
from ledger.ui.receipt_lines import lines_at
from ledger.ui.shell import Desk

_PAGE: Final = "review"
_TRIED: Final = 20
"""Receipts of a list that are tried until one is free; that more are held at once is as good as that all are."""


def followed() -> QueuePlace:
    """What is followed: section, order and filter."""
    return place_of(_PAGE)


def next_claim(desk: Desk, skip: int | None, *, ahead: bool = False) -> claims.Claim | None:
    """Claim what comes next, or comes after it; None when nothing is left of what is followed.

    Ahead only of what waits: what failed or was not read is not gone through at such a pace.
    """
    place, database, now = followed(), desk.services.database, utc_now()
    if place.section != "waiting":
        return None if ahead else _claim_first(desk, place, skip)
    order, wanted = Order(place.order), place.wanted
    return claims.claim_next(
        database, desk.operator, new_token(), now, order=order, wanted=wanted, skip=skip, ahead=ahead
    )


def upcoming(desk: Desk, skip: int | None = None) -> ReceiptRow | None:
    """What would be claimed ahead; nothing is claimed."""
    place, database, now = followed(), desk.services.database, utc_now()
    if place.section != "waiting":
        return None
    order, wanted = Order(place.order), place.wanted
    return next(iter(queue.upcoming(database, 1, desk.operator, now, order=order, wanted=wanted, skip=skip)), None)


def filter_chip(desk: Desk) -> None:
    """Say what is followed, where that is not everything that waits; a click ends it."""
    place = followed()
    parts = [desk.t(TITLES[place.section])] if place.section != "waiting" else []
    said = " · ".join([*parts, *([place.filter_text(desk.t)] if place.is_filtered else [])])
    told = desk.t("Filter: {filter}", filter=said)
    if said and st.button(told, icon=":material/close:", key="filter_chip", type="tertiary", help=told):
        follow_all()
        st.rerun()


def follow_all() -> None:
    """Follow everything that waits from here on, in the same order."""
    stay_at(_PAGE, QueuePlace(order=place_of(_PAGE).order))


def wanted() -> Filter:
    """What of the receipts is followed."""
    place = place_of(_PAGE)
    if place.section == "postponed":  # a list of its own, and by status as ready as what waits
        return replace(place.wanted, statuses=READY)
    return place.wanted if place.is_filtered or place.section != "waiting" else ALL


def new_token() -> str:
    """A name for one opening of a receipt, that nobody guesses."""
    return uuid.uuid4().hex


def _claim_first(desk: Desk, place: QueuePlace, skip: int | None) -> claims.Claim | None:
    """Claim the first of a list that nobody holds."""
    database, now = desk.services.database, utc_now()
    for line in lines_at(database, place, now, _TRIED):
        try:
            if line.row.id != skip:
                return claims.claim(database, line.row.id, desk.operator, new_token(), now)
        except (ReceiptHeld, ReceiptClosed):
            continue
    return None
