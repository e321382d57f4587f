"""What the OpenAI API refuses, in its own words, as far as a receipt reader can run into it.

The sentences and codes are those of real responses, as people have reported them in public issues. Two rules are our
own, because a test wants to know: a request must carry a picture, and it may not ask for a stream.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tests.openai_standin.errors import ApiError
from tests.openai_standin.pictures import decode_picture, picture_urls
from tests.openai_standin.schema import schema_faults

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

SAMPLES_FREELY: Final = frozenset(
    ["gpt-4o", "gpt-4o-2024-08-06", "gpt-4o-2024-11-20", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini"]
)
"""Models that take a temperature and give log probabilities, and know nothing of reasoning."""

REASONS: Final = frozenset(["gpt-5.6-luna", "gpt-6-luna", "gpt-6-sol"])
"""Models that take them only with reasoning_effort "none"."""

_LIMITS: Final = {
    "temperature": (0, 2, "decimal"),
    "top_p": (0, 1, "decimal"),
    "top_logprobs": (0, 20, "integer"),
    "n": (1, 128, "integer"),
}


def check_request(body: dict[str, Any]) -> None:
    """Raise what the API says to this request, if it refuses it."""
    for rule in _RULES:
        rule(body)


def _parameters_are_known(body: dict[str, Any]) -> None:
    unknown = sorted(set(body) - PARAMETERS)
    if body.get("model") in SAMPLES_FREELY and "reasoning_effort" in body:
        unknown.append("reasoning_effort")
    if unknown:
        plural = "s" if len(unknown) > 1 else ""
        raise ApiError(f"Unrecognized request argument{plural} supplied: {', '.join(unknown)}")


def _required_are_there(body: dict[str, Any]) -> None:
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise ApiError("you must provide a model parameter")
    if not isinstance(body.get("messages"), list):
        raise ApiError("Missing required parameter: 'messages'.", "messages", "missing_required_parameter")
    if not body["messages"]:
        raise ApiError(
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            "messages",
            "empty_array",
        )


def _model_exists(body: dict[str, Any]) -> None:
    if body["model"] not in SAMPLES_FREELY | REASONS:
        raise ApiError(
            f"The model `{body['model']}` does not exist or you do not have access to it.",
            code="model_not_found",
            status=404,
        )


def _numbers_are_in_range(body: dict[str, Any]) -> None:
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


def _sampling_fits_the_model(body: dict[str, Any]) -> None:
    if body["model"] not in REASONS or body.get("reasoning_effort") == "none":
        return
    if body.get("temperature") not in (None, 1):
        raise ApiError(
            f"Unsupported value: 'temperature' does not support {body['temperature']} with this model. Only the default"
            " (1) value is supported.",
            "temperature",
            "unsupported_value",
        )
    if body.get("logprobs"):
        message = "Unsupported parameter: 'logprobs' is not supported with this model."
        raise ApiError(message, "logprobs", "unsupported_parameter")


def _top_logprobs_come_with_logprobs(body: dict[str, Any]) -> None:
    if body.get("top_logprobs") is not None and not body.get("logprobs"):
        raise ApiError("'top_logprobs' is only allowed when 'logprobs' is true.", "top_logprobs", "invalid_value")


def _is_no_stream(body: dict[str, Any]) -> None:
    if body.get("stream"):
        raise ApiError("The stand-in does not stream.", "stream", "unsupported_value")


def _schema_is_strict(body: dict[str, Any]) -> None:
    response_format = body.get("response_format") or {}
    if response_format.get("type") != "json_schema":
        return
    wanted = response_format.get("json_schema")
    if not isinstance(wanted, dict) or not wanted.get("name"):
        param = "response_format.json_schema.name" if isinstance(wanted, dict) else "response_format.json_schema"
        raise ApiError(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")
    if not wanted.get("strict"):
        return
    for context, complaint in schema_faults(wanted.get("schema", {})):
        raise ApiError(
            f"Invalid schema for response_format '{wanted['name']}': In context={context!r}, {complaint}",
            "response_format",
        )


def _pictures_can_be_seen(body: dict[str, Any]) -> None:
    found = list(picture_urls(body))
    if not found:
        raise ApiError("The stand-in reads receipts, and there is no picture in this request.", "messages")
    for where, url in found:
        decode_picture(url, where)


_RULES: Final[tuple[Callable[[dict[str, Any]], None], ...]] = (
    _required_are_there,
    _parameters_are_known,
    _model_exists,
    _numbers_are_in_range,
    _sampling_fits_the_model,
    _top_logprobs_come_with_logprobs,
    _is_no_stream,
    _schema_is_strict,
    _pictures_can_be_seen,
)
