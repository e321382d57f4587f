"""`python -m ledger prompt …`: what models are asked: versions listed, compared, made, taken along and taken back."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ledger import promotion_commands
from ledger.errors import PromptInvalid, PromptNotFound
from ledger.experiments.datasets import labels_of_versions
from ledger.notes import Note
from ledger.prompts.diff import compared
from ledger.prompts.files import NOT_UTF8, exported, imported
from ledger.prompts.taking_in import take_in
from ledger.prompts.words import StoredPrompt
from ledger.services import Services
from ledger.subcommands import Subcommands, add, group

_STDIN: Final = "-"


def add_commands(commands: Subcommands) -> None:
    """Add `prompt` with its own commands."""
    own = group(commands, "prompt", "what models are asked, in versions", __doc__)
    add(own, "list", _list, "every version, the newest first")
    add(own, "show", _show, "the words of one; with --json, all that it says").add_argument(
        "version", help="or its name"
    )
    diff = add(own, "diff", _diff, "what sets two of them apart")
    diff.add_argument("version", help="or its name")
    diff.add_argument("other", nargs="?", help="what it is compared with; its parent, if not given")
    new = add(own, "new", _new, "a draft, from another version")
    new.add_argument("name", help="as in receipt-v2")
    new.add_argument("--from", dest="parent", metavar="VERSION", default="receipt-v1", help="receipt-v1, if not given")
    new.add_argument("--text", metavar="FILE", help=f"its words ({_STDIN}: standard input); its parent's, if not given")
    new.add_argument(
        "--schema-note",
        nargs=2,
        action="append",
        default=[],
        metavar=("FIELD", "WORDS"),
        help="what it says of a field, as in items.price; its parent's, if not given",
    )
    new.add_argument("--note", help="why it is made")
    taken_in = add(own, "import", _import, "a draft out of a file that export wrote")
    taken_in.add_argument("file", type=Path, metavar="FILE")
    taken_in.add_argument("--name", help="another name than in the file")
    export = add(own, "export", _export, "one as a file, with its schema notes, names and examples")
    export.add_argument("version", help="or its name")
    export.add_argument("file", type=Path, nargs="?", metavar="FILE", help="instead of printing it")
    add(own, "retire", _retire, "put one away").add_argument("version", help="or its name")
    back = add(
        own, "back", _back, "have the prompt before active again for a family; one that was put away is passed over"
    )
    back.add_argument("family", help="as in gpt-4o")
    promotion_commands.add_to(own)


def _list(options: argparse.Namespace, services: Services) -> int:
    found = services.prompts.all()
    if options.json:
        print(json.dumps([_told(each) for each in found], ensure_ascii=False))
        return 0
    for each in found:
        families = f" ({', '.join(each.families)})" if each.families else ""
        print(f"{each.version}\t{each.status}{families}\t{each.parent or ''}\t{each.author}\t{each.note or ''}")
    return 0


def _show(options: argparse.Namespace, services: Services) -> int:
    found = services.prompts.named(options.version)
    if options.json:
        prompt = found.prompt
        content = {"text": prompt.text, "schema_notes": prompt.schema_notes or {}}
        offers = {"lexicon": prompt.lexicon, "examples": prompt.examples}
        print(json.dumps(_told(found) | content | offers, ensure_ascii=False))
    else:
        sys.stdout.write(found.prompt.text)
    return 0


def _diff(options: argparse.Namespace, services: Services) -> int:
    after = services.prompts.named(options.version)
    told = options.other or after.parent
    if told is None:
        raise PromptNotFound(
            version=f"parent of {after.version}", why="it was made from none. Name what it is compared with."
        )
    before = services.prompts.named(told)
    parts = compared(before.prompt, after.prompt)
    if options.json:
        shown = [{"part": part, "sign": line.sign, "text": line.text} for part in parts for line in parts[part]]
        print(json.dumps({"before": before.version, "after": after.version, "lines": shown}, ensure_ascii=False))
    else:
        print(f"--- {before.version}\n+++ {after.version}")
        for part, lines in parts.items():
            print(f"@@ {part} @@")
            print("".join(f"{line.sign}{line.text}\n" for line in lines), end="")
    return 0


def _new(options: argparse.Namespace, services: Services) -> int:
    parent = services.prompts.named(options.parent)
    text = parent.prompt.text if options.text is None else _read(options.text)
    made = services.prompts.draft(
        options.name,
        text,
        schema_notes={**(parent.prompt.schema_notes or {}), **dict(options.schema_note)},
        lexicon=parent.prompt.lexicon,
        examples=parent.prompt.examples,
        parent=parent.version,
        note=options.note,
        operator=services.settings.operator,
    )
    return _say(options, made)


def _read(source: str) -> str:
    try:
        return sys.stdin.read() if source == _STDIN else _bytes(Path(source)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PromptInvalid(why=Note(NOT_UTF8)) from error


def _import(options: argparse.Namespace, services: Services) -> int:
    filed = imported(_bytes(options.file), labels_of_versions(services.database))
    return _say(options, take_in(services.prompts, filed, services.settings.operator, name=options.name))


def _export(options: argparse.Namespace, services: Services) -> int:
    found = services.prompts.named(options.version)
    text = exported(found, labels_of_versions(services.database))
    if options.file is None:
        sys.stdout.write(text)
        return 0
    try:
        options.file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        print(f"{options.file} cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    return _say(options, found)


def _retire(options: argparse.Namespace, services: Services) -> int:
    version = services.prompts.named(options.version).version
    services.prompts.retire(version)
    return _say(options, services.prompts.stored(version))


def _back(options: argparse.Namespace, services: Services) -> int:
    active = next((each for each in services.prompts.history(options.family) if each.ended_at is None), None)
    if active is None or not services.prompts.take_back(active.id, services.settings.operator):
        print(f"nothing was promoted for {options.family}, so nothing can be taken back", file=sys.stderr)
        return 1
    now = services.prompts.active(options.family)
    told: Mapping[str, Any] = {"family": options.family, "ended": active.version, "active": now}
    print(json.dumps(told) if options.json else f"{options.family}: {now}")
    return 0


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise PromptInvalid(why=f"{file}: {error.strerror}.") from error


def _say(options: argparse.Namespace, found: StoredPrompt) -> int:
    print(json.dumps(_told(found), ensure_ascii=False) if options.json else f"{found.version}: {found.status}")
    return 0


def _told(found: StoredPrompt) -> dict[str, Any]:
    return {
        "version": found.version,
        "name": found.name,
        "status": found.status,
        "families": list(found.families),
        "parent": found.parent,
        "author": found.author,
        "note": found.note,
        "changes": list(found.changes),
        "unseen": None if found.unseen is None else list(found.unseen),
        "created_at": found.created_at.isoformat() if found.created_at else None,
    }
