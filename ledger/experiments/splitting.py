"""Which receipts a prompt may be tuned on, and on which it is judged. Pure.

Receipts of one shop resemble each other, and so do those of one week: a prompt that was tuned on a shop has seen half
of the shop's next receipt. So the test split is made of whole shops that tuning never sees, and of what the other shops
sold later than everything tuning sees of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from ledger.experiments.words import Split


class Dated(Protocol):
    """What a receipt is split by."""

    @property
    def shop(self) -> str:
        """The shop's key; empty where the place is unreadable."""
        ...

    @property
    def date(self) -> dt.date | None:
        """Day of purchase."""
        ...


def split_of(receipts: Sequence[Dated], *, seed: int, test_share: float) -> list[Split]:
    """The split of each receipt, in their order; about `test_share` of them are for the test.

    Half of these are of shops that are held out whole, chosen by the seed. The rest are the receipts of the other shops
    from a cut day on. A receipt without a date is newer than nothing, so it is for tuning unless its shop is held out;
    where dates are few, more shops are held out for it. Receipts of an unreadable place may be of any shop, so they are
    held out by their date alone.
    """
    if test_share >= 1:
        return [Split.TEST] * len(receipts)
    wanted = test_share * len(receipts)
    dated = sum(receipt.date is not None for receipt in receipts)
    held = _held_out(receipts, seed, most=max(wanted / 2, wanted - dated))
    left = [receipt.date for receipt in receipts if receipt.date is not None and receipt.shop not in held]
    first = _first_day(left, wanted - sum(receipt.shop in held for receipt in receipts))
    return [Split.TEST if receipt.shop in held or _from(first, receipt) else Split.TUNE for receipt in receipts]


def seeded(seed: int, text: str) -> int:
    """A number that only seed and text decide, on every machine: what is chosen once is chosen again."""
    return int.from_bytes(hashlib.blake2b(f"{seed}:{text}".encode(), digest_size=8).digest(), "big")


def _held_out(receipts: Iterable[Dated], seed: int, most: float) -> set[str]:
    """Shops by their seeded hash, each that still fits: a shop with most of the receipts is none to be held out."""
    sizes = Counter(receipt.shop for receipt in receipts if receipt.shop)
    held, taken = set[str](), 0
    for shop in sorted(sizes, key=lambda shop: (seeded(seed, shop), shop)):
        if taken + sizes[shop] <= most:
            held.add(shop)
            taken += sizes[shop]
    return held


def _first_day(days: Iterable[dt.date], wanted: float) -> dt.date | None:
    """The day from which on the number of receipts comes nearest to what is wanted; None where that is none of them."""
    first, nearest, later = None, abs(wanted), 0
    for day, count in sorted(Counter(days).items(), reverse=True):
        later += count
        if abs(later - wanted) < nearest:
            first, nearest = day, abs(later - wanted)
    return first


def _from(day: dt.date | None, receipt: Dated) -> bool:
    return day is not None and receipt.date is not None and receipt.date >= day
