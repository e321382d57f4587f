"""`python -m ledger experiment …`: settings compared without a screen, by hand, in CI or by a clock."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import signal
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from ledger.bootstrap import Services, build_lab, build_services
from ledger.clock import utc_now
from ledger.config import Settings
from ledger.errors import ArmNotFound, ExperimentBusy
from ledger.experiments import arms, standing
from ledger.experiments.datasets import cases_of, dataset_version
from ledger.experiments.figures import ArmFigures, Comparison, Report
from ledger.experiments.plan import Plan, estimate
from ledger.experiments.report import all_changed, report_of
from ledger.experiments.report_files import report_html, report_markdown, runs_csv
from ledger.experiments.scores import METRICS
from ledger.experiments.stored import Progress, create, experiment, experiments, past_of, progress
from ledger.experiments.words import Arm, Experiment, ExperimentStatus, Split
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.models import load_models
from ledger.tasks import InlineTaskRunner

_MICROUSD: Final = 1_000_000
_PAUSED: Final = 3
"""Exit code of a run that stopped before its end; 1 is an error."""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `experiment` with its own commands."""
    parser = commands.add_parser("experiment", help="compare settings on confirmed receipts", description=__doc__)
    own = parser.add_subparsers(required=True, metavar="what")
    _create_options(_add(own, "create", _create, "make an experiment; says what it will take, and runs nothing"))
    run = _add(own, "run", _run, "run it to its end, or go on where it was interrupted")
    run.add_argument("--budget", type=_dollars, metavar="USD", help="another cap, as in 5.00")
    run.add_argument("--quiet", action="store_true", help="tell no progress")
    run.add_argument("--started", action="store_true", help="only if it was started and nobody paused it since")
    status = _add(own, "status", _status, "how far it has come; without an id, of all", one=False)
    status.add_argument("id", type=int, nargs="?")
    _add(own, "pause", _pause, "ask for no more runs; those in flight come in")
    _add(own, "cancel", _cancel, "end it for good; what is in stays")
    report = _add(own, "report", _report, "what it found")
    report.add_argument("--format", choices=("md", "html", "csv"), default="md", help="csv: a row a run")
    report.add_argument("--language", choices=("ko", "en"), help="of md and html; LEDGER_LANGUAGE decides otherwise")
    report.add_argument("--out", type=Path, metavar="FILE", help="instead of printing it")
    for each in own.choices.values():
        each.add_argument("--json", action="store_true", help="for machines")


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    command: Callable[[argparse.Namespace, Services], int],
    description: str,
    *,
    one: bool = True,
) -> argparse.ArgumentParser:
    def with_services(options: argparse.Namespace, settings: Settings) -> int:
        with contextlib.closing(build_services(settings, InlineTaskRunner())) as services:
            services.database.check()
            return command(options, services)

    parser = commands.add_parser(name, help=description, description=description)
    parser.set_defaults(command=with_services)
    if one and name != "create":
        parser.add_argument("id", type=int)
    return parser


def _create_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True)
    parser.add_argument("--dataset", required=True, metavar="VERSION", help="name of a dataset version")
    parser.add_argument("--split", choices=[split.value for split in Split], help="all receipts, if it is not given")
    parser.add_argument("--temperatures", type=_numbers, metavar="T,T,…", help="as in 0.0,0.1,0.2")
    for name, of in (("models", "MODEL"), ("efforts", "EFFORT"), ("details", "DETAIL"), ("preparations", "NAME")):
        parser.add_argument(f"--{name}", type=_words, metavar=f"{of},…")
    parser.add_argument("--prompts", type=_words, metavar="VERSION,…", help="prompt versions")
    parser.add_argument("--offline", action="store_true", help="the offline engine as one more arm")
    parser.add_argument("--baseline", metavar="ARM", help="name of the arm that the others are compared with")
    parser.add_argument("--repetitions", type=int, default=1, metavar="N")
    parser.add_argument("--shared", action="store_true", help="buy repetitions in one request where the model allows")
    parser.add_argument("--metric", choices=list(METRICS), default="all_right", help="what decides")
    parser.add_argument("--budget", type=_dollars, metavar="USD", help="cap, as in 5.00")
    parser.add_argument("--in-flight", type=int, default=4, metavar="N", help="requests at the same time")
    parser.add_argument("--seed", type=int, default=0)


