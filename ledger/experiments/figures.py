"""What an experiment found, as figures: each arm by itself, each arm against the baseline, and who leads. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ledger.experiments.words import Arm, Case, Experiment
from ledger.notes import Note
from ledger.receipt import Receipt


class Verdict(StrEnum):
    """What can be said of an arm against the baseline, by the primary metric."""

    BETTER = "better"
    WORSE = "worse"
    CANNOT_TELL = "cannot_tell"


VERDICTS: Final = {
    Verdict.BETTER: "better",
    Verdict.WORSE: "worse",
    Verdict.CANNOT_TELL: "cannot tell yet",
}
ARM: Final = "Arm"
VERDICT: Final = "Verdict"
FIXED: Final = "Fixed"
BROKEN: Final = "Broken"
ALWAYS_RIGHT: Final = "Always all right"
FLIPS: Final = "Sometimes all right"
FAILED: Final = "Failed"
COST: Final = "Cost of a run"
TIME: Final = "Seconds, median (nine of ten)"
DIFFERENCE: Final = "Difference"
CHANGED: Final = "Receipts fixed and broken"
CONFUSIONS: Final = "Which jamo are taken for which"
"""What figures are called, on the page and in the report alike."""

SENTENCES: Final = (
    *VERDICTS.values(),
    *(ARM, VERDICT, FIXED, BROKEN, ALWAYS_RIGHT, FLIPS, FAILED, COST, TIME, DIFFERENCE, CHANGED, CONFUSIONS),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over receipts with its 95 % interval; None where nothing was measured.

    A value without an interval is one that is the same on every receipt, or of too few of them.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Confusion:
    """One jamo that was read for another, and how often: ㅏ in truth, ㅓ as read. An empty one was added or lost."""

    right: str
    read: str
    count: int


@dataclass(frozen=True, slots=True)
class ArmFigures:
    """One arm by itself. A failed run counts: nothing in it is right."""

    arm: Arm
    runs: int
    """Runs that are in, failed ones counted."""
    planned: int
    failures: Mapping[str, int]
    """Failed runs by error class."""
    metrics: Mapping[str, Figure]
    """By name of the metric, see scores.METRICS, over the receipts that every arm has read."""
    always_right: Figure
    """Share of receipts that were all right in every repetition."""
    flips: Figure
    """Share of receipts that were all right in some repetitions and not in others; unmeasured with one repetition."""
    cost_microusd: float | None
    """Mean of a run, millionths of a US dollar; None where the price is not known."""
    latency_ms: float | None
    """Median of a run."""
    slow_ms: float | None
    """Nine of ten runs took at most this."""
    notes: Sequence[Note]
    """What readers said that holds for the whole arm: a setting that was not applied."""
    shared: bool
    """Repetitions came out of one request, so they may resemble each other more than separate ones."""
    confusions: Sequence[Confusion]
    """The most frequent first."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One arm against the baseline, receipt by receipt."""

    arm: Arm
    verdict: Verdict
    difference: Figure
    """Of the primary metric, arm minus baseline. The interval is at 95 % for all arms together, and reaches zero where
    the verdict is that it cannot be told."""
    p_value: float
    p_adjusted: float
    """After Holm, over all arms but the baseline."""
    fixed: int
    """Receipts that the baseline got wrong and this arm all right, by the majority of repetitions."""
    broken: int
    receipts_needed: int | None
    """Where it cannot be told: receipts in all that would tell a difference such as this one four times of five; None
    where there is no difference to speak of."""


@dataclass(frozen=True, slots=True)
class Report:
    """What an experiment found. Verdicts are told once all runs are in, or no more will come."""

    experiment: Experiment
    receipts: int
    arms: Sequence[ArmFigures]
    comparisons: Sequence[Comparison]
    leader: Sequence[Note]
    """The answer in plain words, the most important sentence first."""
    is_final: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A receipt that an arm fixed or broke, with a reading of each; None is a reading that failed."""

    case: Case
    fixed: bool
    baseline: Receipt | None
    arm: Receipt | None
