"""The commands of `python -m ledger`."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NoReturn

from ledger import (
    auto_confirm_commands,
    dataset_commands,
    experiment_commands,
    export_commands,
    key_commands,
    lexicon_commands,
    logs,
    prompt_commands,
)
from ledger.bootstrap import Services, build_extractor, build_services
from ledger.clock import utc_now
from ledger.config import Settings, load_settings
from ledger.demo import demo_settings, put_samples
from ledger.doctor import Report, examine, refused
from ledger.errors import ConfigurationError, LedgerError
from ledger.inbox.ingest import ingest
from ledger.reading import FileReading, read_files
from ledger.review.reindex import reindex
from ledger.tasks import InlineTaskRunner, ThreadTaskRunner

_LAST_PORT: Final = 65_535


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
    demo = _add(commands, "demo", _demo, "the desk with sample receipts; needs no key, no cloud")
    serve = _add(commands, "serve", _serve, "the desk")
    api = _add(commands, "api", _api, "the HTTP interface for other services")
    for command, port in ((demo, 8501), (serve, 8501), (api, 8085)):
        command.add_argument("--host", default="127.0.0.1")
        command.add_argument("--port", type=_port, default=port)
    doctor = _add(commands, "doctor", _doctor, "what is configured, what answers, what is missing")
    doctor.add_argument("--json", action="store_true", help="for machines")
    _add(commands, "migrate", _migrate, "bring the database to this version's schema")
    _add(commands, "reindex", _reindex, "make what an earlier version read and confirmed findable")
    _add(commands, "ingest", _ingest, "take new photos in from the store")
    extract = _add(commands, "extract", _extract, "read every photo that was not read yet")
    extract.add_argument("--again", type=int, nargs="+", metavar="ID", help="read these receipts again instead")
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


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; ports go from 1 to {_LAST_PORT}")
    return int(text)


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


def _demo(options: argparse.Namespace, settings: Settings) -> int:
    settings = demo_settings(settings)
    put_samples(Path(settings.store_url))
    services = build_services(settings)
    services.database.migrate()
    return _serve_with(services, options)


def _serve(options: argparse.Namespace, settings: Settings) -> int:
    return _serve_with(build_services(settings), options)


def _serve_with(services: Services, options: argparse.Namespace) -> NoReturn:
    _need_free(options.host, options.port)
    # Here, because a command that prints a reading need not load a web server.
    from ledger.ui.server import serve

    _until_interrupted(serve, services, options)


def _api(options: argparse.Namespace, settings: Settings) -> NoReturn:
    _need_free(options.host, options.port)
    from ledger.api.server import serve

    # Those who wait have readers of their own; photos that were only put in are read as on the desk.
    own = settings.model_copy(update={"readers": settings.api_readers})
    _until_interrupted(serve, build_services(own, ThreadTaskRunner(settings.readers)), options)


def _until_interrupted(
    serve: Callable[[Services, str, int], None], services: Services, options: argparse.Namespace
) -> NoReturn:
    print(f"http://{options.host}:{options.port}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        serve(services, options.host, options.port)
    # A reading in flight must not go on in an interpreter that is being taken apart: it would fail, and be stored so.
    sys.stdout.flush()
    os._exit(0)


def _need_free(host: str, port: int) -> None:
    """Say that a port is taken before the address is printed. Raises ConfigurationError."""
    try:
        socket.create_server((host, port)).close()
    except OSError as exc:
        reason = os.strerror(exc.errno or 0)
        why = f"port {port} of {host} cannot be used ({reason}). Choose another, as in PORT={port + 1}"
        raise ConfigurationError(setting="--port", why=why) from exc


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
