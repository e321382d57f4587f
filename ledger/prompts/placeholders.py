"""Places in a prompt's words that are filled for each photo, and the paragraphs that come and go with them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ledger.errors import PromptInvalid
from ledger.notes import Note

SHOP: Final = "shop"
NAMES: Final = "names"
EXAMPLES: Final = "examples"
KNOWN: Final = (SHOP, NAMES, EXAMPLES)

PARAGRAPHS: Final = {
    SHOP: "# 이 가게\n사진에서 미리 알아본 가게 이름: {{shop}}. 인쇄된 상호와 다르면 인쇄된 쪽을 적습니다.",
    NAMES: "# 이 가게의 품목\n{{names}}",
    EXAMPLES: "# 전에 잘못 읽은 이름\n{{examples}}",
}
"""The paragraph by which each of them is usually asked for."""

UNKNOWN: Final = "{placeholder} is no placeholder. Known ones are {known}."
SENTENCES: Final = (UNKNOWN,)

_PLACEHOLDER: Final = re.compile(r"\{\{([^{}]*)\}\}")
_BROKEN: Final = re.compile(r"\{\{[^\n]{0,30}")
_BETWEEN: Final = re.compile(r"(\n[ \t]*\n\s*)")


def asked_for(text: str) -> tuple[str, ...]:
    """The placeholders of a text, each once, as they come. Raises PromptInvalid at one that nobody fills."""
    if broken := _BROKEN.search(_PLACEHOLDER.sub("", text)):
        raise _unknown(broken[0])
    found = tuple(dict.fromkeys(name.strip() for name in _PLACEHOLDER.findall(text)))
    for name in found:
        if name not in KNOWN:
            raise _unknown(_written(name))
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """The words for one photo. A paragraph is left out where one of its placeholders has nothing to say.

    A text without placeholders stays as it is, to the letter.
    """
    if not _PLACEHOLDER.search(text):
        return text
    first, *rest = _BETWEEN.split(text)
    kept = [first] if _says_something(first, values) else []
    for between, paragraph in zip(rest[::2], rest[1::2], strict=True):
        if _says_something(paragraph, values):
            kept.append(between + paragraph)
    return _PLACEHOLDER.sub(lambda found: values[found[1].strip()], "".join(kept)).strip() + "\n"


def with_paragraph(text: str, placeholder: str) -> str:
    """The text, asking for this one too. It stands last, so that what stays the same comes first in every request."""
    if placeholder in asked_for(text):
        return text
    return f"{text.rstrip()}\n\n{PARAGRAPHS[placeholder]}\n"


def _unknown(placeholder: str) -> PromptInvalid:
    known = ", ".join(map(_written, KNOWN))
    return PromptInvalid(why=Note(UNKNOWN, {"placeholder": placeholder, "known": known}))


def _written(name: str) -> str:
    return f"{{{{{name}}}}}"


def _says_something(paragraph: str, values: Mapping[str, str]) -> bool:
    return all(values.get(name.strip()) for name in _PLACEHOLDER.findall(paragraph))
