"""The gate: a draft against the active prompt on receipts that neither was made from. Only what is better goes live.

The comparison is an experiment of two arms on the test split of a dataset version, with its verdict. A draft passes
when it is better by the primary metric and worse in no field. Fields are each looked at with 5 %, not corrected for
their number: a field that got worse is to be noticed, and who thinks it chance may promote with a written reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ledger.database import Database
from ledger.errors import NotBlind, SamePrompt
from ledger.experiments.arms import OPENAI, numbered
from ledger.experiments.figures import Figure, Report, Verdict
from ledger.experiments.plan import Plan
from ledger.experiments.report import compared_by, report_of
from ledger.experiments.scores import METRICS
from ledger.experiments.stored import experiments_asking
from ledger.experiments.words import Arm, DatasetVersion, Experiment, Split
from ledger.extraction.extractor import ReadingSettings
from ledger.notes import Note
from ledger.prompts.families import family_of
from ledger.prompts.words import StoredPrompt

PASSED: Final = "{draft} is better, and worse in nothing that is measured: it may be promoted."
NOT_BETTER: Final = "{draft} is not better than {active}: it is not promoted."
CANNOT_TELL: Final = "Whether {draft} is better cannot be told by these receipts: it is not promoted."
FIELD_WORSE: Final = "{draft} is worse by “{metric}”: {value} instead of {other}."
NOT_ALL_IN: Final = "The gate is decided when all runs are in."
CANCELLED: Final = "The experiment was cancelled, so it decides nothing."
SENTENCES: Final = (PASSED, NOT_BETTER, CANNOT_TELL, FIELD_WORSE, NOT_ALL_IN, CANCELLED)

PROMISED: Final = "all_right"
"""The metric that decides, and is found again in production: receipts that nobody has to correct."""
_NAME: Final = "{draft} ↔ {active}"


@dataclass(frozen=True, slots=True)
class Gate:
    """What an experiment says of promoting a draft. `passed` is None while nothing is decided."""

    experiment: Experiment
    report: Report
    draft: str
    active: str
    passed: bool | None
    why: Sequence[Note]
    promise: Figure
    """Share of receipts that are all right with the draft, as it is to be found in production."""


def gate_plan(
    draft: StoredPrompt, active: str, version: DatasetVersion, asked: ReadingSettings, *, repetitions: int = 3
) -> Plan:
    """The experiment that decides about a draft; `asked` is what production asks for.

    Raises NotBlind where the draft was made from receipts of this test split, and SamePrompt.
    """
    if draft.version == active:
        raise SamePrompt(version=active)
    if not is_blind(draft, version):
        raise NotBlind(version=draft.version, dataset=version.name)
    settings = (replace(asked, prompt_version=each) for each in (active, draft.version))
    arms = numbered(Arm(0, "", OPENAI, each) for each in settings)
    name = _NAME.format(draft=draft.name, active=active.partition("@")[0])
    return Plan(
        name=name,
        dataset_version_id=version.id,
        arms=arms,
        split=Split.TEST,
        metric=PROMISED,
        repetitions=repetitions,
        seed=version.id,
    )


def is_blind(draft: StoredPrompt, version: DatasetVersion) -> bool:
    """Whether nothing in the draft was made from receipts of this version's test split."""
    return draft.unseen is None or version.id in draft.unseen


def gates_of(database: Database, draft: StoredPrompt, family: str, active: str) -> list[Experiment]:
    """The experiments that decide whether a family is asked with a draft in place of what is active, the newest first.

    One that somebody made by hand is among them if it is what `gate_plan` would have made. Raises DatabaseError.
    """
    asking = experiments_asking(database, draft.version)
    return [each for each in asking if _decides(each, draft, family, active)]


def _decides(experiment: Experiment, draft: StoredPrompt, family: str, active: str) -> bool:
    compared = [arm.settings.prompt_version for arm in experiment.arms]
    is_of_family = family_of(experiment.baseline.settings.model) == family
    return (
        is_gate(experiment)
        and compared == [active, draft.version]
        and is_of_family
        and is_blind(draft, experiment.dataset)
    )


def is_gate(experiment: Experiment) -> bool:
    """Whether it compares two prompts, and nothing else, on a test split, by how many receipts are all right."""
    if len(experiment.arms) != 2 or experiment.split is not Split.TEST or experiment.metric != PROMISED:
        return False
    one, other = (arm.settings for arm in experiment.arms)
    return one.prompt_version != other.prompt_version and replace(one, prompt_version=None) == replace(
        other, prompt_version=None
    )


def judged(database: Database, experiment: Experiment) -> Gate:
    """What a gate's experiment decides, as of now. Raises DatabaseError."""
    report = report_of(database, experiment)
    active, draft = (str(arm.settings.prompt_version) for arm in experiment.arms)
    promise = report.arms[1].metrics[PROMISED]
    if not report.is_final:
        return Gate(experiment, report, draft, active, None, (Note(NOT_ALL_IN),), promise)
    if sum(each.runs for each in report.arms) < experiment.planned:
        return Gate(experiment, report, draft, active, False, (Note(CANCELLED),), promise)
    worse = tuple(_worse_fields(database, report, draft))
    verdict = report.comparisons[0].verdict if report.comparisons else Verdict.CANNOT_TELL
    passed = verdict is Verdict.BETTER and not worse
    return Gate(experiment, report, draft, active, passed, (*_told(verdict, draft, active, passed), *worse), promise)


def _told(verdict: Verdict, draft: str, active: str, passed: bool) -> list[Note]:
    if passed:
        return [Note(PASSED, {"draft": draft})]
    if verdict is Verdict.BETTER:
        return []
    return [Note(CANNOT_TELL if verdict is Verdict.CANNOT_TELL else NOT_BETTER, {"draft": draft, "active": active})]


def _worse_fields(database: Database, report: Report, draft: str) -> list[Note]:
    """A sentence for each metric but the primary one by which the draft is worse."""
    found = compared_by(database, report.experiment)
    names = [
        name
        for name, comparisons in found.items()
        if name != report.experiment.metric and any(each.verdict is Verdict.WORSE for each in comparisons)
    ]
    return [
        Note(
            FIELD_WORSE,
            {
                "draft": draft,
                "metric": Note(METRICS[name].label),
                "value": _value(report.arms[1].metrics[name], name),
                "other": _value(report.arms[0].metrics[name], name),
            },
        )
        for name in names
    ]


def _value(figure: Figure, metric: str) -> str:
    value = figure.value or 0.0
    return f"{value:.1%}" if METRICS[metric].is_share else f"{value:.2f}"
