"""`python -m ledger key …`: keys with which other services call the HTTP interface."""

from __future__ import annotations

import argparse
import json
import re
import sys
from typing import Final

from ledger.api.keys import Scope, add_key, all_keys, revoke_key
from ledger.api.tables import ApiKeyRow
from ledger.clock import utc_now
from ledger.services import Services
from ledger.subcommands import Subcommands, add, group

_NAME: Final = re.compile(r"[\w.-]{1,64}")


def add_commands(commands: Subcommands) -> None:
    """Add `key` with its own commands."""
    own = group(commands, "key", "keys of other services that call the HTTP interface", __doc__)
    added = add(own, "add", _add, "make a key; it is printed once and kept nowhere")
    added.add_argument("name", type=_name, metavar="NAME", help="whose it is")
    scopes = [scope.value for scope in Scope]
    added.add_argument("--scope", choices=scopes, action="append", required=True, help="what it may do; once for each")
    add(own, "list", _list, "all keys: what they may do, and when they were last used")
    revoked = add(own, "revoke", _revoke, "refuse a key from now on")
    revoked.add_argument("name", metavar="NAME")


def _add(options: argparse.Namespace, services: Services) -> int:
    scopes = {Scope(scope) for scope in options.scope}
    key = add_key(services.database, options.name, scopes, utc_now())
    if options.json:
        print(json.dumps({"name": options.name, "scopes": sorted(scopes), "key": key}, ensure_ascii=False))
        return 0
    print("This is the only time that the key is shown:", file=sys.stderr)
    print(key)
    return 0


def _list(options: argparse.Namespace, services: Services) -> int:
    for row in all_keys(services.database):
        print(json.dumps(_told(row), ensure_ascii=False) if options.json else _line(row))
    return 0


def _revoke(options: argparse.Namespace, services: Services) -> int:
    revoke_key(services.database, options.name, utc_now())
    told = {"name": options.name, "revoked": True}
    print(json.dumps(told, ensure_ascii=False) if options.json else f"The key {options.name} is refused from now on.")
    return 0


def _told(row: ApiKeyRow) -> dict[str, object]:
    times = {"created_at": row.created_at, "last_used_at": row.last_used_at, "revoked_at": row.revoked_at}
    return {"name": row.name, "scopes": row.scopes} | {name: at and at.isoformat() for name, at in times.items()}


def _line(row: ApiKeyRow) -> str:
    used = f"last used {row.last_used_at:%Y-%m-%d %H:%M}" if row.last_used_at else "never used"
    revoked = f"  (revoked {row.revoked_at:%Y-%m-%d %H:%M})" if row.revoked_at else ""
    return f"{row.name:<24}  {'+'.join(row.scopes):<10}  made {row.created_at:%Y-%m-%d}  {used}{revoked}"


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("a name has letters, digits, '.', '_' and '-', at most 64")
    return text
