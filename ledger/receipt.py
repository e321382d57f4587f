"""A receipt, its words and its two JSON forms: ours (unreadable is null) and the wire's (unreadable is said)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

UNREADABLE_TEXT: Final = "읽을 수 없음"
UNREADABLE_NUMBER: Final = -1


class Category(StrEnum):
    """What an item was bought for; the values are the contract's own words."""

    FOOD = "식비"
    GROOMING = "미용"
    MEDICAL = "의료"
    LEISURE = "여가"
    SUPPLIES = "용품"
    OTHER = "기타"


class ReceiptStatus(StrEnum):
    """Where a receipt stands on its journey."""

    PENDING = "pending"
    EXTRACTED = "extracted"
    FAILED = "failed"
    IN_REVIEW = "in_review"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


OPEN_STATUSES: Final = (ReceiptStatus.PENDING, ReceiptStatus.EXTRACTED, ReceiptStatus.FAILED, ReceiptStatus.IN_REVIEW)
"""Statuses in which a person may still decide."""


class LineItem(BaseModel):
    """One line of a receipt. `price` is the amount printed for the line, all `count` pieces together."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str | None = None
    price: int | None = None
    count: int | None = None
    category: Category | None = None


class Receipt(BaseModel):
    """What a receipt says. None is unreadable; amounts are in the currency's smallest unit (won, cents, sen)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: dt.date | None = None
    location: str | None = None
    items: tuple[LineItem, ...] = ()
    total_amount: int | None = None
    currency: str = "KRW"

    @property
    def is_blank(self) -> bool:
        """True when nothing at all was read: a picture that is no receipt."""
        return not self.items and self.date is None and self.location is None and self.total_amount is None


def to_contract(receipt: Receipt) -> dict[str, Any]:
    """The JSON other services get: every field present, unreadable said in the contract's own values."""
    return {
        "date": receipt.date.isoformat() if receipt.date else UNREADABLE_TEXT,
        "location": _text(receipt.location),
        "items": [_item_to_contract(item) for item in receipt.items],
        "total_amount": _number(receipt.total_amount),
    }


def from_contract(document: Mapping[str, Any], currency: str = "KRW") -> Receipt:
    """The receipt in a contract JSON. Raises ValueError (pydantic's) for values the contract does not allow."""
    return Receipt.model_validate(
        {
            "date": readable(document["date"]),
            "location": readable(document["location"]),
            "items": [{key: readable(value) for key, value in item.items()} for item in document["items"]],
            "total_amount": readable(document["total_amount"]),
            "currency": currency,
        }
    )


def _item_to_contract(item: LineItem) -> dict[str, Any]:
    return {
        "name": _text(item.name),
        "price": _number(item.price),
        "count": _number(item.count),
        "category": (item.category or Category.OTHER).value,
    }


def _text(value: str | None) -> str:
    return UNREADABLE_TEXT if value is None else value


def _number(value: int | None) -> int:
    return UNREADABLE_NUMBER if value is None else value


def readable(value: object) -> object:
    """A value of the contract; None for those that say unreadable."""
    return None if value in (UNREADABLE_TEXT, UNREADABLE_NUMBER) else value
