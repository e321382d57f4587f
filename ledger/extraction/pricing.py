"""What a reading costs. Prices change without notice, so the table says when it was read. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

PRICES_READ_ON: Final = dt.date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens, which is the same number as millionths of a dollar for one token."""

    input: Decimal
    cached: Decimal
    output: Decimal
    cache_write: Decimal | None = None
    """From GPT-5.6 on, input that is put into the cache has a price of its own."""


def _price(*dollars: str) -> Price:
    return Price(*map(Decimal, dollars))


PRICES: Final = {
    "gpt-4o": _price("2.50", "1.25", "10"),
    "gpt-4o-2024-08-06": _price("2.50", "1.25", "10"),
    "gpt-4o-2024-11-20": _price("2.50", "1.25", "10"),
    "gpt-4o-mini": _price("0.15", "0.075", "0.60"),
    "gpt-4o-mini-2024-07-18": _price("0.15", "0.075", "0.60"),
    "gpt-4.1": _price("2", "0.50", "8"),
    "gpt-4.1-2025-04-14": _price("2", "0.50", "8"),
    "gpt-4.1-mini": _price("0.40", "0.10", "1.60"),
    "gpt-4.1-mini-2025-04-14": _price("0.40", "0.10", "1.60"),
    "gpt-5.4-mini": _price("0.75", "0.075", "4.50"),
    "gpt-5.6-luna": _price("0.20", "0.02", "1.20", "0.25"),
    "gpt-6-luna": _price("0.10", "0.01", "0.50", "0.125"),
    "gpt-6-sol": _price("2", "0.20", "10", "2.50"),
    "gpt-6.1-terra": _price("1", "0.05", "5", "1.25"),
    "gpt-6-astra": _price("10", "1", "50", "12.50"),
}
"""Prices without batch or priority (developers.openai.com/api/docs/pricing), by the name that a request gives."""


def cost_microusd(
    model: str, prompt_tokens: int, completion_tokens: int, cached_tokens: int = 0, cache_write_tokens: int = 0
) -> int | None:
    """Cost in millionths of a US dollar; None for a model that is not in the table.

    `prompt_tokens` counts all input, cached and newly cached tokens included, as the service reports it.
    """
    price = PRICES.get(model)
    if price is None:
        return None
    fresh = max(prompt_tokens - cached_tokens - cache_write_tokens, 0)
    cost = (
        fresh * price.input
        + cached_tokens * price.cached
        + cache_write_tokens * (price.cache_write or price.input)
        + completion_tokens * price.output
    )
    return int(cost.quantize(Decimal(1), ROUND_HALF_UP))
