"""What can be said of an experiment on the command line, and the plan that is made of it."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Final

from ledger.errors import ArmNotFound
from ledger.experiments import arms
from ledger.experiments.plan import Plan
from ledger.experiments.scores import METRICS
from ledger.experiments.words import Arm, Split
from ledger.extraction.extractor import ReadingSettings

_MICROUSD: Final = 1_000_000


def create_options(parser: argparse.ArgumentParser) -> None:
    """Everything that can be said of an experiment in the making."""
    parser.add_argument("--name", required=True)
    parser.add_argument("--dataset", required=True, metavar="VERSION", help="name of a dataset version")
    parser.add_argument("--split", choices=[split.value for split in Split], help="all receipts, if it is not given")
    parser.add_argument("--temperatures", type=_numbers, metavar="T,T,…", help="as in 0.0,0.1,0.2")
    for name, of in (("models", "MODEL"), ("efforts", "EFFORT"), ("details", "DETAIL"), ("preparations", "NAME")):
        parser.add_argument(f"--{name}", type=_words, metavar=f"{of},…")
    parser.add_argument(
        "--prompts", type=_words, metavar="VERSION,…", help="as `python -m ledger prompt list` names them"
    )
    parser.add_argument("--offline", action="store_true", help="the offline engine as one more arm")
    parser.add_argument("--baseline", metavar="ARM", help="name of the arm that the others are compared with")
    parser.add_argument("--repetitions", type=int, default=1, metavar="N")
    parser.add_argument("--shared", action="store_true", help="buy repetitions in one request where the model allows")
    parser.add_argument("--metric", choices=list(METRICS), default="all_right", help="what decides")
    parser.add_argument("--budget", type=dollars, metavar="USD", help="cap, as in 5.00")
    parser.add_argument("--in-flight", type=int, default=4, metavar="N", help="requests at the same time")
    parser.add_argument("--seed", type=int, default=0)


def plan_of(options: argparse.Namespace, dataset_version_id: int, asked_of_models: ReadingSettings) -> Plan:
    """What is to be compared, as the options say."""
    return Plan(
        name=options.name,
        dataset_version_id=dataset_version_id,
        arms=_arms(options, asked_of_models),
        split=Split(options.split) if options.split else None,
        metric=options.metric,
        repetitions=options.repetitions,
        shared_requests=options.shared,
        in_flight=options.in_flight,
        seed=options.seed,
        budget_microusd=options.budget,
    )


def _arms(options: argparse.Namespace, base: ReadingSettings) -> tuple[Arm, ...]:
    """Every combination of what was listed, the baseline first."""
    axes = {
        "model": options.models,
        "temperature": options.temperatures,
        "reasoning_effort": options.efforts,
        "detail": options.details,
        "preparation": options.preparations,
        "prompt_version": options.prompts,
    }
    given = {name: values for name, values in axes.items() if values}
    combined = [dict(zip(given, values, strict=True)) for values in itertools.product(*given.values())]
    made = [Arm(0, "", arms.OPENAI, replace(base, **values)) for values in combined if given or not options.offline]
    named = arms.numbered([*made, *([arms.offline_arm()] if options.offline else [])])
    return _with_baseline(named, options.baseline, options.name)


def _with_baseline(named: Sequence[Arm], baseline: str | None, name: str) -> tuple[Arm, ...]:
    if baseline is None:
        return tuple(named)
    if baseline not in [arm.name for arm in named]:
        raise ArmNotFound(experiment_id=name, arm=baseline)
    return arms.numbered(sorted(named, key=lambda arm: arm.name != baseline))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _numbers(text: str) -> list[float]:
    try:
        return [float(word) for word in _words(text)]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers as in 0.0,0.1,0.2") from None


def dollars(text: str) -> int:
    """An amount of US dollars in millionths."""
    try:
        return int(Decimal(text) * _MICROUSD)
    except (InvalidOperation, ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no amount of US dollars as in 5.00") from None
