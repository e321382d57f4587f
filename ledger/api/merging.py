"""Several photos of one purchase are one receipt; and what the app's columns take of it. Pure.

The rules are the contract's: date and place from the first photo that has them, the items of all, the total from the
last photo that has one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ledger.extraction.answer import LONGEST_TEXT
from ledger.receipt import LineItem, Receipt, to_contract

_Value = TypeVar("_Value")


def merged(receipts: Sequence[Receipt]) -> Receipt:
    """The purchase that these photos show, in the order in which they were taken; blank where there are none."""
    return Receipt(
        date=_first(receipts, lambda receipt: receipt.date),
        location=_first(receipts, lambda receipt: receipt.location),
        items=tuple(item for receipt in receipts for item in receipt.items),
        total_amount=_first(receipts[::-1], lambda receipt: receipt.total_amount),
        currency=_first([r for r in receipts if not r.is_blank], lambda receipt: receipt.currency) or "KRW",
    )


def _first(receipts: Sequence[Receipt], field: Callable[[Receipt], _Value | None]) -> _Value | None:
    return next((value for receipt in receipts if (value := field(receipt)) is not None), None)


def for_the_app(receipt: Receipt, arrived: dt.date) -> dict[str, Any]:
    """The contract's JSON in values that each column of the app takes, whatever could not be read.

    Its day must be a day: where none was read, it is `arrived`, the day on which the photo came. A count that was not
    read is 1. A picture that is no receipt says so in all its four values, from which the app knows it.
    """
    if receipt.is_blank:
        return to_contract(receipt)
    return to_contract(
        receipt.model_copy(
            update={
                "date": receipt.date or arrived,
                "location": _fitting(receipt.location),
                "items": tuple(map(_item, receipt.items)),
            }
        )
    )


def _item(item: LineItem) -> LineItem:
    return item.model_copy(update={"name": _fitting(item.name), "count": 1 if item.count is None else item.count})


def _fitting(text: str | None) -> str | None:
    return None if text is None else text[:LONGEST_TEXT]