def _create(options: argparse.Namespace, services: Services) -> int:
    version = dataset_version(services.database, options.dataset)
    plan = Plan(
        name=options.name,
        dataset_version_id=version.id,
        arms=_arms(options, services.asked_of_models()),
        split=Split(options.split) if options.split else None,
        metric=options.metric,
        repetitions=options.repetitions,
        shared_requests=options.shared,
        in_flight=options.in_flight,
        seed=options.seed,
        budget_microusd=options.budget,
    )
    models = load_models(services.settings.models_file)
    cases = cases_of(services.database, version, plan.split)
    experiment_id, notes = create(services.database, plan, models, services.settings.operator, utc_now())
    found = estimate(plan, cases, models, past_of(services.database, [arm.settings.model for arm in plan.arms]))
    names = [arm.name for arm in plan.arms]
    told = {
        "id": experiment_id,
        "arms": names,
        "runs": found.runs,
        "requests": found.requests,
        "cost_usd": _usd(found.cost_microusd),
        "seconds": round(found.seconds),
        "notes": [str(note) for note in notes],
    }
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for note in notes:
        print(note, file=sys.stderr)
    cost = "cost not known" if found.cost_microusd is None else f"about ${found.cost_microusd / _MICROUSD:.2f}"
    print(f"experiment {experiment_id}: {', '.join(names)}")
    print(f"{found.runs} runs in {found.requests} requests, {cost}, about {found.seconds / 60:.0f} min")
    print(f"python -m ledger experiment run {experiment_id}")
    return 0


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
    return _with_baseline(named, options.baseline)


def _with_baseline(named: Sequence[Arm], baseline: str | None) -> tuple[Arm, ...]:
    if baseline is None:
        return tuple(named)
    if baseline not in [arm.name for arm in named]:
        raise ArmNotFound(experiment_id="-", arm=baseline)
    return arms.numbered(sorted(named, key=lambda arm: arm.name != baseline))


def _run(options: argparse.Namespace, services: Services) -> int:
    # A container's end is a signal that a process may answer: what is in flight still comes in.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    tell = _Teller(services, options.id, quiet=options.quiet or options.json)
    lab = build_lab(services)
    if not options.started:
        standing.start(services.database, options.id, utc_now(), budget_microusd=options.budget)
    elif experiment(services.database, options.id).status != ExperimentStatus.RUNNING:
        return _PAUSED  # by somebody who was quicker than this process
    patience = time.monotonic() + standing.LEASE.total_seconds() + 1
    while True:
        try:
            ended = lab.run(options.id, tell)
            break
        except ExperimentBusy:  # who ran it may have been killed, and then its claim runs out; or it was paused since
            is_wanted = experiment(services.database, options.id).status == ExperimentStatus.RUNNING
            if time.monotonic() > patience or not is_wanted:
                raise
            time.sleep(1)
    if options.json:
        print(json.dumps(_status_of(services, ended), ensure_ascii=False))
    elif not options.quiet:
        print(f"experiment {ended.id}: {ended.status}{f'. {ended.reason}' if ended.reason else ''}")
    return 0 if ended.status == ExperimentStatus.FINISHED else _PAUSED


class _Teller:
    """Tells the progress on one line at a time."""

    def __init__(self, services: Services, experiment_id: int, *, quiet: bool) -> None:
        self._services, self._id, self._quiet = services, experiment_id, quiet
        self._told = 0

    def __call__(self) -> None:
        if self._quiet:
            return
        of = experiment(self._services.database, self._id)
        found = progress(self._services.database, of, utc_now())
        if found.done != self._told:
            self._told = found.done
            print(_line(found), file=sys.stderr, flush=True)


def _line(found: Progress) -> str:
    left = f", {found.left.total_seconds() / 60:.0f} min left" if found.left else ""
    return f"{found.done} of {found.planned} runs, {found.failed} failed, ${found.spent_microusd / _MICROUSD:.4f}{left}"


