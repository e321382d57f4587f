"""What a prompt says of single fields of the answer: it goes along with the schema, as their description. Pure.

The same for every photo, so nothing in it is filled.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from ledger.errors import PromptInvalid
from ledger.notes import Note

FIELDS: Final = (
    *("date", "location", "currency", "items", "items.name", "items.price", "items.count", "items.category"),
    "total_amount",
)
"""The fields of the answer, in the order in which a model writes them."""
LONGEST_SCHEMA_NOTE: Final = 1_000
"""Characters: a few sentences. What needs more belongs into the words."""
PLACEHOLDER: Final = "{{"

OTHER_FIELD: Final = "there is no field {fields} that a schema note could be of. The fields are {known}."
NO_WORDS: Final = "the schema note of {field} is no text."
LONG: Final = "the schema note of {field} is longer than {limit} characters."
NOT_FILLED: Final = (
    "the schema note of {field} has a placeholder. Only those in the wording are filled: a schema note is the same for"
    " every photo."
)
SENTENCES: Final = (OTHER_FIELD, NO_WORDS, LONG, NOT_FILLED)


def schema_notes_of(value: Mapping[str, Any] | None) -> dict[str, str] | None:
    """The notes as they are kept, without empty ones; None where there is none. Raises PromptInvalid."""
    told = value or {}
    if unknown := [field for field in told if field not in FIELDS]:
        raise PromptInvalid(why=Note(OTHER_FIELD, {"fields": ", ".join(unknown), "known": ", ".join(FIELDS)}))
    return {field: note for field in FIELDS if (note := _good(field, told.get(field)))} or None


def _good(field: str, told: object) -> str:
    """A note as it is kept: on one line, Hangul spelt in one way."""
    if not isinstance(told or "", str):
        raise PromptInvalid(why=Note(NO_WORDS, {"field": field}))
    note = unicodedata.normalize("NFC", " ".join(str(told or "").encode(errors="replace").decode().split()))
    if len(note) > LONGEST_SCHEMA_NOTE:
        raise PromptInvalid(why=Note(LONG, {"field": field, "limit": f"{LONGEST_SCHEMA_NOTE:,}"}))
    if PLACEHOLDER in note:
        raise PromptInvalid(why=Note(NOT_FILLED, {"field": field}))
    return note
