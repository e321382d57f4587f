"""What somebody wants to compare, before it is stored: checked, and what it will take. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Final

from ledger.errors import ExperimentInvalid
from ledger.experiments.arms import checked
from ledger.experiments.scores import METRICS
from ledger.experiments.words import Arm, Case, Split
from ledger.extraction.models import ModelFacts, ModelTable
from ledger.extraction.pictures.vision import tokens
from ledger.notes import Note

MOST_REPETITIONS: Final = 20
MOST_IN_FLIGHT: Final = 64
MOST_ARMS: Final = 12
LONGEST_NAME: Final = 128
"""Characters of a name: the column `experiment.name`."""

NO_ARM: Final = "there is no arm. Add at least one setting."
MANY_ARMS: Final = "{count} arms are more than the {most} that one experiment compares. Make two of it."
SAME_NAME: Final = "two arms have the name {arm}. Name them apart."
NO_NAME: Final = "the experiment has no name. Type one."
LONG_NAME: Final = "a name is longer than {most} characters. Shorten it."
BAD_REPETITIONS: Final = "{count} repetitions; they go from 1 to {most}."
BAD_IN_FLIGHT: Final = "{count} requests at the same time; they go from 1 to {most}."
UNKNOWN_METRIC: Final = "there is no metric {metric}. Choose one of: {metrics}."
NO_CASES: Final = "the dataset version has no receipts in this split. Choose another split or version."
BAD_BUDGET: Final = "the budget has to be more than nothing. Leave it empty for none."
NO_PRICE: Final = "the price of {model} is not known, so no budget can be kept. Leave the budget empty."
SENTENCES: Final = (
    NO_ARM,
    MANY_ARMS,
    SAME_NAME,
    NO_NAME,
    LONG_NAME,
    BAD_REPETITIONS,
    BAD_IN_FLIGHT,
    UNKNOWN_METRIC,
    NO_CASES,
    BAD_BUDGET,
    NO_PRICE,
)

_TYPICAL_PICTURE: Final = (1080, 2400)
"""Pixels of a receipt cropped to its paper, where nothing was read by the model yet."""
_TYPICAL_PROMPT: Final = 1_000
"""Tokens of instructions and schema."""
_TOKENS_A_RECEIPT, _TOKENS_AN_ITEM = 60, 20
"""Tokens of an answer: about 359 for twenty items in compact JSON, more where names are long."""
_TYPICAL_SECONDS: Final = 4.0
_OFFLINE_SECONDS: Final = 1.5


@dataclass(frozen=True, slots=True)
class Plan:
    """An experiment to be made. Amounts are millionths of a US dollar; a budget of None caps nothing."""

    name: str
    dataset_version_id: int
    arms: tuple[Arm, ...]
    split: Split | None = None
    metric: str = "all_right"
    repetitions: int = 1
    shared_requests: bool = False
    in_flight: int = 4
    seed: int = 0
    budget_microusd: int | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What readings by one model took so far, on average."""

    cost_microusd: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What an experiment will take, roughly. No cost where a price is not known."""

    runs: int
    requests: int
    cost_microusd: int | None
    seconds: float


def check(plan: Plan, cases: int, models: ModelTable) -> tuple[Note, ...]:
    """What will be reported as not applied. Raises ExperimentInvalid, with what is wrong and how to mend it."""
    for wrong, sentence, fields in _rules(plan, cases):
        if wrong:
            raise ExperimentInvalid(why=Note(sentence, fields))
    notes = tuple(note for arm in plan.arms for note in checked(arm, models))
    unpriced = [arm.settings.model for arm in plan.arms if not _is_priced(arm, models)]
    if plan.budget_microusd is not None and unpriced:
        raise ExperimentInvalid(why=Note(NO_PRICE, {"model": unpriced[0]}))
    return notes


def _rules(plan: Plan, cases: int) -> list[tuple[bool, str, dict[str, str]]]:
    names = [arm.name for arm in plan.arms]
    twice = [name for name in names if names.count(name) > 1]
    return [
        (not plan.name.strip(), NO_NAME, {}),
        (max(map(len, [plan.name, *names])) > LONGEST_NAME, LONG_NAME, {"most": str(LONGEST_NAME)}),
        (not plan.arms, NO_ARM, {}),
        (len(plan.arms) > MOST_ARMS, MANY_ARMS, {"count": str(len(plan.arms)), "most": str(MOST_ARMS)}),
        (bool(twice), SAME_NAME, {"arm": "".join(twice[:1])}),
        (
            not 1 <= plan.repetitions <= MOST_REPETITIONS,
            BAD_REPETITIONS,
            {"count": str(plan.repetitions), "most": str(MOST_REPETITIONS)},
        ),
        (
            not 1 <= plan.in_flight <= MOST_IN_FLIGHT,
            BAD_IN_FLIGHT,
            {"count": str(plan.in_flight), "most": str(MOST_IN_FLIGHT)},
        ),
        (plan.metric not in METRICS, UNKNOWN_METRIC, {"metric": plan.metric, "metrics": ", ".join(METRICS)}),
        (cases < 1, NO_CASES, {}),
        (plan.budget_microusd is not None and plan.budget_microusd < 1, BAD_BUDGET, {}),
    ]


def estimate(plan: Plan, cases: Sequence[Case], models: ModelTable, past: Mapping[str, Past]) -> Estimate:
    """What this will take, from what readings by the same models took, else from tokens and prices."""
    runs = requests = 0
    cost, waiting, working = 0.0, 0.0, 0.0
    priced = True
    for arm in plan.arms:
        times = 1 if arm.is_deterministic else plan.repetitions
        together = plan.shared_requests and models.facts(arm.settings.model).several
        asked = len(cases) * (1 if together else times)
        runs, requests = runs + len(cases) * times, requests + asked
        one = cost_of_request(arm, cases, models, past, times if together else 1)
        cost, priced = cost + (one or 0) * asked, priced and one is not None
        if arm.is_deterministic:  # on this machine, however many are in flight
            working += asked * _OFFLINE_SECONDS
        else:
            waiting += asked * _seconds(arm, past)
    return Estimate(runs, requests, round(cost) if priced else None, waiting / plan.in_flight + working)


def cost_of_request(
    arm: Arm, cases: Sequence[Case], models: ModelTable, past: Mapping[str, Past], answers: int = 1
) -> float | None:
    """Millionths of a US dollar of one request with so many answers; None where the price is not known."""
    if arm.engine == "offline":
        return 0.0
    facts = models.facts(arm.settings.model)
    if facts.price is None:
        return None
    sent, answered = _tokens_sent(arm, facts), _tokens_answered(cases)
    known = past.get(arm.settings.model)
    if known is not None and known.cost_microusd is not None and answers == 1:
        return known.cost_microusd
    return facts.price.cost_microusd(sent, round(answered * answers))


def _tokens_sent(arm: Arm, facts: ModelFacts) -> int:
    return _TYPICAL_PROMPT + tokens(facts.vision, *_TYPICAL_PICTURE, arm.settings.detail)


def _tokens_answered(cases: Sequence[Case]) -> float:
    items = mean(len(case.truth.items) for case in cases) if cases else 5
    return _TOKENS_A_RECEIPT + _TOKENS_AN_ITEM * items


def _seconds(arm: Arm, past: Mapping[str, Past]) -> float:
    known = past.get(arm.settings.model)
    return known.seconds if known else _TYPICAL_SECONDS


def _is_priced(arm: Arm, models: ModelTable) -> bool:
    return arm.engine == "offline" or models.facts(arm.settings.model).price is not None
