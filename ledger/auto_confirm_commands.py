"""`python -m ledger auto-confirm …`: whether receipts are confirmed without a person."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from typing import Any

from ledger.auto_confirm.standing import AUDIT_SHARE, BOUND, CONFIDENCE
from ledger.auto_confirm.tables import AutoConfirmRow
from ledger.auto_confirm.threshold import Choice
from ledger.notes import Note
from ledger.services import Services
from ledger.subcommands import Subcommands, add, group


def add_commands(commands: Subcommands) -> None:
    """Add `auto-confirm` with its own commands."""
    own = group(commands, "auto-confirm", "receipts confirmed without a person; off unless switched on", __doc__)
    status = add(own, "status", _status, "whether it is on, what people found out, and what would be allowed now")
    on = add(own, "on", _on, "confirm from now on what needs nobody to look")
    on.add_argument("--audit-share", type=float, default=AUDIT_SHARE, metavar="SHARE", help="left to people to check")
    for command in (status, on):
        command.add_argument("--bound", type=float, default=BOUND, metavar="SHARE", help="of wrong ones, at most")
        command.add_argument("--confidence", type=float, default=CONFIDENCE, metavar="SHARE", help="of the bound")
    add(own, "off", _off, "leave every receipt to people")


def _status(options: argparse.Namespace, services: Services) -> int:
    auto = services.auto_confirm
    standing, choice = auto.standing(), auto.allowed(options.bound, options.confidence)
    history = [_told(row) for row in auto.history()]
    found = asdict(auto.audit(standing)) if standing else None
    if options.json:
        told = {"on": standing is not None, "audit": found, "allowed": _allowed(choice), "history": history}
        print(json.dumps(told, ensure_ascii=False))
        return 0
    print("\n".join([_state(standing, history), *([] if found is None else [_found(found)]), _possible(choice)]))
    return 0


def _on(options: argparse.Namespace, services: Services) -> int:
    operator = services.settings.operator
    row = services.auto_confirm.switch_on(options.bound, options.confidence, options.audit_share, operator)
    print(json.dumps(_told(row), ensure_ascii=False) if options.json else _state(row, []))
    return 0


def _off(options: argparse.Namespace, services: Services) -> int:
    ended = services.auto_confirm.switch_off(services.settings.operator)
    if options.json:
        print(json.dumps({"ended": ended}))
    else:
        print("off: every receipt is left to people" if ended else "it was off already")
    return 0


def _state(standing: AutoConfirmRow | None, history: list[dict[str, Any]]) -> str:
    if standing is not None:
        limits = f"risk up to {standing.threshold:.4f}, at most {standing.bound:.1%} wrong ({standing.confidence:.1%})"
        return f"on since {standing.created_at:%Y-%m-%d %H:%M} UTC by {standing.operator}: {limits}"
    why = history[0]["end_reason"] if history else None
    return f"off: it switched itself off. {why}" if why else "off"


def _found(found: dict[str, Any]) -> str:
    return (
        f"{found['confirmed']} confirmed without a person, {found['mended']} of them mended;"
        f" {found['left']} left to people, {found['decided']} of them decided, {found['wrong']} wrong"
    )


def _possible(choice: Choice) -> str:
    chosen = choice.chosen
    if chosen is None:
        there = f"{choice.receipts} of {choice.of} decisions can be counted"
        return f"nothing can be chosen now: {there}, {choice.missing} more are missing if no more are wrong"
    shown = f"{chosen.wrong} of {chosen.receipts} wrong, {chosen.upper:.2%} at most"
    return f"now possible: risk up to {chosen.threshold:.4f}, {choice.share(chosen):.0%} of receipts ({shown})"


def _allowed(choice: Choice) -> dict[str, Any]:
    chosen = choice.chosen
    told = {"receipts": choice.receipts, "of": choice.of, "missing": choice.missing}
    return told | {"chosen": asdict(chosen) | {"share": choice.share(chosen)} if chosen else None}


def _told(row: AutoConfirmRow) -> dict[str, Any]:
    names = ("id", "threshold", "bound", "confidence", "audit_share", "operator", "ended_by", "evidence")
    told = {name: getattr(row, name) for name in names}
    times = {name: when.isoformat() if when else None for name, when in _times(row)}
    return told | times | {"end_reason": str(Note(**row.end_reason)) if row.end_reason else None}


def _times(row: AutoConfirmRow) -> list[tuple[str, Any]]:
    return [("created_at", row.created_at), ("ended_at", row.ended_at)]
