"""Bodies of the service's responses: what a model wrote, why it ended, what it used; what models there are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, TypeVar

from pydantic import BaseModel, Field, ValidationError

from ledger.errors import AnswerCutOff, AnswerFiltered, AnswerRefused, WrongService
from ledger.extraction.extractor import ReadingSettings, Usage
from ledger.extraction.models import Price
from ledger.extraction.reasons import NO_COMPLETION, NO_MODEL_LIST, WEB_PAGE
from ledger.notes import Note

_Shape = TypeVar("_Shape", bound=BaseModel)


class PromptTokens(BaseModel):
    """How much of the input was in the service's cache, or went into it."""

    cached_tokens: int | None = None
    cache_write_tokens: int | None = None


class Tokens(BaseModel):
    """What the service counted."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: PromptTokens | None = None


class Message(BaseModel):
    """What the model wrote: an answer or a refusal."""

    content: str | None = None
    refusal: str | None = None


class Choice(BaseModel):
    """One answer. `finish_reason` is `stop` when the model came to its end."""

    message: Message
    finish_reason: str | None = None
    logprobs: Any = None


class Completion(BaseModel):
    """The part of a response that we use. Servers with the same interface leave out what is optional here."""

    choices: list[Choice] = Field(min_length=1)
    model: str | None = None
    usage: Tokens | None = None


class Model(BaseModel):
    """An entry of the list of models. OpenAI says in it when it will shut the model down."""

    id: str
    shutdown_date: str | None = None


class ModelList(BaseModel):
    """The models that the service offers."""

    data: list[Model]


def read_completion(body: str) -> Completion:
    """The response in a body of HTTP 200. Raises WrongService where it is something else."""
    return _read(Completion, body, NO_COMPLETION)


def models_in(body: str) -> dict[str, str]:
    """Each model that the service offers, with the day it ends or nothing. Raises WrongService."""
    return {model.id: model.shutdown_date or "" for model in _read(ModelList, body, NO_MODEL_LIST).data}


def text_of(completion: Completion, settings: ReadingSettings) -> str | None:
    """What the model wrote. Raises AnswerRefused, AnswerFiltered or AnswerCutOff where that is no whole answer."""
    choice = completion.choices[0]
    if choice.message.refusal:
        raise AnswerRefused(why=choice.message.refusal)
    if choice.finish_reason == "content_filter":
        raise AnswerFiltered
    if choice.finish_reason == "length":
        used = completion.usage.completion_tokens if completion.usage else None
        raise AnswerCutOff(limit=settings.max_completion_tokens or used or "?")
    return choice.message.content


def tokens_of(completion: Completion) -> Sequence[Mapping[str, Any]]:
    """The answer's tokens with their probabilities; none where the service does not tell them."""
    logprobs = completion.choices[0].logprobs
    tokens = logprobs.get("content") if isinstance(logprobs, dict) else None
    return tokens if isinstance(tokens, list) else []


def usage_of(completion: Completion, price: Price | None) -> Usage:
    """Tokens of one request, and its cost at the price of the model that was asked for and is billed."""
    tokens = completion.usage
    if tokens is None:
        return Usage()
    details = tokens.prompt_tokens_details or PromptTokens()
    prompt, written = tokens.prompt_tokens or 0, tokens.completion_tokens or 0
    cached, newly_cached = details.cached_tokens or 0, details.cache_write_tokens or 0
    cost = price.cost_microusd(prompt, written, cached, newly_cached) if price else None
    return Usage(prompt, written, cached, cost)


def added(first: Usage, second: Usage) -> Usage:
    """Tokens and cost of two requests together; the cost is known where both are."""
    costs = (first.cost_microusd, second.cost_microusd)
    return Usage(
        first.prompt_tokens + second.prompt_tokens,
        first.completion_tokens + second.completion_tokens,
        first.cached_tokens + second.cached_tokens,
        None if costs[0] is None or costs[1] is None else costs[0] + costs[1],
    )


def split(usage: Usage, times: int) -> list[Usage]:
    """The usage in so many parts that add up to it exactly; what cannot be divided is on the first."""
    known = {name: count for name, count in asdict(usage).items() if count is not None}
    each = replace(usage, **{name: count // times for name, count in known.items()})
    first = replace(usage, **{name: count // times + count % times for name, count in known.items()})
    return [first, *[each] * (times - 1)]


def _read(shape: type[_Shape], body: str, otherwise: str) -> _Shape:
    try:
        return shape.model_validate_json(body)
    except ValidationError as exc:
        if body.lstrip().startswith("<"):
            raise WrongService(why=Note(WEB_PAGE)) from exc
        first = exc.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        problem = f"{where}: {first['msg']}" if where else first["msg"]
        raise WrongService(why=Note(otherwise, {"problem": problem})) from exc
