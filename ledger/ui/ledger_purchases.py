"""The receipts of a day or a month in a member's ledger, each with what was bought and the way to its photo."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

import streamlit as st

from ledger.database import Database
from ledger.review.export import ledger_file
from ledger.review.ledger_days import Day
from ledger.review.ledger_view import Entry, Line, Place, Span, entries
from ledger.ui.ledger_place import LedgerPlace, month_text
from ledger.ui.ledger_sums import category_text, colour
from ledger.ui.plain_table import text
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts, mark

_MOST: Final = 30
_PAGE: Final = 200
_MORE: Final = mark("The receipt says {total} in all, {difference} more than its items.")
_LESS: Final = mark("The receipt says {total} in all, {difference} less than its items.")
_STYLE: Final = """<style>
.purchase { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.purchase-sum { margin: .125rem 0 0; font-size: 1.25rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.purchase-day { margin: 0; font-size: .875rem; opacity: .75; }
.purchase-items { width: 100%; border-collapse: collapse; font-size: .9375rem; }
.purchase-items caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.purchase-items :is(th, td) { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: baseline; border: 0; }
.purchase-items tr + tr :is(th, td) { border-top: 1px solid color-mix(in srgb, currentColor 12%, transparent); }
.purchase-items th { font-weight: 400; overflow-wrap: anywhere; }
.purchase-items .count { width: 4.25rem; padding-right: 1.25rem; text-align: right; white-space: nowrap; opacity: .75; }
.purchase-items .category { width: 6.5rem; white-space: nowrap; }
.purchase-items .category i { display: inline-block; width: .5rem; height: .5rem; margin-right: .375rem;
  border-radius: 50%; }
.purchase-items .price { width: 7rem; padding-right: 0; text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
</style>"""


def show(desk: Desk, place: LedgerPlace, found: Sequence[Day]) -> None:
    """The receipts of the chosen day; of the whole month while none is chosen."""
    t = desk.t
    assert place.month is not None, "a month is shown"
    when = t.long_day(place.day) if place.day else t.month(place.month)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(t("Receipts of {when}", when=when), width="content")
        _download(desk, place)
    count = sum(day.purchases for day in found if place.day in (None, day.date))
    if not count:
        st.info(t("Nothing was bought on this day. The days that have an amount have receipts."))
        return
    st.html(_STYLE)
    for entry in entries(desk.services.database, place.member, place.shown, limit=_MOST):
        _purchase(desk, entry)
    if count > _MOST:
        left = t("The newest {limit} of {count} are shown.", limit=_MOST, count=t.number(count))
        way_on = t("Choose a day to see its own; the file has all.")
        st.caption(f"{left} {way_on}")


def _download(desk: Desk, place: LedgerPlace) -> None:
    assert place.month is not None, "a month is shown"
    whose = re.sub(r"[^0-9A-Za-z가-힣_-]", "_", place.member or "none")
    st.download_button(
        desk.t("This month as CSV"),
        partial(_file, desk.services.database, place.member, place.days),
        f"ledger-{whose}-{month_text(place.month)}.csv",
        "text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _file(database: Database, member: str | None, span: Span) -> bytes:
    return b"".join(piece.encode() for piece in ledger_file(_all(database, member, span)))


def _all(database: Database, member: str | None, span: Span) -> Iterator[Entry]:
    after = None
    while page := entries(database, member, span, limit=_PAGE, after=after):
        yield from page
        after = Place(page[-1].date, page[-1].ledger_id)


def _purchase(desk: Desk, entry: Entry) -> None:
    t = desk.t.plain
    with st.container(border=True):
        what, items = st.columns([4, 7], gap="medium")
        what.html(
            f'<p class="purchase-day">{text(t.long_day(entry.date))}</p><p class="purchase">{text(entry.location)}</p>'
            f'<p class="purchase-sum">{text(t.money(entry.amount, entry.currency))}</p>'
        )
        with what:
            _remarks(desk, entry)
        if entry.items:
            items.html(_items(t, entry))
        else:
            items.caption(desk.t("This receipt has no items."))


def _remarks(desk: Desk, entry: Entry) -> None:
    t = desk.t
    if entry.differs_by:
        told = _MORE if entry.differs_by > 0 else _LESS
        by = t.money(abs(entry.differs_by), entry.currency)
        st.caption(t(told, total=t.money(entry.total, entry.currency), difference=by))
    if entry.receipt_id is None:
        st.caption(t("Written by the app itself: there is no photo."))
        return
    st.page_link(
        "pages/2_review.py",
        label=t("Show beside the form"),
        icon=":material/fact_check:",
        query_params={"receipt": str(entry.receipt_id)},
    )


def _items(t: Texts, entry: Entry) -> str:
    rows = "".join(_row(t, line, entry.currency) for line in entry.items)
    head = "".join(f'<th scope="col">{text(t(name))}</th>' for name in ("Item", "Count", "Category", "Price"))
    return (
        f'<table class="purchase-items"><caption>{text(t("Items"))}: {text(entry.location)}</caption>'
        f"<thead hidden><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(t: Texts, line: Line, currency: str) -> str:
    count = f"× {t.number(line.count)}" if line.count > 1 else ""
    price = "—" if line.price is None else t.money(line.price, currency)
    return (
        f'<tr><th scope="row">{text(line.name)}</th><td class="count">{text(count)}</td>'
        f'<td class="category"><i style="background:{colour(line.category)}"></i>'
        f'{text(category_text(t, line.category))}</td><td class="price">{text(price)}</td></tr>'
    )
