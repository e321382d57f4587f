"""Pairs as tests need them, without a database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ledger.receipt import Category, LineItem, Receipt
from ledger.review.pairs import Pair
from tests.factories import MISREAD, NOW, RIGHT


def pair(number: int = 1, read: Receipt = MISREAD, confirmed: Receipt = RIGHT, **more: Any) -> Pair:
    """One receipt as it was read and confirmed."""
    usual: dict[str, Any] = {
        "receipt_id": number,
        "review_id": 100 + number,
        "extraction_id": 1_000 + number,
        "decision": "confirmed",
        "operator": "지수",
        "at": NOW + dt.timedelta(minutes=number),
        "store": "memory://photos/",
        "object_key": f"ledger/{number}.jpg",
        "image_sha256": f"{number:064x}",
        "engine": "openai",
        "model": "gpt-4o",
        "temperature": 0.2,
        "prompt_version": "receipt-v1@0123456789ab",
        "settings": {},
        "doubts": None,
        "places": None,
        "risk": 0.1,
        "quarter_turns": 0,
    }
    return Pair(read=read, confirmed=confirmed, **(usual | more))


def named(*names: str, location: str = "하남시, 루트231", category: Category = Category.FOOD) -> Receipt:
    """A receipt with these items, a thousand won each."""
    items = tuple(LineItem(name=name, price=1_000, count=1, category=category) for name in names)
    return Receipt(date=dt.date(2024, 11, 11), location=location, items=items, total_amount=1_000 * len(names))
