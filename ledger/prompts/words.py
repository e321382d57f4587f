"""The words for a prompt version on the shelf: its status, and where it came from. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from ledger.errors import PromptInvalid
from ledger.notes import Note
from ledger.prompts.placeholders import asked_for
from ledger.prompts.versions import PromptVersion

LONGEST_NAME: Final = 64
LONGEST_TEXT: Final = 100_000
"""Characters of a prompt. The model's own limit is met sooner."""
LONGEST_NOTE: Final = 500
BUILT_IN_AUTHOR: Final = "ledger"

NO_NAME: Final = "a name has letters, digits, dots, hyphens and underscores only, and at most {limit} of them."
NO_TEXT: Final = "it is empty."
LONG_TEXT: Final = "it is longer than {limit} characters."
SENTENCES: Final = (NO_NAME, NO_TEXT, LONG_TEXT)

_NAME: Final = re.compile(r"\w[\w.-]*")
_NUMBER: Final = re.compile(r"-v(\d+)$")


class PromptStatus(StrEnum):
    """What a version is, in the order in which a version can become it."""

    DRAFT = "draft"
    USED = "used"
    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class StoredPrompt:
    """A version with all that is known of it. Built-in ones have no id and were never made here."""

    prompt: PromptVersion
    status: PromptStatus
    author: str
    families: tuple[str, ...] = ()
    """Families that are asked with it because it was promoted; the built-in current one is for all others too."""
    id: int | None = None
    parent: str | None = None
    note: str | None = None
    changes: tuple[Mapping[str, Any], ...] = ()
    """Proposals that went into it with their evidence, or what a model drafted with its reasons."""
    unseen: tuple[int, ...] | None = None
    """Ids of the dataset versions whose test split nothing in it was made from; None: of all."""
    created_at: dt.datetime | None = None
    used_at: dt.datetime | None = None
    retired_at: dt.datetime | None = None

    @property
    def name(self) -> str:
        return self.prompt.name

    @property
    def version(self) -> str:
        return self.prompt.version

    @property
    def is_built_in(self) -> bool:
        return self.id is None

    @property
    def is_editable(self) -> bool:
        return self.status == PromptStatus.DRAFT


def good_name(name: str) -> str:
    """The name as it is kept. Raises PromptInvalid."""
    name = unicodedata.normalize("NFC", name.strip())
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise PromptInvalid(why=Note(NO_NAME, {"limit": LONGEST_NAME}))
    return name


def good_text(text: str) -> str:
    """The words as they are kept: one way to end a line, one to spell Hangul. Raises PromptInvalid."""
    lines = "\n".join(text.encode(errors="replace").decode().splitlines())
    text = unicodedata.normalize("NFC", lines).strip()
    if not text:
        raise PromptInvalid(why=Note(NO_TEXT))
    if len(text) > LONGEST_TEXT:
        raise PromptInvalid(why=Note(LONG_TEXT, {"limit": f"{LONGEST_TEXT:,}"}))
    asked_for(text)
    return f"{text}\n"


def good_note(note: str | None) -> str | None:
    """The note as it is kept: what is longer than its column is cut."""
    return (note or "").strip()[:LONGEST_NOTE] or None


def next_name(name: str, taken: Collection[str]) -> str:
    """What the next version is called: receipt-v3 after receipt-v1, where receipt-v2 is taken."""
    base, number = name, 2
    if found := _NUMBER.search(name):
        base, number = name[: found.start()], int(found[1]) + 1
    while (proposed := f"{base[: LONGEST_NAME - 8]}-v{number}") in taken:
        number += 1
    return proposed


def common(own: Collection[int] | None, parents: Collection[int] | None) -> list[int] | None:
    """Dataset versions that neither saw the test split of; None: all."""
    if own is None or parents is None:
        known = own if parents is None else parents
        return None if known is None else sorted(known)
    return sorted(set(own) & set(parents))
