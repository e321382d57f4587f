"""What people's corrections say of how receipts are read, from a stream of pairs, in bounded memory.

An amendment after the confirm is in its pair, so it counts. Nothing here leaves a test split out: who makes a prompt of
it gives the pairs that ledger/tuning/blind.py lets through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.corrections import hangul
from ledger.corrections.diff import Correction
from ledger.operations.measures import Rate
from ledger.review.pairs import Pair
from ledger.tuning import confusions
from ledger.tuning.examples import Example, example
from ledger.tuning.rates import Part, Rates
from ledger.tuning.slips import slips
from ledger.tuning.tallies import Confusion, MisreadNames, SlipFound, Tallies

WordConfusion = Confusion
JamoConfusion = Confusion


@dataclass(frozen=True, slots=True)
class SyllableConfusion(Confusion):
    """One syllable that was read for another: 감 read as 검. What look-alikes to mind are made of."""

    stood: int
    """How often the right one stands in confirmed names and places, misread or not."""


@dataclass(frozen=True, slots=True)
class Insight:
    """Everything there is to tell. Lists begin with the most frequent."""

    all: Part
    parts: Mapping[str, Mapping[str, Part]]
    """By dimension and value, see rates.DIMENSIONS."""
    words: Sequence[WordConfusion]
    misread_names: Sequence[MisreadNames]
    syllables: Sequence[SyllableConfusion]
    jamo: Sequence[JamoConfusion]
    slips: Sequence[SlipFound]
    examples: Mapping[tuple[str, ...], Sequence[Example]]
    """Of the rates: by dimension, value and field, see Rates.examples."""

    @property
    def receipts(self) -> int:
        """Receipts it is made of."""
        return self.all.receipts

    @property
    def corrected(self) -> Rate:
        """Receipts with any correction."""
        return self.all.corrected

    @property
    def fields(self) -> Mapping[str, Rate]:
        """Receipts with a correction of each field."""
        return self.all.fields


def insight(pairs: Iterable[Pair], *, zone: str = "UTC") -> Insight:
    """The insight into these receipts, each looked at once; weeks begin on Monday in this zone."""
    found = Gathering(zone)
    for pair in pairs:
        found.add(pair)
    return found.insight()


class Gathering:
    """An insight that grows with each pair."""

    def __init__(self, zone: str = "UTC") -> None:
        self._rates = Rates(zone)
        self._words, self._syllables, self._jamo, self._slips = Tallies(), Tallies(), Tallies(), Tallies()
        self._misread_names = Tallies()
        self._stood = Counter[str]()

    def add(self, pair: Pair) -> None:
        """Look at one more receipt."""
        found = pair.corrections() if pair.read != pair.confirmed else []
        self._rates.add(pair, found)
        for text in _texts(pair):
            self._stood.update(sign for sign in text if confusions.is_syllable(sign))
        for each in found:
            self._add_text(pair, each)
        for slip in slips(pair.read, pair.confirmed):
            told = example(pair, slip.field, slip.item_index, slip.read, slip.right)
            self._slips.add((slip.rule,), pair, told)

    def insight(self) -> Insight:
        """What was found so far."""
        return Insight(
            all=self._rates.all(),
            parts=self._rates.parts(),
            words=self._words.confusions(),
            misread_names=self._misread_names.misread_names(),
            syllables=[self._syllable(each) for each in self._syllables.confusions()],
            jamo=self._jamo.confusions(),
            slips=self._slips.slips(),
            examples=self._rates.examples(),
        )

    def _add_text(self, pair: Pair, correction: Correction) -> None:
        """What was read for what, in a name or a place. Another text altogether says nothing of that."""
        right, read = correction.human_value, correction.model_value
        if correction.field not in ("location", "item.name") or not right or not read:
            return
        told = example(pair, correction.field, correction.item_index, read, right)
        words = list(confusions.words(right, read))
        self._add_all(self._words, words, pair, told)
        if correction.field == "item.name":
            self._add_all(self._misread_names, [(pair.shop,) for _ in words], pair, told)
        if confusions.alike(right, read):
            self._add_all(self._syllables, confusions.syllables(right, read), pair, told)
            self._add_all(self._jamo, hangul.edits(right, read), pair, told)

    def _add_all(self, tallies: Tallies, found: Iterable[tuple[str, ...]], pair: Pair, told: Example) -> None:
        for key in found:
            tallies.add(key, pair, told)

    def _syllable(self, found: Confusion) -> SyllableConfusion:
        return SyllableConfusion(**_fields(found), stood=self._stood[found.right])


def _texts(pair: Pair) -> Iterator[str]:
    yield pair.confirmed.location or ""
    yield from (item.name or "" for item in pair.confirmed.items)


def _fields(found: Confusion) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Confusion.__slots__}
