"""Counts of what was read for what, with their shops and examples, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ledger.review.pairs import Pair
from ledger.tuning.examples import MOST, Example

KEPT: Final = 20_000
"""Kinds that are counted at a time. Where there are twice as many, those seen least are forgotten."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """What was read for what: words, syllables or jamo. An empty jamo was added or lost."""

    right: str
    read: str
    count: int
    receipts: int
    shops: Mapping[str, int]
    """How often in which shop, by its key."""
    examples: Sequence[Example]


@dataclass(frozen=True, slots=True)
class SlipFound:
    """A structural slip, see slips.RULES."""

    rule: str
    count: int
    receipts: int
    shops: Mapping[str, int]
    examples: Sequence[Example]


@dataclass(frozen=True, slots=True)
class MisreadNames:
    """Words in the item names of one shop that were read for others."""

    shop: str
    count: int
    receipts: int
    examples: Sequence[Example]


@dataclass(slots=True)
class _Tally:
    count: int = 0
    receipts: int = 0
    newest: int = 0
    """Receipt that was counted last: each is counted once."""
    shops: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)

    def add(self, pair: Pair, example: Example) -> None:
        self.count += 1
        self.shops[pair.shop] += 1
        if self.newest != pair.receipt_id:
            self.newest = pair.receipt_id
            self.receipts += 1
            # One a receipt, the newest ones: what was last read so says most of how it is read now.
            self.examples = [*self.examples[1 - MOST :], example]


class Tallies:
    """Tallies by what they are of: (right, read), (rule,), (shop,) or a part and a field."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._found: dict[tuple[str, ...], _Tally] = {}

    def add(self, key: tuple[str, ...], pair: Pair, example: Example) -> None:
        """Count it once more, in this pair."""
        if key not in self._found and len(self._found) >= 2 * self._kept:
            self._forget()
        self._found.setdefault(key, _Tally()).add(pair, example)

    def confusions(self) -> list[Confusion]:
        """The most frequent first; of equals the one with more shops, then by its words."""
        return [
            Confusion(key[0], key[1], found.count, found.receipts, found.shops, _newest_first(found))
            for key, found in self._sorted()
        ]

    def slips(self) -> list[SlipFound]:
        """The most frequent first."""
        return [
            SlipFound(key[0], found.count, found.receipts, found.shops, _newest_first(found))
            for key, found in self._sorted()
        ]

    def misread_names(self) -> list[MisreadNames]:
        """By shop, the most frequent first."""
        return [
            MisreadNames(key[0], found.count, found.receipts, _newest_first(found)) for key, found in self._sorted()
        ]

    def examples(self) -> dict[tuple[str, ...], list[Example]]:
        """The newest first, by what they are of."""
        return {key: _newest_first(found) for key, found in self._found.items()}

    def _sorted(self) -> list[tuple[tuple[str, ...], _Tally]]:
        return sorted(self._found.items(), key=lambda each: (-each[1].count, -len(each[1].shops), each[0]))

    def _forget(self) -> None:
        self._found = dict(self._sorted()[: self._kept])


def _newest_first(found: _Tally) -> list[Example]:
    return found.examples[::-1]
