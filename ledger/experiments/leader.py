"""The answer of an experiment in plain words, the most important sentence first. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from ledger.experiments.figures import ArmFigures, Comparison, Verdict
from ledger.experiments.scores import METRICS
from ledger.experiments.statistics import fewest_receipts
from ledger.experiments.verdicts import ALL_RIGHT
from ledger.experiments.words import Experiment, ExperimentStatus
from ledger.extraction.notes import NO_TEMPERATURE, NOT_APPLIED
from ledger.notes import Note

BETTER: Final = (
    "{arm} is better than {baseline}: of {receipts} receipts it gets {fixed} all right that {baseline} gets wrong, and "
    "{broken} wrong that {baseline} gets all right."
)
WORSE: Final = (
    "{arm} is worse than {baseline}: of {receipts} receipts it gets {broken} wrong that {baseline} gets all right, and "
    "{fixed} all right that {baseline} gets wrong."
)
BETTER_BY: Final = (
    "{arm} is better than {baseline} by “{metric}”: {value} instead of {other}, over {receipts} receipts."
)
WORSE_BY: Final = "{arm} is worse than {baseline} by “{metric}”: {value} instead of {other}, over {receipts} receipts."
CANNOT_TELL: Final = (
    "Whether {arm} is better than {baseline} cannot be told yet: of {receipts} receipts it fixes {fixed} and breaks "
    "{broken}, which can be chance. It takes about {more} more receipts to tell a difference like this."
)
CANNOT_TELL_BY: Final = (
    "Whether {arm} is better than {baseline} by “{metric}” cannot be told yet: {value} instead of {other} over "
    "{receipts} receipts can be chance. It takes about {more} more receipts to tell a difference like this."
)
NO_DIFFERENCE: Final = (
    "Between {arm} and {baseline} hardly any difference shows so far: of {receipts} receipts {arm} fixes {fixed} and "
    "breaks {broken}. That does not make them equal, and how many receipts it would take cannot be reckoned from it."
)
NONE_BETTER: Final = "By these {receipts} receipts no arm can be called better than {baseline} yet."
ALIKE: Final = (
    "{arm} and {baseline} were read with the same settings in the end, so any difference between them is chance."
)
LEFT_OUT: Final = "{arm} asked for {setting} {value}, which was not applied."
FAILED: Final = "Of {runs} runs of {arm}, {failed} failed. They count as wrong."
ALL_FAILED: Final = "Every run of {arm} failed, which says more of what went wrong than of how well it reads."
NO_RUNS: Final = "{arm} has not read anything, so it is not compared."
NOTHING_TO_COMPARE: Final = "There is nothing to compare: {arm} is the only arm."
TOO_FEW: Final = (
    "{receipts} receipts are too few to tell anything: even if an arm did better on each of them, it could be "
    "chance. It takes {fewest} at the very least, and some hundred as a rule."
)
NOT_ALL_IN: Final = (
    "{runs} of {planned} runs are in. What they say is told when all of them are, because whoever looks earlier finds "
    "differences that are none."
)
CANCELLED: Final = (
    "The experiment was cancelled after {runs} of {planned} runs. Only the {receipts} receipts count that were read "
    "with each of the arms."
)

SENTENCES: Final = (
    BETTER,
    WORSE,
    BETTER_BY,
    WORSE_BY,
    CANNOT_TELL,
    CANNOT_TELL_BY,
    NO_DIFFERENCE,
    NONE_BETTER,
    ALIKE,
    LEFT_OUT,
    FAILED,
    ALL_FAILED,
    NO_RUNS,
    NOTHING_TO_COMPARE,
    TOO_FEW,
    NOT_ALL_IN,
    CANCELLED,
)

_ORDER: Final = (Verdict.BETTER, Verdict.WORSE, Verdict.CANNOT_TELL)


def leader(
    experiment: Experiment,
    arms: Sequence[ArmFigures],
    comparisons: Sequence[Comparison],
    receipts: int,
    alike: Collection[int] = (),
) -> list[Note]:
    """What is to be said, of a running experiment too. The arms numbered in `alike` were read as the baseline was."""
    if len(arms) == 1:
        told = [Note(NOTHING_TO_COMPARE, {"arm": experiment.baseline.name})]
    elif not experiment.is_over:
        told = [Note(NOT_ALL_IN, _runs(arms))]
    else:
        verdicts = _verdicts(experiment, arms, comparisons, receipts, alike)
        told = [*_all_failed(arms), *verdicts, *_cancelled(experiment, arms, receipts)]
    return [*told, *_reservations(experiment, arms, alike)]


def _all_failed(arms: Sequence[ArmFigures]) -> Iterator[Note]:
    for each in arms:
        if each.runs and sum(each.failures.values()) == each.runs:
            yield Note(ALL_FAILED, {"arm": each.arm.name})


def _verdicts(
    experiment: Experiment,
    arms: Sequence[ArmFigures],
    comparisons: Sequence[Comparison],
    receipts: int,
    alike: Collection[int],
) -> Iterator[Note]:
    fewest = fewest_receipts(max(1, len(comparisons)))
    if receipts < fewest:
        yield Note(TOO_FEW, {"receipts": f"{receipts:,}", "fewest": f"{fewest:,}"})
        return
    told = [each for each in comparisons if each.arm.number not in alike]
    told.sort(key=lambda each: _ORDER.index(each.verdict))
    if len(told) > 1 and told[0].verdict is not Verdict.BETTER:
        yield Note(NONE_BETTER, {"receipts": f"{receipts:,}", "baseline": experiment.baseline.name})
    for each in told:
        yield _verdict(experiment, arms, each, receipts)


def _verdict(experiment: Experiment, arms: Sequence[ArmFigures], found: Comparison, receipts: int) -> Note:
    by_receipts = experiment.metric == ALL_RIGHT
    fields = {
        "metric": Note(METRICS[experiment.metric].label),
        "arm": found.arm.name,
        "baseline": experiment.baseline.name,
        "receipts": f"{receipts:,}",
        "fixed": f"{found.fixed:,}",
        "broken": f"{found.broken:,}",
        "value": _value(experiment, arms[found.arm.number]),
        "other": _value(experiment, arms[0]),
        "more": f"{(found.receipts_needed or receipts) - receipts:,}",
    }
    match found.verdict:
        case Verdict.BETTER:
            return Note(BETTER if by_receipts else BETTER_BY, fields)
        case Verdict.WORSE:
            return Note(WORSE if by_receipts else WORSE_BY, fields)
    if found.receipts_needed is None:
        return Note(NO_DIFFERENCE, fields)
    return Note(CANNOT_TELL if by_receipts else CANNOT_TELL_BY, fields)


def _value(experiment: Experiment, arm: ArmFigures) -> str:
    """The arm's primary metric as people read it."""
    value = arm.metrics[experiment.metric].value or 0.0
    return f"{value:.1%}" if METRICS[experiment.metric].is_share else f"{value:.2f}"


