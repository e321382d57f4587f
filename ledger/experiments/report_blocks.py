"""A report as what a file of it is made of: headings, points and tables, in the language of whoever reads it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ledger.experiments.figures import (
    ALWAYS_RIGHT,
    ARM,
    BROKEN,
    CHANGED,
    CONFUSIONS,
    COST,
    DIFFERENCE,
    FAILED,
    FIXED,
    FLIPS,
    TIME,
    VERDICT,
    VERDICTS,
    ArmFigures,
    Changed,
    Comparison,
    Figure,
    Report,
)
from ledger.experiments.scores import METRICS, Metric
from ledger.experiments.words import Arm
from ledger.notes import Note

Say: TypeAlias = Callable[[Note], str]
"""Says a sentence in some language, as plain text."""

_FACTS: Final = "What was compared"
_AGAINST: Final = "Against the baseline"
_EACH: Final = "Each arm by itself"
_SETTINGS: Final = "Settings as asked for"
_READING: Final = "How to read this"
_HEADINGS: Final = (_FACTS, _AGAINST, _EACH, _SETTINGS, _READING)

_EXPLAINED: Final = (
    "In brackets stands where the true value lies with a confidence of 95 %. A failed run counts as wrong.",
    "An arm is better or worse only where chance alone would show such a difference in fewer than one of twenty "
    "experiments, all arms taken together; else nothing can be told.",
    "Only the metric chosen before the first run decides. The others describe: among many, some differ by chance.",
)
_LABELS: Final = (
    *("Dataset version", "Receipts", "Repetitions", "What decides", "Runs", "Seed", "p after Holm"),
    *("Receipts needed", "Engine", "Receipt", "fixed", "broken"),
    *("model", "temperature", "reasoning effort", "detail", "preparation", "prompt version"),
)
SENTENCES: Final = (*_HEADINGS, *_EXPLAINED, *_LABELS)

_SLIPS: Final = 10
TOLD_SETTINGS: Final = ("model", "temperature", "reasoning_effort", "detail", "preparation", "prompt_version")
"""What of a setting is told."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line above what follows."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences one below the other, the most important first."""

    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as texts. A head of empty texts is none."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Block: TypeAlias = Heading | Points | Table


def blocks(report: Report, say: Say, changed: Sequence[tuple[Arm, Changed]] = ()) -> list[Block]:
    """The whole report, the answer first. `changed` is what `changed_by` found for some arms."""
    return list(_Told(report, say).blocks(changed))


class _Told:
    """One report in one language."""

    def __init__(self, report: Report, say: Say) -> None:
        self.report, self.experiment = report, report.experiment
        self.note = say

    def say(self, sentence: str) -> str:
        return self.note(Note(sentence))

    def blocks(self, changed: Sequence[tuple[Arm, Changed]]) -> Iterator[Block]:
        yield Heading(self.experiment.name, 1)
        yield Points([self.note(note) for note in self.report.leader])
        tables = {
            _FACTS: self._facts(),
            _AGAINST: self._against(),
            _EACH: self._each(),
            _SETTINGS: self._settings(),
            CONFUSIONS: self._slips(),
            CHANGED: self._changed(changed),
        }
        for title, table in tables.items():
            if table.rows:
                yield Heading(self.say(title))
                yield table
        yield Heading(self.say(_READING))
        yield Points([self.say(sentence) for sentence in _EXPLAINED])

    def _head(self, *labels: str) -> list[str]:
        return [self.say(label) for label in labels]

    def _facts(self) -> Table:
        made, arms = self.experiment, self.report.arms
        runs = f"{sum(arm.runs for arm in arms):,} / {sum(arm.planned for arm in arms):,}"
        facts = {
            "Dataset version": f"{made.dataset.name} ({made.dataset.sha256[:12]})",
            "Receipts": f"{self.report.receipts:,}" + (f" ({made.split})" if made.split else ""),
            "Repetitions": str(made.repetitions),
            "What decides": self.say(METRICS[made.metric].label),
            "Runs": runs,
            "Seed": str(made.seed),
        }
        return Table(("", ""), [(self.say(label), value) for label, value in facts.items()])

    def _against(self) -> Table:
        head = self._head(ARM, VERDICT, DIFFERENCE, FIXED, BROKEN, "p after Holm", "Receipts needed")
        return Table(head, [self._comparison(each) for each in self.report.comparisons])

    def _comparison(self, found: Comparison) -> list[str]:
        needed = f"{found.receipts_needed:,}" if found.receipts_needed else "–"
        metric = METRICS[self.experiment.metric]
        return [
            *(found.arm.name, self.say(VERDICTS[found.verdict]), _shown(found.difference, metric, signed=True)),
            *(f"{found.fixed:,}", f"{found.broken:,}", f"{found.p_adjusted:.3f}", needed),
        ]

    def _each(self) -> Table:
        arms = self.report.arms
        metrics = [
            [self.say(metric.label), *(_shown(arm.metrics[name], metric) for arm in arms)]
            for name, metric in METRICS.items()
        ]
        share = METRICS["all_right"]
        more = [
            (ALWAYS_RIGHT, [_shown(arm.always_right, share) for arm in arms]),
            (FLIPS, [_shown(arm.flips, share) for arm in arms]),
            (FAILED, [f"{sum(arm.failures.values()):,} / {arm.runs:,}" for arm in arms]),
            (COST, [_dollars(arm) for arm in arms]),
            (TIME, [_seconds(arm) for arm in arms]),
        ]
        rows = [*metrics, *([self.say(label), *cells] for label, cells in more)]
        return Table(["", *(arm.arm.name for arm in arms)], rows)

    def _settings(self) -> Table:
        head = self._head(ARM, "Engine", *(name.replace("_", " ") for name in TOLD_SETTINGS))
        rows = [
            [arm.name, arm.engine, *(_setting(getattr(arm.settings, name)) for name in TOLD_SETTINGS)]
            for arm in self.experiment.arms
        ]
        return Table(head, rows)

    def _slips(self) -> Table:
        rows = [
            [arm.arm.name, ", ".join(f"{slip.right or '∅'} → {slip.read or '∅'} {slip.count}" for slip in most)]
            for arm in self.report.arms
            if (most := arm.confusions[:_SLIPS])
        ]
        return Table(("", ""), rows)

    def _changed(self, changed: Sequence[tuple[Arm, Changed]]) -> Table:
        rows = [[arm.name, _receipt(each), self.say("fixed" if each.fixed else "broken")] for arm, each in changed]
        return Table(self._head(ARM, "Receipt", VERDICT), rows)


def _shown(figure: Figure, metric: Metric, *, signed: bool = False) -> str:
    form = ("+" if signed else "") + (".1%" if metric.is_share else ".2f")
    if figure.value is None:
        return "–"
    value = format(figure.value, form)
    return (
        value if figure.low is None or figure.high is None else f"{value} ({figure.low:{form}} … {figure.high:{form}})"
    )


def _dollars(arm: ArmFigures) -> str:
    return "–" if arm.cost_microusd is None else f"${arm.cost_microusd / 1_000_000:.5f}"


def _seconds(arm: ArmFigures) -> str:
    if arm.latency_ms is None or arm.slow_ms is None:
        return "–"
    return f"{arm.latency_ms / 1_000:.1f} ({arm.slow_ms / 1_000:.1f})"


def _setting(value: object) -> str:
    return "–" if value is None else str(value)


def _receipt(changed: Changed) -> str:
    """Its number in the version, and its own on the desk where it has one."""
    number = f"{changed.case.number + 1}"
    return f"{number} (#{changed.case.receipt_id})" if changed.case.receipt_id is not None else number
