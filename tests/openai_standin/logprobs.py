"""Log probabilities as a response carries them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from tests.openai_standin.drawing import Token
from tests.openai_standin.tokens import spelt

Style = Literal["bytes", "replacement", "none"]
"""How tokens that are a part of a character are told: with their true bytes (OpenAI), as U+FFFD and without bytes
(Ollama, vLLM before 2026-02), or nothing is told although it was asked for."""

_LOWEST = -9999.0
"""What the API writes for what is next to impossible."""


def logprobs_of(tokens: Sequence[Token], top: int, style: Style) -> list[dict[str, Any]] | None:
    """An entry for each token, with the `top` likeliest that could have stood there; None where nothing is told."""
    if style == "none":
        return None
    return [
        {
            **_entry(token.raw, token.probability, style),
            "top_logprobs": [_entry(raw, probability, style) for raw, probability in token.choices[:top]],
        }
        for token in tokens
    ]


def _entry(raw: bytes, probability: float, style: Style) -> dict[str, Any]:
    logprob = math.log(probability) if probability else _LOWEST
    if style == "replacement":
        return {"token": raw.decode(errors="replace"), "logprob": logprob, "bytes": None}
    return {"token": spelt(raw), "logprob": logprob, "bytes": list(raw)}
