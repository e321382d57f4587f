"""The commands of `python -m ledger`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from ledger import (
    auto_confirm_commands,
    batch_commands,
    dataset_commands,
    experiment_commands,
    export_commands,
    key_commands,
    lexicon_commands,
    logs,
    prompt_commands,
    serving_commands,
)
from ledger.bootstrap import build_services
from ledger.clock import utc_now
from ledger.config import Settings, load_settings
from ledger.doctor import Report, examine, refused
from ledger.errors import ConfigurationError, LedgerError
from ledger.extractors import build_extractor
from ledger.inbox.ingest import ingest
from ledger.reading import FileReading, read_files
from ledger.review.reindex import reindex
from ledger.services import Services
from ledger.tasks import InlineTaskRunner


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the process's exit code."""
    options = _parser().parse_args(argv)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        command: Callable[[argparse.Namespace, Settings], int] = options.command
        settings = _with_options(load_settings(), options)
        logs.set_up(settings.log_format)
        code = command(options, settings)
        sys.stdout.flush()
        return code
    except LedgerError as error:
        if isinstance(error, ConfigurationError) and options.command is _doctor:
            return _tell(refused(error), options)
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever reads it has seen enough, as `head` does; the rest goes nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ledger", description="From photographed receipts to records.")
    commands = parser.add_subparsers(required=True, metavar="command")
    serving_commands.add_commands(commands)
    doctor = _add(commands, "doctor", _doctor, "what is configured, what answers, what is missing")
    doctor.add_argument("--json", action="store_true", help="for machines")
    _add(commands, "migrate", _migrate, "bring the database to this version's schema")
    _add(commands, "reindex", _reindex, "make what an earlier version read and confirmed findable")
    _add(commands, "ingest", _ingest, "take new photos in from the store")
    extract = _add(commands, "extract", _extract, "read every photo that was not read yet")
    extract.add_argument("--again", type=int, nargs="+", metavar="ID", help="read these receipts again instead")
    batch_commands.add_commands(commands)
    dataset_commands.add_commands(commands)
    experiment_commands.add_commands(commands)
    prompt_commands.add_commands(commands)
    lexicon_commands.add_commands(commands)
    export_commands.add_commands(commands)
    auto_confirm_commands.add_commands(commands)
    key_commands.add_commands(commands)
    read = _add(commands, "read", _read, "read photo files and print what they say; needs no database")
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    read.add_argument("--extractor", choices=("auto", "openai", "offline"))
    read.add_argument("--temperature", type=float, metavar="T")
    read.add_argument("--json", action="store_true", help="one line for machines, when everything is read")
    return parser


def _add(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    command: Callable[[argparse.Namespace, Settings], int],
    description: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=description, description=description)
    parser.set_defaults(command=command)
    return parser


def _with_options(settings: Settings, options: argparse.Namespace) -> Settings:
    """The settings with what was said on the command line."""
    if (extractor := getattr(options, "extractor", None)) is not None:
        settings = settings.model_copy(update={"extractor": extractor})
    if (temperature := getattr(options, "temperature", None)) is not None:
        if not 0 <= temperature <= 2:
            raise ConfigurationError(setting="--temperature", why="it must be between 0 and 2")
        settings = settings.model_copy(update={"temperature": temperature})
    return settings


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    try:
        return _tell(examine(_inline(settings)), options)
    except ConfigurationError as error:
        return _tell(refused(error, settings), options)


def _tell(report: Report, options: argparse.Namespace) -> int:
    if options.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
        return 0 if report.ok else 1
    for finding in report.findings:
        mark = "ok" if finding.ok else "MISSING" if finding.needed else "note"
        print(f"{mark:8}{finding.name}: {finding.detail}")
    for title, values in (("settings", report.settings), ("versions", report.versions)):
        print(f"\n{title}")
        print("\n".join(f"  {name:16} {value}" for name, value in values.items()))
    return 0 if report.ok else 1


def _migrate(_options: argparse.Namespace, settings: Settings) -> int:
    print(f"schema {_inline(settings).database.migrate()}")
    return 0


def _reindex(_options: argparse.Namespace, settings: Settings) -> int:
    database = _inline(settings).database
    database.check()
    read, confirmed = reindex(database)
    print(f"{read} read receipts can be found, the names of {confirmed} confirmed ones are counted")
    return 0


def _ingest(_options: argparse.Namespace, settings: Settings) -> int:
    services = _inline(settings)
    services.database.check()
    report = ingest(services.database, services.store, utc_now())
    print(f"{report.listed} photos in the store, {report.added} new, {report.changed} changed")
    return 0


def _extract(options: argparse.Namespace, settings: Settings) -> int:
    services = _inline(settings)
    services.database.check()
    reader = services.reader
    read, wanted = (reader.read, options.again) if options.again else (reader.read_if_due, reader.due())
    runs = {receipt_id: reader.run_of(read(receipt_id)) for receipt_id in wanted}
    failed = [run for run in runs.values() if run is not None and run.error_class]
    left = [receipt_id for receipt_id, run in runs.items() if run is None]
    for run in failed:
        print(f"receipt {run.receipt_id}: {run.error_message}", file=sys.stderr)
    for receipt_id in left:
        print(f"receipt {receipt_id}: not read; there is none, or somebody else reads it now", file=sys.stderr)
    print(f"{len(runs) - len(left)} photos read, {len(failed)} failed")
    return 1 if failed or (options.again and left) else 0


def _read(options: argparse.Namespace, settings: Settings) -> int:
    extractor, printed, failed = build_extractor(settings), {}, 0
    for reading in read_files(options.files, extractor, temperature=options.temperature, readers=settings.readers):
        if reading.document is None:
            failed += 1
        else:
            printed[reading.name] = reading.document
        _complain(reading)
    print(json.dumps(printed, ensure_ascii=False, indent=None if options.json else 2))
    return 1 if failed else 0


def _complain(reading: FileReading) -> None:
    for sentence in (reading.error, *(f"{reading.name}: {note}" for note in reading.notes)):
        if sentence:
            print(sentence, file=sys.stderr)


def _inline(settings: Settings) -> Services:
    return build_services(settings, InlineTaskRunner())
