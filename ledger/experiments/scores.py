"""A reading compared with the truth: what of it is right, and what a person would have to correct. Pure.

Everything here follows from `corrections`, the list that production stores when an operator confirms: one alignment of
rows and one definition of a correction, whether a person made it or an experiment counts it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ledger.corrections import hangul
from ledger.corrections.diff import HEADER_FIELDS, ITEM_FIELDS, Correction, corrections
from ledger.receipt import Receipt

VERSION: Final = 1
"""Grows when a score would come out differently, so that stored ones are made anew."""

_ALIKE: Final = 0.5
"""Only two texts that share at least half of their jamo say which jamo was taken for which."""


@dataclass(frozen=True, slots=True)
class Score:
    """One run against the truth. Texts are right when they are the same but for spacing, amounts when exact."""

    failed: bool
    """There is no reading. Nothing is right then, and all of the truth is to be typed."""
    date: bool
    location: bool
    total_amount: bool
    currency: bool
    rows: int
    """Items of the truth."""
    missing: int
    """Items of the truth that were not read."""
    extra: int
    """Items that were read and are not in the truth."""
    names: int
    """Items whose name is right; and so on."""
    prices: int
    counts: int
    categories: int
    jamo_edits: int
    """Jamo of names to replace, add or remove; all those of a name that was not read. Extra items have none."""
    jamo_length: int
    """Jamo of all names in the truth."""
    corrections: int
    """What an operator's confirming would store: fields changed, items added and removed."""
    confusions: Mapping[str, int] = field(default_factory=dict)
    """How often a jamo was read for another in names and the location: `ㅏ ㅓ`, right one first; ` ㅓ` was added."""
    version: int = VERSION

    @property
    def all_rows(self) -> int:
        """Items of the truth and those that were added, which are as wrong as a missing one."""
        return self.rows + self.extra

    @property
    def all_right(self) -> bool:
        """Nothing is left to correct but perhaps spacing."""
        return not self.failed and self.fields == 1

    @property
    def fields(self) -> float:
        """Share of all fields that are right."""
        header = self.date + self.location + self.total_amount + self.currency
        cells = self.names + self.prices + self.counts + self.categories
        every = len(HEADER_FIELDS) + len(ITEM_FIELDS) * self.all_rows
        return (header + cells) / every

    def of_rows(self, right: int) -> float:
        """Share of the items; a receipt without any is right as long as it was read."""
        return right / self.all_rows if self.all_rows else float(not self.failed)

    @property
    def jamo_errors(self) -> float:
        """Jamo to change for one of the truth; 1 for a failed run."""
        return self.jamo_edits / self.jamo_length if self.jamo_length else float(self.failed)

    def as_json(self) -> dict[str, Any]:
        """The score as it is stored with its run."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None) -> Score | None:
        """A stored score; None where there is none, or one of another version."""
        return cls(**stored) if stored and stored.get("version") == VERSION else None


@dataclass(frozen=True, slots=True)
class Metric:
    """One way to look at a run. The experiment's primary metric decides, the others describe."""

    label: str
    """What it is, for screens; listed in SENTENCES."""
    value: Callable[[Score], float]
    lower_is_better: bool = False
    is_share: bool = True
    """0 to 1, shown as a percentage; otherwise a number a receipt."""
    is_yes_or_no: bool = False
    """A run has it or has it not, so that its mean is a rate."""


METRICS: Final[Mapping[str, Metric]] = {
    "all_right": Metric("Receipts all right", lambda score: float(score.all_right), is_yes_or_no=True),
    "corrections": Metric("Corrections a receipt", lambda score: score.corrections, True, is_share=False),
    "fields": Metric("Fields right", lambda score: score.fields),
    "names": Metric("Item names right", lambda score: score.of_rows(score.names)),
    "prices": Metric("Item prices right", lambda score: score.of_rows(score.prices)),
    "counts": Metric("Item counts right", lambda score: score.of_rows(score.counts)),
    "categories": Metric("Item categories right", lambda score: score.of_rows(score.categories)),
    "date": Metric("Dates right", lambda score: float(score.date), is_yes_or_no=True),
    "location": Metric("Locations right", lambda score: float(score.location), is_yes_or_no=True),
    "total": Metric("Totals right", lambda score: float(score.total_amount), is_yes_or_no=True),
    "jamo_errors": Metric("Jamo wrong in item names", lambda score: score.jamo_errors, True),
    "missing": Metric("Missing items a receipt", lambda score: score.missing, True, is_share=False),
    "extra": Metric("Invented items a receipt", lambda score: score.extra, True, is_share=False),
}
"""By the name that is stored as an experiment's primary metric, the usual one first."""

SENTENCES: Final = tuple(metric.label for metric in METRICS.values())


def score(truth: Receipt, read: Receipt | None) -> dict[str, Any]:
    """The score of one run as it is stored; `read` is None where the run failed."""
    return scored(truth, read).as_json()


def scored(truth: Receipt, read: Receipt | None) -> Score:
    """The score of one run."""
    found = corrections(read or Receipt(), truth)
    if read is None:
        return _failed(truth, len(found))
    wrong = Counter(each.field for each in found if not _only_spaced(each))
    added = [each.human_value for each in found if each.field == "item" and each.model_value is None]
    missing, extra = len(added), wrong["item"] - len(added)
    matched = len(truth.items) - missing
    names, places = _texts(found, "item.name"), _texts(found, "location")
    return Score(
        failed=False,
        date=not wrong["date"],
        location=not wrong["location"],
        total_amount=not wrong["total_amount"],
        currency=not wrong["currency"],
        rows=len(truth.items),
        missing=missing,
        extra=extra,
        names=matched - wrong["item.name"],
        prices=matched - wrong["item.price"],
        counts=matched - wrong["item.count"],
        categories=matched - wrong["item.category"],
        jamo_edits=sum(len(hangul.edits(*pair)) for pair in names) + sum(_length(item["name"]) for item in added),
        jamo_length=_jamo(truth),
        corrections=len(found),
        confusions=_confusions([*names, *places]),
    )


def _failed(truth: Receipt, to_correct: int) -> Score:
    rows, jamo = len(truth.items), _jamo(truth)
    return Score(True, False, False, False, False, rows, rows, 0, 0, 0, 0, 0, jamo, jamo, to_correct)


def _texts(found: Iterable[Correction], name: str) -> list[tuple[str, str]]:
    """Right and read text of a field, wherever it was corrected."""
    return [(each.human_value or "", each.model_value or "") for each in found if each.field == name]


def _only_spaced(correction: Correction) -> bool:
    before, after = correction.model_value, correction.human_value
    return isinstance(before, str) and isinstance(after, str) and _bare(before) == _bare(after)


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _jamo(truth: Receipt) -> int:
    return sum(_length(item.name) for item in truth.items)


def _length(name: str | None) -> int:
    return hangul.length(name or "")


def _confusions(pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    alike = ((right, read) for right, read in pairs if hangul.difference(right, read) <= _ALIKE)
    return dict(Counter(" ".join(edit) for right, read in alike for edit in hangul.edits(right, read)))
