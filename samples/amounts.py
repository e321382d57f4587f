"""What every layout prints: the zeros for a business's numbers, and amounts as tills write them."""

from __future__ import annotations

from typing import Final

from ledger.receipt import LineItem

BUSINESS_NUMBER: Final = "000-00-00000"
PHONE: Final = "02-0000-0000"


def won(amount: int) -> str:
    """An amount of won with its thousands parted."""
    return f"{amount:,}"


def unit_price(item: LineItem) -> int:
    """What one piece costs."""
    return (item.price or 0) // (item.count or 1)
