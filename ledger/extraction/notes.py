"""What readers say about their own limits. Pure."""

from __future__ import annotations

from typing import Final

NO_HANGUL: Final = "No Hangul data is installed: names and places were not read."
NO_TEMPERATURE: Final = "The offline engine has no temperature; {temperature} was not applied."
DISCOUNTS: Final = "Discounts of {amount} stand between the items; they are not items."
ASSUMED_CURRENCY: Final = "No currency is printed; {currency} was assumed."
NOT_SURE: Final = "The model {model} does not tell how sure it was of its words."
OTHER_MODEL: Final = "The model {model} was asked, and {answered} answered."
NOT_APPLIED: Final = "The model {model} does not take the setting {setting}: {value} was not applied."
OTHER_FORMAT: Final = "The answer format {asked} was not kept; the answer came as {applied}."
MORE_ROOM: Final = "The answer was cut off at {limit} tokens, so it was asked for again with {room}."
ROWS_JOINED: Final = "Rows that two parts of the photo both show were listed twice and joined: {rows}."
ROWS_OPEN: Final = "These rows stand twice, and two parts of the photo may show the same ones: {rows}."
NOT_ENLARGED: Final = "The photo is too large to be enlarged; the preparation applied is {applied}."
SENTENCES: Final = (
    NO_HANGUL,
    NO_TEMPERATURE,
    DISCOUNTS,
    ASSUMED_CURRENCY,
    NOT_SURE,
    OTHER_MODEL,
    NOT_APPLIED,
    OTHER_FORMAT,
    MORE_ROOM,
    ROWS_JOINED,
    ROWS_OPEN,
    NOT_ENLARGED,
)
