"""`python -m ledger experiment …`: settings compared without a screen, by hand, in CI or by a clock."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from ledger.bootstrap import build_lab
from ledger.clock import utc_now
from ledger.errors import ExperimentBusy
from ledger.experiment_options import create_options, dollars, plan_of
from ledger.experiment_told import Teller, created_lines, created_told, report_told, status_told
from ledger.experiments import standing
from ledger.experiments.datasets import cases_of, dataset_version
from ledger.experiments.plan import estimate
from ledger.experiments.stored import create, experiment, experiments, past_of, progress
from ledger.experiments.words import Experiment, ExperimentStatus
from ledger.extraction.models import load_models
from ledger.services import Services
from ledger.subcommands import Command, Subcommands, add, group

_PAUSED: Final = 3
"""Exit code of a run that stopped before its end; 1 is an error."""


def add_commands(commands: Subcommands) -> None:
    """Add `experiment` with its own commands."""
    own = group(commands, "experiment", "compare settings on confirmed receipts", __doc__)
    create_options(add(own, "create", _create, "make an experiment; says what it will take, and runs nothing"))
    run = _add_one(own, "run", _run, "run it to its end, or go on where it was interrupted")
    run.add_argument("--budget", type=dollars, metavar="USD", help="another cap, as in 5.00")
    run.add_argument("--quiet", action="store_true", help="tell no progress")
    run.add_argument("--started", action="store_true", help="only if it was started and nobody paused it since")
    status = add(own, "status", _status, "how far it has come; without an id, of all")
    status.add_argument("id", type=int, nargs="?")
    _add_one(own, "pause", _pause, "ask for no more runs; those in flight come in")
    _add_one(own, "cancel", _cancel, "end it for good; what is in stays")
    report = _add_one(own, "report", _report, "what it found")
    report.add_argument("--format", choices=("md", "html", "csv"), default="md", help="csv: a row a run")
    report.add_argument("--language", choices=("ko", "en"), help="of md and html; LEDGER_LANGUAGE decides otherwise")
    report.add_argument("--out", type=Path, metavar="FILE", help="instead of printing it")


def _add_one(commands: Subcommands, name: str, command: Command, description: str) -> argparse.ArgumentParser:
    """A command about one experiment."""
    parser = add(commands, name, command, description)
    parser.add_argument("id", type=int)
    return parser


def _create(options: argparse.Namespace, services: Services) -> int:
    database, models = services.database, load_models(services.settings.models_file)
    version = dataset_version(database, options.dataset)
    if options.prompts:
        options.prompts = [services.prompts.named(told).version for told in options.prompts]
    plan = plan_of(options, version.id, services.asked_of_models())
    experiment_id, notes = create(database, plan, models, services.settings.operator, utc_now(), services.prompts)
    past = past_of(database, [arm.settings.model for arm in plan.arms])
    # Here, as in a report: the libraries of statistics take a second to load.
    from ledger.experiments.foresight import foreseen

    cases = cases_of(database, version, plan.split)
    found = estimate(plan, cases, models, past)
    notes = *notes, *foreseen(plan, len(cases), found)
    told = created_told(experiment_id, plan, found, notes)
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for note in notes:
        print(note, file=sys.stderr)
    print(created_lines(told))
    return 0


def _run(options: argparse.Namespace, services: Services) -> int:
    # A container's end is a signal that a process may answer: what is in flight still comes in.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if not options.started:
        standing.start(services.database, options.id, utc_now(), budget_microusd=options.budget)
    ended = _run_once_free(options, services)
    if options.json:
        print(json.dumps(_status_of(services, ended), ensure_ascii=False))
    elif not options.quiet:
        print(f"experiment {ended.id}: {ended.status}{f'. {ended.reason}' if ended.reason else ''}")
    return 0 if ended.status == ExperimentStatus.FINISHED else _PAUSED


def _run_once_free(options: argparse.Namespace, services: Services) -> Experiment:
    """Run it, as soon as nobody else does: who did may have been killed, and then its claim runs out.

    Who paused it meanwhile was quicker: then it is left as it is.
    """
    lab, tell = build_lab(services), Teller(services.database, options.id, quiet=options.quiet or options.json)
    patience = time.monotonic() + standing.LEASE.total_seconds() + 1
    while True:
        try:
            return lab.run(options.id, tell, only_started=True)
        except ExperimentBusy:
            found = experiment(services.database, options.id)
            if found.status == ExperimentStatus.PAUSED:
                return found
            if time.monotonic() > patience:
                raise
            time.sleep(1)


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
    return status_told(of, progress(services.database, of, utc_now()))


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
    # Here, because the libraries of statistics and the texts of the screens take seconds to load.
    from ledger.experiments.report import all_changed, report_of
    from ledger.experiments.report_files import report_html, report_markdown, runs_csv
    from ledger.ui.texts import Texts

    if options.format == "csv" and not options.json:
        return runs_csv(services.database, of)
    found = report_of(services.database, of)
    if options.json:
        return [json.dumps(report_told(found), ensure_ascii=False), "\n"]
    language = options.language or services.settings.language
    say, changed = Texts(language).plain.note, all_changed(services.database, found)
    if options.format == "html":
        return [report_html(found, say, changed, language=language)]
    return [report_markdown(found, say, changed)]
