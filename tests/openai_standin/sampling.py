"""Which models take an effort, a temperature and log probabilities together, in the API's own words.

gpt-4o and gpt-4.1 sample freely and know nothing of an effort. Models that reason take `temperature`, `top_p` and
`logprobs` only at effort "none", and some have no such effort (OpenAI, changelog of gpt-6-astra; the sentences are
those of responses quoted in public issues, livekit/agents#3966 and sashabaranov/go-openai#1061 among them).
"""

from __future__ import annotations

from typing import Any

from tests.openai_standin.errors import ApiError
from tests.openai_standin.models import EFFORTS, Model, model_of


def effort_fits_the_model(body: dict[str, Any]) -> None:
    """Refuse an effort that nobody knows, or that this model does not have."""
    model, effort = model_of(body["model"]), body.get("reasoning_effort")
    if effort is None:
        return
    if not model.efforts:
        raise ApiError("Unrecognized request argument supplied: reasoning_effort")
    if effort not in EFFORTS:
        raise ApiError(
            f"Invalid value: '{effort}'. Supported values are: {listed(EFFORTS)}.", "reasoning_effort", "invalid_value"
        )
    if effort not in model.efforts:
        raise ApiError(
            f"Unsupported value: 'reasoning_effort' does not support '{effort}' with this model. Supported values are:"
            f" {listed(model.efforts)}.",
            "reasoning_effort",
            "unsupported_value",
        )


def sampling_fits_the_effort(body: dict[str, Any]) -> None:
    """Refuse to sample in another way than its own from a model that reasons."""
    if samples_freely(model_of(body["model"]), body):
        return
    if body.get("temperature") not in (None, 1):
        raise ApiError(
            f"Unsupported value: 'temperature' does not support {body['temperature']} with this model. Only the default"
            " (1) value is supported.",
            "temperature",
            "unsupported_value",
        )
    for name, harmless in (("top_p", (None, 1)), ("logprobs", (None, False)), ("top_logprobs", (None,))):
        if body.get(name) not in harmless:
            raise ApiError(
                f"Unsupported parameter: '{name}' is not supported with this model.", name, "unsupported_parameter"
            )


def room_fits_the_model(body: dict[str, Any]) -> None:
    """Refuse `max_tokens` where it is gone, and more room than a model writes."""
    model = model_of(body["model"])
    if model.efforts and body.get("max_tokens") is not None:
        raise ApiError(
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'"
            " instead.",
            "max_tokens",
            "unsupported_parameter",
        )
    for name in ("max_tokens", "max_completion_tokens"):
        room = body.get(name)
        if room is not None and room > model.most_written:
            raise ApiError(
                f"max_tokens is too large: {room}. This model supports at most {model.most_written} completion tokens,"
                f" whereas you provided {room}.",
                name,
                "invalid_value",
            )


def prompt_fits_the_model(body: dict[str, Any], tokens: int) -> None:
    """Refuse a prompt with more tokens than the model reads at once."""
    model = model_of(body["model"])
    if tokens <= model.most_read:
        return
    resulted = f"our messages resulted in {tokens} tokens. Please reduce the length of the messages."
    limit = f"This model's maximum context length is {model.most_read} tokens. However, y"
    if model.efforts:
        limit = f"Input tokens exceed the configured limit of {model.most_read} tokens. Y"
    raise ApiError(f"{limit}{resulted}", "messages", "context_length_exceeded")


def samples_freely(model: Model, body: dict[str, Any]) -> bool:
    """Whether this request may say how its tokens are drawn."""
    return model.effort_of(body.get("reasoning_effort")) == "none"


def listed(values: tuple[str, ...]) -> str:
    """Values as the API lists them: quoted, with a comma before the `and`."""
    quoted = [f"'{value}'" for value in values]
    return " and ".join(quoted) if len(quoted) < 3 else f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
