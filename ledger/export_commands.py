"""`python -m ledger export`: what people corrected, as files for those who train, test and label."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ledger.bootstrap import build_export
from ledger.corrections.diff import FIELDS
from ledger.exports.files import write_files
from ledger.exports.formats import FORMATS
from ledger.exports.pictures import EMBED, URL
from ledger.exports.source import Source
from ledger.exports.wanted import Wanted
from ledger.services import Services
from ledger.subcommands import Subcommands, with_services

_TOLD_EVERY: Final = 1.0
"""Seconds between two lines about how far it is."""
_EPILOG: Final = "formats:\n" + "\n".join(f"  {name:14}{form.what}" for name, form in FORMATS.items())


def add_commands(commands: Subcommands) -> None:
    """Add `export`."""
    parser = commands.add_parser(
        "export",
        help="corrections as files: fine-tuning, preferences, tests, labels, tables",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(command=with_services(_export))
    parser.add_argument("format", choices=tuple(FORMATS), metavar="FORMAT")
    parser.add_argument("--out", type=Path, metavar="FILE", help="in this folder, called as its format, if not given")
    parser.add_argument("--since", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="day of the decision")
    parser.add_argument("--until", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")
    parser.add_argument("--field", choices=FIELDS, metavar="FIELD", help=f"that was corrected: {', '.join(FIELDS)}")
    split = "tune (if not given) leaves out every receipt that some dataset version tests prompts on; all does not"
    parser.add_argument("--split", choices=("tune", "all"), default="tune", help=split)
    parser.add_argument("--unmasked", action="store_true", help="names and numbers of people as they are")
    pictures = "url (the store's own), embed (inside the file), or the address of the web below which the photos lie"
    parser.add_argument("--pictures", type=_pictures, default=URL, metavar="HOW", help=pictures)


def _pictures(text: str) -> str:
    if text in (URL, EMBED) or urlsplit(text).scheme in ("http", "https"):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is neither {URL} nor {EMBED} nor an address that begins with https://")


def _export(options: argparse.Namespace, services: Services) -> int:
    form = FORMATS[options.format]
    out = options.out or Path(form.file)
    wanted = Wanted(options.since, options.until, options.field, tests_too=options.split == "all")
    source = build_export(services, wanted, masked=not options.unmasked, pictures=options.pictures)
    source.file, source.progress = out.name, _Progress()
    files = write_files(form.write(source), out, Path(form.file).suffix)
    for file in files:
        print(file)
    _tell(source)
    return 0


def _tell(source: Source) -> None:
    left_out = (f"{count} receipts were left out: {why}" for why, count in source.pictures.left_out.items())
    for sentence in (f"{source.receipts} receipts looked at", *left_out, *source.notes):
        print(sentence, file=sys.stderr)


class _Progress:
    """Says now and then how far it is."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, receipts: int) -> None:
        if time.monotonic() - self._told >= _TOLD_EVERY:
            self._told = time.monotonic()
            print(f"{receipts} receipts …", file=sys.stderr, flush=True)
