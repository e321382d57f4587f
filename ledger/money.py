"""How amounts are written: kept in the smallest unit of their currency, shown in its usual one. Pure."""

from __future__ import annotations

from typing import Final

ZERO_DECIMALS: Final = frozenset({"KRW", "JPY", "VND", "CLP", "ISK"})
"""Currencies without a smaller unit in use (ISO 4217, minor unit 0)."""


def decimals(currency: str) -> int:
    """Digits after the point when an amount of this currency is written."""
    return 0 if currency in ZERO_DECIMALS else 2


def format_amount(amount: int | None, currency: str) -> str:
    """An amount in the currency's usual writing: 13,500 for won, 9.00 for sen; empty for None."""
    if amount is None:
        return ""
    places = decimals(currency)
    return f"{amount / 10**places:,.{places}f}" if places else f"{amount:,}"
