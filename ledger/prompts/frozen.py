"""The names and examples that a version holds: their shape, checked before anything is kept. Pure.

A lexicon: {"shops": {key: {"name": "루트231 애견카페", "aliases": ["루트231"], "names": [["감자 간식", 12]]}}},
each name with how many confirmed lines have it. An example: {"shop": key, "read": "검자 간식", "right": "감자 간식"}.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ledger.errors import PromptInvalid
from ledger.notes import Note

NO_SHAPE: Final = "its names or examples have another shape than they should, at {place}."
SENTENCES: Final = (NO_SHAPE,)

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
_MOST: Final = 100_000
"""Shops, and examples, that a version may hold."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Shop(_Shape):
    name: _Text
    aliases: list[_Text] = []
    names: list[tuple[_Text, Annotated[int, Field(ge=0)]]] = []


class _Example(_Shape):
    shop: Annotated[str, StringConstraints(max_length=255)] = ""
    read: _Text
    right: _Text


class _Frozen(_Shape):
    shops: Annotated[dict[str, _Shop], Field(max_length=_MOST)] = {}
    examples: Annotated[list[_Example], Field(max_length=_MOST)] = []


def lexicon_of(value: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The lexicon as it is kept; None where it has no shop. Raises PromptInvalid."""
    if not value:
        return None
    if value.keys() - {"shops"}:
        raise PromptInvalid(why=Note(NO_SHAPE, {"place": ", ".join(sorted(value.keys() - {"shops"}))}))
    shops = _checked(shops=value.get("shops"))["shops"]
    return {"shops": shops} if shops else None


def examples_of(value: Iterable[Mapping[str, Any]] | None) -> tuple[dict[str, Any], ...]:
    """The examples as they are kept. Raises PromptInvalid."""
    return tuple(_checked(examples=[*(value or ())])["examples"])


def _checked(**value: object) -> dict[str, Any]:
    try:
        return _Frozen.model_validate(value).model_dump(mode="json")
    except ValidationError as error:
        raise PromptInvalid(why=Note(NO_SHAPE, {"place": _place(error.errors()[0]["loc"])})) from error


def _place(path: Sequence[object]) -> str:
    return ".".join(map(str, path))
