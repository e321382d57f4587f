"""From the lines of a page to a receipt: which country's rules apply, and whether it is a receipt at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ledger.extraction.notes import ASSUMED_CURRENCY, DISCOUNTS
from ledger.extraction.offline.amounts import currency_in, has_decimals
from ledger.extraction.offline.dates import purchase_date
from ledger.extraction.offline.english_items import read_english_items
from ledger.extraction.offline.english_layout import read_english_location, read_english_total
from ledger.extraction.offline.korean_items import read_items, read_nameless_items
from ledger.extraction.offline.korean_place import read_location
from ledger.extraction.offline.korean_total import read_total
from ledger.extraction.offline.rows import Row
from ledger.notes import Note
from ledger.receipt import Receipt

DECIMAL_CURRENCY: Final = "MYR"
"""For amounts with two decimals and no sign or word of a currency: the receipts with decimals we know are Malaysian."""
MIN_ROWS: Final = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """A receipt and what its reader says about it."""

    receipt: Receipt
    notes: tuple[Note, ...] = ()


def read_layout(rows: Sequence[Row], hangul: bool) -> Layout:
    """The receipt on the page; a blank one when the page is none. `hangul` says whether Hangul was read at all."""
    texts = [row.text for row in rows]
    if len(rows) < MIN_ROWS:
        return Layout(Receipt())
    layout = _english(texts) if has_decimals(texts) and not _is_korean(texts) else _korean(rows, hangul)
    return layout if _is_receipt(layout.receipt) else Layout(Receipt())


def _is_korean(texts: Sequence[str]) -> bool:
    """True when syllables are a fifth of the letters; a few are misread signs of a Latin page."""
    page = "".join(texts)
    syllables, letters = len(re.findall("[가-힣]", page)), len(re.findall("[A-Za-z]", page))
    return syllables > 0.2 * (syllables + letters)


def _is_receipt(receipt: Receipt) -> bool:
    """Money tells a receipt; a sign or a letter has dates and names as well."""
    return receipt.total_amount is not None or any(item.price is not None for item in receipt.items)


def _korean(rows: Sequence[Row], hangul: bool) -> Layout:
    texts = [row.text for row in rows]
    table = read_items(rows) if hangul else read_nameless_items(rows)
    receipt = Receipt(
        date=purchase_date(texts, "ymd"),
        location=read_location(rows, table.start) if hangul else None,
        items=table.items,
        total_amount=read_total(rows, table),
        currency="KRW",
    )
    discount = -sum(table.discounts)
    notes = (Note(DISCOUNTS, {"amount": f"{discount:,}"}),) if discount else ()
    return Layout(receipt, notes)


def _english(texts: Sequence[str]) -> Layout:
    currency = currency_in(texts)
    receipt = Receipt(
        date=purchase_date(texts, "mdy" if currency == "USD" else "dmy"),
        location=read_english_location(texts),
        items=read_english_items(texts),
        total_amount=read_english_total(texts),
        currency=currency or DECIMAL_CURRENCY,
    )
    notes = () if currency else (Note(ASSUMED_CURRENCY, {"currency": DECIMAL_CURRENCY}),)
    return Layout(receipt, notes)
