"""How many receipts had to be corrected: by field, and by what else may be the reason. The unit is the receipt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from ledger.corrections.diff import FIELDS, Correction
from ledger.operations.measures import Rate
from ledger.receipt import LineItem
from ledger.review.pairs import Pair
from ledger.tuning.examples import Example, example
from ledger.tuning.tallies import Tallies

DIMENSIONS: Final = ("shop", "category", "model", "prompt_version", "temperature", "engine", "week")
"""What receipts are told apart by. Their values are texts; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Part:
    """Receipts that have something in common."""

    receipts: int
    corrected: Rate
    """Those with any correction."""
    fields: Mapping[str, Rate]
    """By field, those with a correction of it."""


@dataclass(slots=True)
class _Count:
    receipts: int = 0
    corrected: int = 0
    fields: Counter[str] = field(default_factory=Counter)

    def add(self, fields: Collection[str]) -> None:
        self.receipts += 1
        self.corrected += bool(fields)
        self.fields.update(fields)

    def part(self) -> Part:
        rates = {name: Rate(self.fields[name], self.receipts) for name in FIELDS}
        return Part(self.receipts, Rate(self.corrected, self.receipts), rates)


class Rates:
    """Receipts counted as they come."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._all = _Count()
        self._examples = Tallies()
        self._parts = {name: defaultdict[str, _Count](_Count) for name in DIMENSIONS}

    def add(self, pair: Pair, found: Collection[Correction]) -> None:
        """Count one receipt with its corrections."""
        fields = {each.field for each in found}
        self._all.add(fields)
        for name, value in self._values(pair):
            self._parts[name][value].add(fields)
        for category, touched in by_category(pair, found).items():
            self._parts["category"][category].add(touched)
        self._keep_examples(pair, found)

    def all(self) -> Part:
        """All of them."""
        return self._all.part()

    def parts(self) -> dict[str, dict[str, Part]]:
        """By dimension and value: the one with most receipts first, weeks and temperatures in their order."""
        return {name: {value: part.part() for value, part in _sorted(name, found)} for name, found in self._found()}

    def examples(self) -> dict[tuple[str, ...], list[Example]]:
        """The newest ones by dimension, value and field; of all receipts and of any field where that is empty."""
        return self._examples.examples()

    def _keep_examples(self, pair: Pair, found: Collection[Correction]) -> None:
        everywhere, changed = [("", ""), *self._values(pair)], _changed_categories(found)
        for each in found:
            told = example(pair, each.field, each.item_index, each.model_value, each.human_value)
            of_item = [] if each.item_index is None else [("category", _category_of(pair, each, changed))]
            for part in (*everywhere, *of_item):
                for name in (each.field, ""):
                    self._examples.add((*part, name), pair, told)

    def _found(self) -> Iterator[tuple[str, Mapping[str, _Count]]]:
        yield from self._parts.items()

    def _values(self, pair: Pair) -> Iterator[tuple[str, str]]:
        yield "shop", pair.shop
        yield "model", pair.model
        yield "prompt_version", pair.prompt_version or ""
        yield "temperature", "" if pair.temperature is None else f"{pair.temperature:g}"
        yield "engine", pair.engine
        year, week, _ = pair.at.astimezone(self._zone).isocalendar()
        yield "week", f"{year}-W{week:02}"


def by_category(pair: Pair, found: Collection[Correction]) -> dict[str, set[str]]:
    """The receipt's categories, and for each which fields of its items were corrected.

    An item has the category that was confirmed; one that people took away has the one it was read with.
    """
    touched: dict[str, set[str]] = {_category(item): set() for item in pair.confirmed.items}
    changed = _changed_categories(found)
    for each in found:
        if each.item_index is not None:
            touched.setdefault(_category_of(pair, each, changed), set()).add(each.field)
    return touched


def _changed_categories(found: Collection[Correction]) -> dict[int | None, str]:
    return {each.item_index: each.human_value or "" for each in found if each.field == "item.category"}


def _category_of(pair: Pair, correction: Correction, changed: Mapping[int | None, str]) -> str:
    if correction.field == "item":
        return str((correction.human_value or correction.model_value)["category"] or "")
    assert correction.item_index is not None
    return changed.get(correction.item_index, _category(pair.read.items[correction.item_index]))


def _category(item: LineItem) -> str:
    return item.category.value if item.category else ""


def _sorted(name: str, found: Mapping[str, _Count]) -> list[tuple[str, _Count]]:
    if name in ("week", "temperature"):
        return sorted(found.items())
    return sorted(found.items(), key=lambda each: (-each[1].receipts, each[0]))
