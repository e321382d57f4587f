"""What the OpenAI API refuses, in its own words, as far as a receipt reader can run into it.

The sentences and codes are those of real responses, as people have reported them in public issues. Some rules are our
own, because a test wants to know: a request must carry a picture unless it is for changes of a prompt, which has rules
of its own, and it may not ask for a stream.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from tests.openai_standin.drafting import asks_for_edits, check_edits
from tests.openai_standin.errors import ApiError
from tests.openai_standin.models import MODELS
from tests.openai_standin.parameters import numbers_are_in_range, parameters_are_known
from tests.openai_standin.pictures import decode_picture, picture_urls
from tests.openai_standin.sampling import effort_fits_the_model, listed, room_fits_the_model, sampling_fits_the_effort
from tests.openai_standin.schema import schema_faults, size_fault

_DETAILS: Final = ("low", "high", "original", "auto")


def check_request(body: dict[str, Any]) -> None:
    """Raise what the API says to this request, if it refuses it."""
    for rule in _RULES:
        rule(body)


def check_shape(body: dict[str, Any]) -> None:
    """Raise what every server says to a request without a model, messages or a picture."""
    for rule in (_required_are_there, _is_no_stream, _pictures_can_be_seen, check_edits):
        rule(body)


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
    if body["model"] not in MODELS:
        raise ApiError(
            f"The model `{body['model']}` does not exist or you do not have access to it.",
            code="model_not_found",
            status=404,
        )


def _top_logprobs_come_with_logprobs(body: dict[str, Any]) -> None:
    if body.get("top_logprobs") is not None and not body.get("logprobs"):
        raise ApiError("'top_logprobs' is only allowed when 'logprobs' is true.", "top_logprobs", "invalid_value")


def _is_no_stream(body: dict[str, Any]) -> None:
    if body.get("stream"):
        raise ApiError("The stand-in does not stream.", "stream", "unsupported_value")


def _json_is_asked_for_in_words_too(body: dict[str, Any]) -> None:
    wanted = (body.get("response_format") or {}).get("type")
    if wanted == "json_object" and "json" not in json.dumps(body["messages"], ensure_ascii=False).lower():
        raise ApiError(
            "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
            "messages",
        )


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
    invalid = f"Invalid schema for response_format '{wanted['name']}':"
    for context, complaint in schema_faults(wanted.get("schema", {})):
        raise ApiError(f"{invalid} In context={context!r}, {complaint}", "response_format")
    if fault := size_fault(wanted.get("schema", {})):
        raise ApiError(f"{invalid} {fault}", "response_format")


def _pictures_can_be_seen(body: dict[str, Any]) -> None:
    found = list(picture_urls(body))
    if not found and not asks_for_edits(body):
        raise ApiError("The stand-in reads receipts, and there is no picture in this request.", "messages")
    for picture in found:
        if picture.detail not in (None, *_DETAILS):
            message = f"Invalid value: '{picture.detail}'. Supported values are: {listed(_DETAILS)}."
            raise ApiError(message, f"{picture.where.removesuffix('.url')}.detail", "invalid_value")
        decode_picture(picture.url, picture.where)


_RULES: Final[tuple[Callable[[dict[str, Any]], None], ...]] = (
    _required_are_there,
    parameters_are_known,
    _model_exists,
    numbers_are_in_range,
    effort_fits_the_model,
    sampling_fits_the_effort,
    room_fits_the_model,
    _top_logprobs_come_with_logprobs,
    _is_no_stream,
    _json_is_asked_for_in_words_too,
    _schema_is_strict,
    _pictures_can_be_seen,
    check_edits,
)
