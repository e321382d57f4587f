"""A prompt version as a file: a head of lines `key: JSON`, then its words as they are. Pure.

The test splits that it did not see are told by name and hash of their dataset versions, for ids mean nothing elsewhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ledger.errors import PromptInvalid
from ledger.notes import Note
from ledger.prompts.frozen import examples_of, lexicon_of
from ledger.prompts.schema_notes import schema_notes_of
from ledger.prompts.versions import PromptVersion
from ledger.prompts.words import StoredPrompt, good_name, good_text

FORMAT: Final = 1
_FORMAT_KEY: Final = "ledger-prompt"
_FENCE: Final = "---"

NOT_UTF8: Final = "the file is no text in UTF-8."
NO_HEAD: Final = "the file does not begin with the head of an exported prompt."
BAD_LINE: Final = "line {line} of the file cannot be read."
OTHER_FORMAT: Final = "the file has another format than the one that is known here, {format}."
OTHER_WORDS: Final = (
    "the file says that it is {version}, and what is in it is not. If it was changed on purpose, take that line out."
)
SENTENCES: Final = (NOT_UTF8, NO_HEAD, BAD_LINE, OTHER_FORMAT, OTHER_WORDS)


@dataclass(frozen=True, slots=True)
class FiledPrompt:
    """What a file says of a version."""

    prompt: PromptVersion
    parent: str | None
    note: str | None
    changes: tuple[Mapping[str, Any], ...]
    unseen: tuple[int, ...] | None


def file_name(stored: StoredPrompt) -> str:
    """What the file is called: the version's name is fit for that."""
    return f"{stored.name}.md"


def exported(stored: StoredPrompt, datasets: Mapping[int, str]) -> str:
    """The version as a file. `datasets` are the dataset versions at hand, told by name and hash."""
    told: dict[str, Any] = {
        _FORMAT_KEY: FORMAT,
        "name": stored.name,
        "version": stored.version,
        "parent": stored.parent,
        "note": stored.note,
        "changes": [*stored.changes],
        "unseen": None if stored.unseen is None else [datasets[id_] for id_ in stored.unseen if id_ in datasets],
        "schema_notes": stored.prompt.schema_notes or {},
        "lexicon": stored.prompt.lexicon,
        "examples": [*stored.prompt.examples],
    }
    head = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items()]
    return "\n".join([_FENCE, *head, _FENCE, stored.prompt.text])


def imported(data: bytes, datasets: Mapping[int, str]) -> FiledPrompt:
    """What a file says. Raises PromptInvalid for one that is no exported prompt, or no longer what it says it is."""
    head, text = _parted(data)
    if head.get(_FORMAT_KEY) != FORMAT:
        raise PromptInvalid(why=Note(OTHER_FORMAT, {"format": FORMAT}))
    name = good_name(str(head.get("name", "")))
    lexicon, examples = lexicon_of(_a(dict, head, "lexicon")), examples_of(_a(list, head, "examples"))
    schema_notes = schema_notes_of(_a(dict, head, "schema_notes"))
    prompt = PromptVersion.of(name, good_text(text), lexicon, examples, schema_notes)
    if head.get("version") not in (None, prompt.version):
        raise PromptInvalid(why=Note(OTHER_WORDS, {"version": str(head["version"])}))
    unseen = _a(list, head, "unseen")
    known = None if unseen is None else tuple(id_ for id_, told in datasets.items() if told in unseen)
    changes = tuple(change for change in _a(list, head, "changes") or () if isinstance(change, dict))
    return FiledPrompt(prompt, _a(str, head, "parent"), _a(str, head, "note"), changes, known)


def _parted(data: bytes) -> tuple[dict[str, Any], str]:
    try:
        # JSON leaves signs as they are that end a line for `splitlines`; of those, `good_text` takes care in the words.
        lines = re.split("\r\n|\n", data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PromptInvalid(why=Note(NOT_UTF8)) from error
    if not lines or lines[0] != _FENCE or _FENCE not in lines[1:]:
        raise PromptInvalid(why=Note(NO_HEAD))
    end = lines.index(_FENCE, 1)
    head = dict(_read(number, line) for number, line in enumerate(lines[1:end], 2) if line.strip())
    return head, "\n".join(lines[end + 1 :])


def _read(number: int, line: str) -> tuple[str, Any]:
    key, _, value = line.partition(":")
    try:
        return key.strip(), json.loads(value)
    except (ValueError, RecursionError) as error:
        raise PromptInvalid(why=Note(BAD_LINE, {"line": number})) from error


def _a(kind: type, head: Mapping[str, Any], key: str) -> Any:
    """The value if it is of this kind; None where it is missing. Raises PromptInvalid for any other."""
    value = head.get(key)
    if value is not None and not isinstance(value, kind):
        raise PromptInvalid(why=Note(BAD_LINE, {"line": key}))
    return value
