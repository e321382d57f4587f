"""The names of a request's parameters, and how far their numbers go."""

from __future__ import annotations

from typing import Any, Final

from tests.openai_standin.errors import ApiError

PARAMETERS: Final = frozenset(
    [
        "audio",
        "frequency_penalty",
        "function_call",
        "functions",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "metadata",
        "modalities",
        "model",
        "moderation",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
        "reasoning_effort",
        "response_format",
        "safety_identifier",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
        "verbosity",
        "web_search_options",
    ]
)
"""Everything that CreateChatCompletionRequest knows (openai-openapi, 2026-08-21)."""


_NO_LIMIT: Final = float("inf")
_LIMITS: Final = {
    "temperature": (0, 2, "decimal"),
    "top_p": (0, 1, "decimal"),
    "top_logprobs": (0, 20, "integer"),
    "n": (1, 128, "integer"),
    "max_completion_tokens": (1, _NO_LIMIT, "integer"),
    "max_tokens": (1, _NO_LIMIT, "integer"),
}


def parameters_are_known(body: dict[str, Any]) -> None:
    """Refuse what the API has never heard of."""
    unknown = sorted(set(body) - PARAMETERS)
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        raise ApiError(f"Unrecognized request argument{plural} supplied: {', '.join(unknown)}")


def numbers_are_in_range(body: dict[str, Any]) -> None:
    """Refuse a number beyond its limits, and what is none."""
    for name, (lowest, highest, kind) in _LIMITS.items():
        value = body.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int if kind == "integer" else (int, float)):
            article = "an integer" if kind == "integer" else "a decimal"
            raise ApiError(f"Invalid type for '{name}': expected {article}.", name, "invalid_type")
        for wrong, side, sign, limit in (
            (value > highest, "above maximum", "<=", highest),
            (value < lowest, "below minimum", ">=", lowest),
        ):
            if wrong:
                raise ApiError(
                    f"Invalid '{name}': {kind} {side} value. Expected a value {sign} {limit}, but got {value} instead.",
                    name,
                    f"{kind}_{side.replace('imum', '').replace(' ', '_')}_value",
                )
