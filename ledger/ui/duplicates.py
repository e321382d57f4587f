"""A receipt and its look-alikes side by side: the operator says whether they are one."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any, Final

import streamlit as st

from ledger.errors import LedgerError
from ledger.receipt import Receipt
from ledger.review.confirm import confirmed_receipt
from ledger.review.document import to_form
from ledger.review.duplicates import LookAlike, Sign, look_alikes, tell_apart
from ledger.review.queue import OpenReceipt, open_receipt
from ledger.ui import deciding
from ledger.ui.components.form_messages import Action
from ledger.ui.opened_receipt import Opened
from ledger.ui.photos import photo_url
from ledger.ui.plain_table import show_table, text
from ledger.ui.shell import Desk
from ledger.ui.side_by_side import compared
from ledger.ui.texts import mark

SIGNS: Final = {
    Sign.BYTES: mark("the same file"),
    Sign.PICTURE: mark("nearly the same picture"),
    Sign.SALE: mark("the same place, day and total"),
}
_FOUND: Final = "look_alikes"
_PHOTO: Final = "display:block;width:100%"
_WINDOW: Final = "height:56vh;overflow:auto"
"""A receipt is tall and narrow: as wide as the dialog allows it can be read, and is scrolled."""


def found_for(desk: Desk, opened: Opened) -> Sequence[LookAlike]:
    """The look-alikes of an open receipt, looked up once for each time that it is opened."""
    if opened.closed:
        return ()
    known: tuple[str, Sequence[LookAlike]] | None = st.session_state.get(_FOUND)
    if known is None or known[0] != opened.load:
        known = opened.load, _look(desk, opened.receipt.id)
        st.session_state[_FOUND] = known
    return known[1]


def headline(desk: Desk, alike: LookAlike) -> str:
    """Which receipt looks like it and why, in a line."""
    t = desk.t
    status = t.status(alike.status)
    if alike.operator is not None:
        status = t("{status} by {operator}", status=status, operator=alike.operator)
    return t(
        "Looks like receipt {number}: {sign}; {status}",
        number=alike.receipt_id,
        sign=t(SIGNS[alike.sign]),
        status=status,
    )


def show_duplicates(desk: Desk, opened: Opened, closing: Callable[[], None]) -> None:
    """Open the dialog; `closing` is called when it is closed."""
    t = desk.t

    @st.dialog(t("Is this a duplicate?"), width="large", on_dismiss=closing)
    def dialog() -> None:
        alike = _chosen(desk, found_for(desk, opened))
        try:
            sides = [open_receipt(desk.services.database, each) for each in (opened.receipt.id, alike.receipt_id)]
        except LedgerError as error:
            st.error(t.error(error))
            return
        reject, apart, _ = st.columns([3, 3, 4])
        if reject.button(t("Reject as duplicate"), key="reject_duplicate", type="primary", width="stretch"):
            closing()
            deciding.decide(desk, opened, _rejection(opened, alike.receipt_id))
            st.rerun()
        if apart.button(t("Not a duplicate"), key="not_a_duplicate", width="stretch"):
            _tell_apart(desk, opened, alike, closing)
        _photos(desk, sides)
        _documents(desk, sides, opened)

    dialog()


def _look(desk: Desk, receipt_id: int) -> Sequence[LookAlike]:
    try:
        return look_alikes(desk.services.database, receipt_id)
    except LedgerError:  # a hint is not worth a receipt that cannot be worked on; the page says itself what is away
        return ()


def _chosen(desk: Desk, alike: Sequence[LookAlike]) -> LookAlike:
    if len(alike) > 1:
        chosen = st.radio(
            desk.t("Compare with"),
            options=range(len(alike)),
            format_func=lambda i: headline(desk, alike[i]),
            key="look_alike",
            label_visibility="collapsed",
        )
        return alike[min(int(chosen or 0), len(alike) - 1)]
    st.markdown(headline(desk, alike[0]))
    return alike[0]


def _photos(desk: Desk, sides: Sequence[OpenReceipt]) -> None:
    for column, side in zip(st.columns(2), sides, strict=True):
        title = desk.t("Receipt {number}", number=side.row.id)
        url = text(photo_url(desk.services, side.row))
        # Not st.image: it would fetch the photo through the session's memory and shrink it.
        image = f'<a href="{url}" target="_blank"><img src="{url}" alt="{text(title)}" style="{_PHOTO}"></a>'
        column.html(f'<div style="{_WINDOW}">{image}</div>')


def _documents(desk: Desk, sides: Sequence[OpenReceipt], opened: Opened) -> None:
    """The main fields of both; what differs is marked."""
    t = desk.t
    rows = compared(opened.document, _document(sides[1]), t.plain)
    rows.append([text(t("Status")), *(text(t.plain.status(side.row.status)) for side in sides)])
    head = ["", *(t("Receipt {number}", number=side.row.id) for side in sides)]
    show_table(t("What both say"), head, rows)


def _document(side: OpenReceipt) -> Any:
    if side.review is not None and side.review.document is not None:
        return to_form(confirmed_receipt(side.review))
    if side.draft is not None:
        return side.draft.document
    return to_form(side.model or Receipt())


def _rejection(opened: Opened, other_id: int) -> Action:
    """The rejection as the form would send it; nothing was typed in between."""
    return {
        "id": uuid.uuid4().hex,
        "attempt": 1,
        "kind": "reject",
        "receipt_id": opened.receipt.id,
        "reading_id": opened.reading_id,
        "load": opened.load,
        "seq": opened.acked_seq,
        "t": opened.saved_ms,
        "client_id": opened.saved_client,
        "photo": opened.receipt.etag,
        "document": opened.document,
        "reason": {"code": "duplicate", "text": f"#{other_id}"},
    }


def _tell_apart(desk: Desk, opened: Opened, alike: LookAlike, closing: Callable[[], None]) -> None:
    try:
        tell_apart(desk.services.database, opened.receipt.id, alike.receipt_id)
    except LedgerError as error:
        st.error(desk.t.error(error))
        return
    st.session_state.pop(_FOUND, None)
    if not found_for(desk, opened):
        closing()
    st.rerun()
