"""`python -m ledger demo`, `serve`, `api` and `worker`: what runs until it is told to end."""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final, NoReturn

from ledger import traces
from ledger.bootstrap import build_services, build_tasks
from ledger.config import Settings
from ledger.demo import demo_settings, put_samples
from ledger.errors import ConfigurationError
from ledger.services import Services
from ledger.subcommands import Subcommands

_LAST_PORT: Final = 65_535


def add_commands(commands: Subcommands) -> None:
    """Add what serves."""
    demo = _add(commands, "demo", _demo, "the desk with sample receipts; needs no key, no cloud")
    serve = _add(commands, "serve", _serve, "the desk")
    api = _add(commands, "api", _api, "the HTTP interface for other services")
    for command, port in ((demo, 8501), (serve, 8501), (api, 8085)):
        command.add_argument("--port", type=_port, default=port)
    _add(commands, "worker", _worker, "reads what the desk and the interface queue; needs LEDGER_BROKER_URL")


def _add(
    commands: Subcommands, name: str, command: Callable[[argparse.Namespace, Settings], int], description: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=description, description=description)
    parser.set_defaults(command=command)
    parser.add_argument("--host", default="127.0.0.1", help="address of this machine that is listened at")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; ports go from 1 to {_LAST_PORT}")
    return int(text)


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

    _traced("ledger-desk", services.settings)
    _until_interrupted(serve, services, options)


def _api(options: argparse.Namespace, settings: Settings) -> NoReturn:
    _need_free(options.host, options.port)
    from ledger.api.server import serve

    # Those who wait have readers of their own; photos that were only put in are read as on the desk.
    _traced("ledger-api", settings)
    own = settings.model_copy(update={"readers": settings.api_readers})
    _until_interrupted(serve, build_services(own, build_tasks(settings)), options)


def _worker(options: argparse.Namespace, settings: Settings) -> NoReturn:
    if settings.broker_url is None:
        why = "it is not set, and without it photos are read by the desk itself"
        raise ConfigurationError(setting="LEDGER_BROKER_URL", why=why)
    from ledger.watch.metrics import serve_metrics
    from ledger.worker import run_worker, wait_for_others

    _traced("ledger-worker", settings)
    services = build_services(settings)
    wait_for_others(services, settings.broker_url)
    serve_metrics(services, options.host)
    run_worker(services, settings.broker_url)
    os._exit(0)  # as for the servers


def _traced(service: str, settings: Settings) -> None:
    if settings.traces_endpoint:
        traces.begin(service)


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
        other = f"--port {port + 1}, or PORT={port + 1} with make"
        why = f"port {port} of {host} cannot be used ({reason}). Choose another, as in {other}"
        raise ConfigurationError(setting="--port", why=why) from exc
