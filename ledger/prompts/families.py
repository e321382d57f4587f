"""Which models are asked with the same prompt: a family shares one, for what helps one of them helps its sisters."""

from __future__ import annotations

import re
from typing import Final

_OPENAIS: Final = re.compile(r"(?:gpt|chatgpt|o\d)\b")
_DATE: Final = re.compile(r"-\d{4}(?:-\d{2}-\d{2})?$|-\d{8}$")
LONGEST: Final = 64
"""Characters of a family's name: the column is VARCHAR(64)."""


def family_of(model: str) -> str:
    """Of a model of OpenAI's what stands before the second hyphen, without its date: gpt-4o of gpt-4o-mini-2024-07-18.

    Any other model is a family of its own.
    """
    name = model.strip()
    if _OPENAIS.match(name):
        name = "-".join(_DATE.sub("", name).split("-")[:2])
    return name[:LONGEST]
