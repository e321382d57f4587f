"""A sentence with named blanks, so that a screen can say it in another language. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence in English, marked for translation where it is written, and what fills its blanks."""

    sentence: str
    fields: dict[str, Any] = field(default_factory=dict)
    """Texts, or notes, which are said in the same language."""

    def __str__(self) -> str:
        return self.sentence.format(**self.fields)
