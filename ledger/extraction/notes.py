"""What readers say about their own limits: sentences with named blanks, so that a screen can translate them. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

NO_HANGUL: Final = "No Hangul data is installed: names and places were not read."
NO_TEMPERATURE: Final = "The offline engine has no temperature; {temperature} was not applied."
DISCOUNTS: Final = "Discounts of {amount} stand between the items; they are not items."
ASSUMED_CURRENCY: Final = "No currency is printed; {currency} was assumed."
NOT_SURE: Final = "The model {model} does not tell how sure it was of its words."
OTHER_MODEL: Final = "The model {model} was asked, and {answered} answered."
SENTENCES: Final = (NO_HANGUL, NO_TEMPERATURE, DISCOUNTS, ASSUMED_CURRENCY, NOT_SURE, OTHER_MODEL)


@dataclass(frozen=True, slots=True)
class Note:
    """One of SENTENCES and what fills its blanks."""

    sentence: str
    fields: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence.format(**self.fields)
