"""What a model would change in a prompt's words: edits as it answers them, and the text with those that fit. Pure.

Nothing is guessed: an edit whose words stand nowhere, or in two places, is left out and told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from ledger.errors import AnswerNotSchema, PromptInvalid
from ledger.extraction.reasons import NO_FIELD, NO_OBJECT, OTHER_KIND
from ledger.notes import Note
from ledger.prompts.placeholders import asked_for
from ledger.prompts.words import good_text
from ledger.tuning.drafting import with_section

MOST: Final = 12
"""Edits that are taken of one answer: a person reads each of them."""
LONGEST: Final = 4_000
"""Characters that one edit may put in."""

NOT_THERE: Final = "its words do not stand in the prompt."
NOT_ONCE: Final = "its words stand in the prompt {count} times."
NO_CHANGE: Final = "it changes nothing."
TOO_LONG: Final = "it is longer than {limit} characters."
TOO_MANY: Final = "only the first {limit} are taken."
TAKES_OUT: Final = "it takes {placeholders} out of the prompt."
PUTS_IN: Final = "it puts {placeholders} into the prompt, which is only done by accepting a proposal."
SENTENCES: Final = (NOT_THERE, NOT_ONCE, NO_CHANGE, TOO_LONG, TOO_MANY, TAKES_OUT, PUTS_IN)

_FIELDS: Final = ("why", "find", "replace")
_EDIT: Final = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in _FIELDS},  # the reason first, so that the edit follows from it
    "required": list(_FIELDS),
    "additionalProperties": False,
}
SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {"edits": {"type": "array", "items": _EDIT}},
    "required": ["edits"],
    "additionalProperties": False,
}
"""JSON schema for strict structured output."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: exact words of the prompt, what takes their place, and why. Without words it is added."""

    why: str
    find: str
    replace: str


@dataclass(frozen=True, slots=True)
class Tried:
    """An edit, and why it was left out; None where it was made."""

    edit: Edit
    left: Note | None

    def as_json(self) -> dict[str, Any]:
        """As it is stored with a version."""
        return asdict(self.edit) | {"left": asdict(self.left) if self.left else None}


def edits_in(document: object) -> list[Edit]:
    """The edits of an answer. Raises AnswerNotSchema where it has another shape."""
    if not isinstance(document, dict):
        raise AnswerNotSchema(why=Note(NO_OBJECT))
    if "edits" not in document:
        raise AnswerNotSchema(why=Note(NO_FIELD, {"field": "edits"}))
    edits = document["edits"]
    if not isinstance(edits, list) or not all(map(_is_edit, edits)):
        raise AnswerNotSchema(why=Note(OTHER_KIND, {"field": "edits"}))
    return [Edit(*(each[name] for name in _FIELDS)) for each in edits]


def with_edits(text: str, edits: Sequence[Edit]) -> tuple[str, list[Tried]]:
    """The text with each edit that fits, one after the other, and what became of all of them."""
    tried = []
    for number, edit in enumerate(edits):
        left = Note(TOO_MANY, {"limit": MOST}) if number >= MOST else _unfit(text, edit)
        if left is None:
            changed = _changed(text, edit)
            if (left := _refused(text, changed)) is None:
                text = changed
        tried.append(Tried(edit, left))
    return text, tried


def _is_edit(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(value.get(name), str) for name in _FIELDS)


def _unfit(text: str, edit: Edit) -> Note | None:
    if len(edit.replace) > LONGEST:
        return Note(TOO_LONG, {"limit": f"{LONGEST:,}"})
    if edit.find == edit.replace or not (edit.find.strip() or edit.replace.strip()):
        return Note(NO_CHANGE)
    if not edit.find.strip():
        return None
    count = sum(text.startswith(edit.find, at) for at in range(len(text)))  # also where they overlap
    if count == 1:
        return None
    return Note(NOT_ONCE, {"count": count}) if count else Note(NOT_THERE)


def _changed(text: str, edit: Edit) -> str:
    if edit.find.strip():
        return text.replace(edit.find, edit.replace)
    return with_section(text, f"{edit.replace.strip()}\n")


def _refused(before: str, after: str) -> Note | None:
    """Why a text cannot take the place of another: what a photo fills in stays what it was."""
    try:
        had, has = asked_for(before), asked_for(good_text(after))
    except PromptInvalid as error:
        why = error.fields["why"]
        return why if isinstance(why, Note) else Note(str(why))
    if gone := [name for name in had if name not in has]:
        return Note(TAKES_OUT, {"placeholders": _written(gone)})
    if new := [name for name in has if name not in had]:
        return Note(PUTS_IN, {"placeholders": _written(new)})
    return None


def _written(names: Sequence[str]) -> str:
    return ", ".join(f"{{{{{name}}}}}" for name in names)
