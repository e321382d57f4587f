"""`python -m ledger batch …`: receipts that are read within a day, at half the price."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace

from ledger.errors import ConfigurationError
from ledger.extraction.batches.handing_in import HandedIn
from ledger.extraction.batches.lane import Batches
from ledger.extraction.batches.tables import BatchRow
from ledger.services import Services
from ledger.subcommands import Subcommands, add, group


def add_commands(commands: Subcommands) -> None:
    """Add `batch` with its own commands."""
    own = group(commands, "batch", "receipts read within a day, at half the price", __doc__)
    submit = add(own, "submit", _submit, "hand receipts in; their readings come by themselves within a day")
    which = submit.add_mutually_exclusive_group(required=True)
    which.add_argument("--again", type=int, nargs="+", metavar="ID", help="these receipts, whatever was read before")
    which.add_argument("--failed", action="store_true", help="all that could not be read")
    which.add_argument("--all-open", action="store_true", help="all that are open and that nobody works on")
    submit.add_argument("--temperature", type=float, metavar="T", help="0 to 2, instead of what is read with now")
    add(own, "poll", _poll, "look at the open batches now, and collect what is there; a running desk does it by itself")
    add(own, "list", _list, "all batches: how they stand, and what became of their receipts")
    cancelled = add(own, "cancel", _cancel, "have nothing more of a batch read")
    cancelled.add_argument("id", type=int, metavar="ID")


def _submit(options: argparse.Namespace, services: Services) -> int:
    batches = _batches(services)
    wanted = options.again or (
        [receipt_id for receipt_id, _ in services.reader.failed()] if options.failed else batches.unheld()
    )
    settings = services.production.current()
    if options.temperature is not None:
        settings = replace(settings, temperature=options.temperature)
    handed = batches.submit(wanted, settings)
    _tell_handed_in(handed, len(set(wanted)), as_json=options.json)
    return 1 if handed.left_out or (options.again and handed.receipts < len(set(wanted))) else 0


def _tell_handed_in(handed: HandedIn, wanted: int, *, as_json: bool) -> None:
    for receipt_id, why in handed.left_out.items():
        print(f"receipt {receipt_id}: left out: {why}", file=sys.stderr)
    alone = wanted - handed.receipts - len(handed.left_out)
    if as_json:
        told = {"batches": handed.batches, "receipts": handed.receipts, "left_out": handed.left_out, "taken": alone}
        print(json.dumps(told, ensure_ascii=False))
        return
    if alone:
        print(f"{alone} left alone: in a batch already, read by somebody now, or not there", file=sys.stderr)
    names = ", ".join(map(str, handed.batches))
    print(f"{handed.receipts} receipts handed in, batch {names}" if names else "nothing was handed in")


def _poll(options: argparse.Namespace, services: Services) -> int:
    failed = [(batch_id, error) for batch_id, error in _batches(services).look() if error is not None]
    for batch_id, error in failed:
        print(f"batch {batch_id}: {error}", file=sys.stderr)
    _list(options, services)
    return 1 if failed else 0


def _list(options: argparse.Namespace, services: Services) -> int:
    for batch, lines in _batches(services).all():
        print(json.dumps(_told(batch, lines), ensure_ascii=False) if options.json else _line(batch, lines))
    return 0


def _cancel(options: argparse.Namespace, services: Services) -> int:
    cancelled = _batches(services).cancel(options.id)
    if options.json:
        print(json.dumps({"id": options.id, "cancelled": cancelled}))
    elif cancelled:
        print(f"Nothing more of batch {options.id} is read; what was read by now is still collected.")
    if not cancelled:
        print(f"There is no batch {options.id} at the service that is still open.", file=sys.stderr)
    return 0 if cancelled else 1


def _told(batch: BatchRow, lines: dict[str, int]) -> dict[str, object]:
    times = {"created_at": batch.created_at, "closed_at": batch.closed_at}
    return {
        "id": batch.id,
        "service_id": batch.service_id,
        "status": batch.status,
        "settings": batch.settings,
        "round": batch.round,
        "answered": batch.completed,
        "not_answered": batch.failed,
        "receipts": {outcome or "waiting": count for outcome, count in lines.items()},
        "error": batch.error,
    } | {name: at and at.isoformat() for name, at in times.items()}


def _line(batch: BatchRow, lines: dict[str, int]) -> str:
    counts = ", ".join(f"{count} {(outcome or 'waiting').replace('_', ' ')}" for outcome, count in lines.items())
    closed = "closed" if batch.closed_at else "open"
    why = f"  {batch.error}" if batch.error else ""
    model = batch.settings.get("model")
    return f"{batch.id:>4}  {batch.created_at:%Y-%m-%d %H:%M}  {model}  {batch.status}, {closed}: {counts}{why}"


def _batches(services: Services) -> Batches:
    if services.batches is None:
        why = "photos are read on this machine, and only a model's service takes batches"
        raise ConfigurationError(setting="LEDGER_EXTRACTOR", why=why)
    return services.batches
