"""`python -m ledger lexicon …`: shops and item names that prompts may offer."""

from __future__ import annotations

import argparse
import json
import sys

from ledger.services import Services
from ledger.subcommands import Subcommands, add, group
from ledger.tuning.lexicon import names, newest_build, rebuild, shops
from ledger.tuning.tables import LexiconItemRow, LexiconShopRow


def add_commands(commands: Subcommands) -> None:
    """Add `lexicon` with its own commands."""
    own = group(commands, "lexicon", "shops and item names that prompts may offer", __doc__)
    add(own, "rebuild", _rebuild, "count it anew from confirmed receipts; merged and blocked names stay so")
    listed = add(own, "list", _list, "its shops, or the item names of one")
    listed.add_argument("--shop", metavar="KEY", help="the names of this shop instead")


def _rebuild(_options: argparse.Namespace, services: Services) -> int:
    build = rebuild(services.database, lambda count: print(f"{count} receipts looked at", file=sys.stderr))
    found = shops(services.database)
    left_out = f"; test splits of {len(build.unseen)} dataset versions left out" if build.unseen else ""
    print(f"{len(found)} shops from {build.receipts} confirmed receipts{left_out}")
    return 0


def _list(options: argparse.Namespace, services: Services) -> int:
    if newest_build(services.database) is None:
        print("The lexicon was not built yet. Build it with: python -m ledger lexicon rebuild", file=sys.stderr)
        return 1
    database = services.database
    if options.shop:
        rows = [(_item(row), f"{row.times:>6}  {row.name}") for row in names(database, options.shop)]
    else:
        rows = [(_shop(row), f"{row.receipts:>6}  {row.shop}  {row.own_name or row.name}") for row in shops(database)]
    for told, line in rows:
        print(json.dumps(told, ensure_ascii=False) if options.json else f"{line}{_edits(told)}")
    return 0


def _shop(row: LexiconShopRow) -> dict[str, object]:
    told = {"shop": row.shop, "name": row.own_name or row.name, "receipts": row.receipts}
    return told | {"merged_into": row.merged_into, "blocked": row.blocked}


def _item(row: LexiconItemRow) -> dict[str, object]:
    told = {"name": row.name, "times": row.times, "price_low": row.price_low, "price_high": row.price_high}
    return told | {"category": row.category, "merged_into": row.merged_into, "blocked": row.blocked}


def _edits(told: dict[str, object]) -> str:
    merged = f"  -> {told['merged_into']}" if told["merged_into"] else ""
    return f"{merged}{'  (blocked)' if told['blocked'] else ''}"