def _cancelled(experiment: Experiment, arms: Sequence[ArmFigures], receipts: int) -> Iterator[Note]:
    if experiment.status is ExperimentStatus.CANCELLED:
        yield Note(CANCELLED, _runs(arms) | {"receipts": f"{receipts:,}"})


def _reservations(experiment: Experiment, arms: Sequence[ArmFigures], alike: Collection[int]) -> Iterator[Note]:
    """What has to be known of the arms whatever was found."""
    for each in arms:
        names = {"arm": each.arm.name, "baseline": experiment.baseline.name}
        if each.arm.number in alike:
            yield Note(ALIKE, names)
        for note in each.notes:
            yield from _left_out(each, note)
        failed = sum(each.failures.values())
        if 0 < failed < each.runs:
            yield Note(FAILED, names | {"runs": f"{each.runs:,}", "failed": f"{failed:,}"})
        if experiment.is_over and not each.runs:
            yield Note(NO_RUNS, names)


def _left_out(each: ArmFigures, note: Note) -> Iterator[Note]:
    if note.sentence == NOT_APPLIED:
        setting = {"setting": note.fields["setting"], "value": note.fields["value"]}
        yield Note(LEFT_OUT, {"arm": each.arm.name} | setting)
    elif note.sentence == NO_TEMPERATURE:
        yield Note(LEFT_OUT, {"arm": each.arm.name, "setting": "temperature", "value": note.fields["temperature"]})


def _runs(arms: Sequence[ArmFigures]) -> dict[str, str]:
    return {"runs": f"{sum(each.runs for each in arms):,}", "planned": f"{sum(each.planned for each in arms):,}"}