def _status(options: argparse.Namespace, services: Services) -> int:
    database = services.database
    wanted = experiments(database) if options.id is None else [experiment(database, options.id)]
    told = [_status_of(services, of) for of in wanted]
    if options.json:
        print(json.dumps(told if options.id is None else told[0], ensure_ascii=False))
        return 0
    for of, status in zip(wanted, told, strict=True):
        why = f" ({of.reason})" if of.reason else ""
        print(f"{of.id}\t{of.status}{why}\t{status['done']}/{status['planned']}\t{of.name}")
    return 0


def _status_of(services: Services, of: Experiment) -> dict[str, Any]:
    found = progress(services.database, of, utc_now())
    return {
        "id": of.id,
        "name": of.name,
        "status": of.status,
        "reason": str(of.reason) if of.reason else None,
        "dataset": of.dataset.name,
        "metric": of.metric,
        "arms": [arm.name for arm in of.arms],
        "done": found.done,
        "planned": found.planned,
        "failed": found.failed,
        "spent_usd": _usd(found.spent_microusd),
        "seconds_left": round(found.left.total_seconds()) if found.left else None,
    }


def _pause(options: argparse.Namespace, services: Services) -> int:
    return _done(standing.pause(services.database, experiment(services.database, options.id).id), options, services)


def _cancel(options: argparse.Namespace, services: Services) -> int:
    of = experiment(services.database, options.id)
    return _done(standing.cancel(services.database, of.id, utc_now()), options, services)


def _done(changed: bool, options: argparse.Namespace, services: Services) -> int:
    of = experiment(services.database, options.id)
    if options.json:
        print(json.dumps(_status_of(services, of), ensure_ascii=False))
    else:
        print(f"experiment {of.id}: {of.status}")
    return 0 if changed else 1


def _report(options: argparse.Namespace, services: Services) -> int:
    parts = _report_parts(options, services, experiment(services.database, options.id))
    if options.out is None:
        sys.stdout.writelines(parts)
        return 0
    try:
        with options.out.open("w", encoding="utf-8", newline="") as file:
            file.writelines(parts)
    except OSError as error:
        print(f"{options.out} cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    print(options.out)
    return 0


def _report_parts(options: argparse.Namespace, services: Services, of: Experiment) -> Iterable[str]:
    if options.format == "csv" and not options.json:
        return runs_csv(services.database, of)
    found = report_of(services.database, of)
    if options.json:
        return [json.dumps(_report_of(found), ensure_ascii=False), "\n"]
    # Here, because no other command about experiments needs the texts of the screens.
    from ledger.ui.texts import Texts

    language = options.language or services.settings.language
    say, changed = Texts(language).plain.note, all_changed(services.database, found)
    if options.format == "html":
        return [report_html(found, say, changed, language=language)]
    return [report_markdown(found, say, changed)]


def _report_of(found: Report) -> dict[str, Any]:
    """The report for machines: names instead of ids, notes as English sentences."""
    return {
        "experiment": found.experiment.id,
        "name": found.experiment.name,
        "metric": found.experiment.metric,
        "receipts": found.receipts,
        "is_final": found.is_final,
        "leader": [str(note) for note in found.leader],
        "arms": [_arm_of(figures) for figures in found.arms],
        "comparisons": [_comparison_of(each) for each in found.comparisons],
    }


def _arm_of(figures: ArmFigures) -> dict[str, Any]:
    told = asdict(figures) | {"arm": figures.arm.name, "settings": figures.arm.settings.as_json()}
    return told | {"notes": [str(note) for note in figures.notes]}


def _comparison_of(each: Comparison) -> dict[str, Any]:
    return asdict(each) | {"arm": each.arm.name}


def _usd(microusd: int | None) -> float | None:
    return None if microusd is None else microusd / _MICROUSD


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _numbers(text: str) -> list[float]:
    try:
        return [float(word) for word in _words(text)]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers as in 0.0,0.1,0.2") from None


def _dollars(text: str) -> int:
    try:
        return int(Decimal(text) * _MICROUSD)
    except (InvalidOperation, ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"{text!r} is no amount of US dollars as in 5.00") from None
