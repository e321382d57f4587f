"""Commands that belong to another one, as in `dataset freeze`: each works on a desk whose schema is ours."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable
from typing import TypeAlias

from ledger.bootstrap import build_services
from ledger.config import Settings
from ledger.services import Services
from ledger.tasks import InlineTaskRunner

Subcommands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Command = Callable[[argparse.Namespace, Services], int]
"""What is done; its result is the process's exit code."""


def group(commands: Subcommands, name: str, help_: str, description: str | None) -> Subcommands:
    """Add a command that only has others."""
    parser = commands.add_parser(name, help=help_, description=description)
    return parser.add_subparsers(required=True, metavar="what")


def add(commands: Subcommands, name: str, command: Command, description: str) -> argparse.ArgumentParser:
    """Add a command that has `--json` and is given services."""
    parser = commands.add_parser(name, help=description, description=description)
    parser.set_defaults(command=with_services(command))
    parser.add_argument("--json", action="store_true", help="for machines")
    return parser


def with_services(command: Command) -> Callable[[argparse.Namespace, Settings], int]:
    """The command as `main` calls it: services are made for it and closed behind it."""

    def called(options: argparse.Namespace, settings: Settings) -> int:
        with contextlib.closing(build_services(settings, InlineTaskRunner())) as services:
            services.database.check()
            return command(options, services)

    return called
