"""`python -m ledger dataset …`: confirmed receipts frozen into versions, taken along as files, and brought in."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ledger.clock import utc_now
from ledger.experiments.dataset_files import export_to
from ledger.experiments.datasets import dataset_version, dataset_versions
from ledger.experiments.freezing import freeze
from ledger.experiments.importing import TEST_SHARE, import_dataset
from ledger.experiments.words import DatasetVersion
from ledger.notes import Note
from ledger.review.confirmed import Search
from ledger.services import Services
from ledger.subcommands import Subcommands, add, group


def add_commands(commands: Subcommands) -> None:
    """Add `dataset` with its own commands."""
    own = group(commands, "dataset", "frozen receipts that settings are compared on", __doc__)
    add(own, "list", _list, "every version, the newest first")
    frozen = add(own, "freeze", _freeze, "confirmed receipts, or a sample of them, under a name")
    frozen.add_argument("name")
    frozen.add_argument("--text", default="", help="in places and item names, as on the Confirmed page")
    frozen.add_argument("--since", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")
    frozen.add_argument("--until", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")
    frozen.add_argument("--size", type=_size, metavar="N", help="in proportion by shop and risk; all, if not given")
    _split_options(frozen)
    imported = add(own, "import", _import, "a folder or zip: an exported version, or pictures with their truths")
    imported.add_argument("source", type=Path, metavar="PATH")
    imported.add_argument("--name", default="", help="its own, if not given")
    _split_options(imported)
    exported = add(own, "export", _export, "a version as files: a zip if the target is called so, else a folder")
    exported.add_argument("name", help="or id")
    exported.add_argument("target", type=Path, metavar="PATH")


def _split_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=0, help="of everything that is chosen by chance")
    share = f"of receipts that tuning never sees, 0 to 1; {TEST_SHARE} if not given"
    parser.add_argument("--test-share", type=_share, default=TEST_SHARE, metavar="SHARE", help=share)


def _size(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of receipts")
    return int(text)


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not between 0 and 1")
    return share


def _list(options: argparse.Namespace, services: Services) -> int:
    versions = dataset_versions(services.database)
    if options.json:
        print(json.dumps([_described(version) for version in versions], ensure_ascii=False))
        return 0
    for version in versions:
        print(_line(version))
    if not versions:
        print("There is no dataset version yet. Make one: python -m ledger dataset freeze NAME")
    return 0


def _freeze(options: argparse.Namespace, services: Services) -> int:
    report = freeze(
        services.database,
        name=options.name,
        search=Search(options.text, options.since, options.until),
        size=options.size,
        seed=options.seed,
        test_share=options.test_share,
        operator=services.settings.operator,
        now=utc_now(),
    )
    return _tell(options, dataset_version(services.database, report.name), report.left_out)


def _import(options: argparse.Namespace, services: Services) -> int:
    imported = import_dataset(
        services.database,
        services.datasets,
        options.source,
        label=options.source.resolve().name,
        operator=services.settings.operator,
        now=utc_now(),
        name=options.name,
        seed=options.seed,
        test_share=options.test_share,
    )
    return _tell(options, imported.version, imported.notes)


def _export(options: argparse.Namespace, services: Services) -> int:
    version = dataset_version(services.database, options.name)
    export_to(services.database, services, version, options.target)
    return _tell(options, version, ())


def _tell(options: argparse.Namespace, version: DatasetVersion, notes: Iterable[Note]) -> int:
    if options.json:
        print(json.dumps(_described(version) | {"notes": [str(note) for note in notes]}, ensure_ascii=False))
        return 0
    print(_line(version))
    for note in notes:
        print(note)
    return 0


def _line(version: DatasetVersion) -> str:
    parts = f"{version.cases - version.tests} to tune on, {version.tests} to test"
    return f"{version.name}: {version.cases} receipts ({parts}), sha256 {version.sha256}"


def _described(version: DatasetVersion) -> dict[str, Any]:
    named = "id", "name", "sha256", "cases", "tests", "operator"
    described = {field: getattr(version, field) for field in named}
    return described | {"origin": dict(version.origin), "created_at": version.created_at.isoformat()}
