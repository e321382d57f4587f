"""What sets one prompt version apart from another, part by part and line by line. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ledger.prompts.schema_notes import FIELDS
from ledger.prompts.versions import PromptVersion

SAME: Final = " "
ADDED: Final = "+"
REMOVED: Final = "-"
GAP: Final = "…"
"""Lines that are the same in both are left out here."""
_CONTEXT: Final = 2
_LIKE: Final = 0.4
"""From how alike two lines are on one is told as a change of the other."""
_READ: Final = 1_000
"""Lines that are looked at word by word, the first ones: of a lexicon counted anew each line differs, in a number."""
_WORDS: Final = re.compile(r"\s+|[^\s]+")


class Part(StrEnum):
    """What a version is made of, in the order in which it is told."""

    WORDING = "wording"
    SCHEMA_NOTES = "schema_notes"
    NAMES = "names"
    EXAMPLES = "examples"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison, in pieces: what is changed within it, and what is not."""

    sign: str
    pieces: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        return "".join(piece for piece, _ in self.pieces)


def compared(before: PromptVersion, after: PromptVersion) -> dict[Part, list[Line]]:
    """What was removed and added, with some lines around it; without the parts where nothing was."""
    old, new = content_lines(before), content_lines(after)
    found = {part: _compared(old[part], new[part]) for part in Part}
    return {part: lines for part, lines in found.items() if lines}


def _compared(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    groups = difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(_CONTEXT)
    lines: list[Line] = []
    for group in groups:
        if lines or group[0][1] > 0:
            lines.append(_whole(GAP, ""))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                lines += [_whole(SAME, line) for line in old[old_from:old_to]]
            else:
                lines += _changed(old[old_from:old_to], new[new_from:new_to], _READ - len(lines))
    return lines


def content_lines(prompt: PromptVersion) -> dict[Part, list[str]]:
    """Everything a version says, part by part, a line each."""
    return {
        Part.WORDING: prompt.text.splitlines(),
        Part.SCHEMA_NOTES: list(_schema_note_lines(prompt)),
        Part.NAMES: list(_lexicon_lines(prompt)),
        Part.EXAMPLES: list(_example_lines(prompt)),
    }


def _schema_note_lines(prompt: PromptVersion) -> Iterator[str]:
    told = prompt.schema_notes or {}
    yield from (f"{field}: {told[field]}" for field in FIELDS if field in told)


def _lexicon_lines(prompt: PromptVersion) -> Iterator[str]:
    for key, shop in sorted((prompt.lexicon or {}).get("shops", {}).items()):
        yield f"[{key}] " + ", ".join([shop["name"], *shop.get("aliases", ())])
        yield from (f"[{key}] {name} × {times}" for name, times in shop["names"])


def _example_lines(prompt: PromptVersion) -> Iterator[str]:
    yield from (f"[{one.get('shop', '')}] {one['read']} → {one['right']}" for one in prompt.examples)


def _changed(old: Sequence[str], new: Sequence[str], most: int) -> list[Line]:
    """Lines in the place of others: pairs of them, so many at most, with what differs within if they are alike."""
    if len(old) != len(new) or len(old) > most:
        return [_whole(REMOVED, line) for line in old] + [_whole(ADDED, line) for line in new]
    pairs = [_pair(before, after) for before, after in zip(old, new, strict=True)]
    return [removed for removed, _ in pairs] + [added for _, added in pairs]


def _pair(before: str, after: str) -> tuple[Line, Line]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _LIKE:
        return _whole(REMOVED, before), _whole(ADDED, after)
    steps = matcher.get_opcodes()
    removed = tuple(("".join(old[a:b]), tag != "equal") for tag, a, b, _, _ in steps if a < b)
    added = tuple(("".join(new[a:b]), tag != "equal") for tag, _, _, a, b in steps if a < b)
    return Line(REMOVED, removed), Line(ADDED, added)


def _whole(sign: str, text: str) -> Line:
    return Line(sign, ((text, False),))
