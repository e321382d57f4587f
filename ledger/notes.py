"""A sentence with named blanks, so that a screen can say it in another language. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence in English, marked for translation where it is written, and what fills its blanks."""

    sentence: str
    fields: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence.format(**self.fields)
