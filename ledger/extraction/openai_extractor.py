"""Reads a photo with GPT-4o, or with any model behind the same Chat Completions interface.

Every outcome of a reading has a name: a receipt, or one class of `ledger.errors`. Whatever the service sent back is
kept whole, with its tokens and its request id, whether it could be used or not: `raw_answer` is the body of the last
response as it came (JSON; the model's text lies in `choices.0.message.content`, the probabilities of its tokens in
`choices.0.logprobs`). The picture is not part of it; what the model was shown of the photo is the result's `sight`.

How the service is asked is in `model_service`, the rest of a reading in `model_reading`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.errors import (
    ConfigurationError,
    ExtractionError,
    ModelNotFound,
    PromptNotFound,
    RequestRefused,
    SettingRefused,
)
from ledger.extraction.completion import models_in
from ledger.extraction.conversation import MOST_REQUESTS, Conversation, Reply
from ledger.extraction.crew import Crew
from ledger.extraction.extractor import ExtractionResult, ReadingSettings, Usage
from ledger.extraction.fitting import fitted
from ledger.extraction.ladder import Ladder
from ledger.extraction.look import Look
from ledger.extraction.model_reading import ModelReading, Shown, heard_with
from ledger.extraction.model_service import ModelService, is_openais, without
from ledger.extraction.models import ModelTable, load_models
from ledger.extraction.pace import Pace
from ledger.extraction.pictures.preparation import enlarges
from ledger.extraction.pictures.sights import Sights
from ledger.extraction.pictures.upscaler import load_upscaler
from ledger.extraction.reasons import NO_REASON, NOT_LISTED
from ledger.extraction.writing import Answered, Task, task_body
from ledger.inbox.images import Photo
from ledger.notes import Note
from ledger.prompts.versions import PromptVersion, load_version

if TYPE_CHECKING:
    import openai  # noqa: TID251 -- a name for the type checker; asked is through model_service


class OpenAIExtractor:
    """Extractor over the OpenAI client. What is not given here, the client takes from its usual OPENAI_* variables.

    `prompts` finds a version that somebody asks for, to be read with; unless one is given, only built-in ones are.
    `to_openai` says whether OpenAI itself answers at the address; None leaves that to the address. A model's name tells
    nothing of it: gateways and servers of one's own give theirs the same names. `pace` says when there is room for a
    request; unless one is given, this extractor knows of its own requests alone. `crew` is of those who read with it.
    """

    engine = "openai"

    def __init__(
        self,
        *,
        settings: ReadingSettings,
        prompt: PromptVersion,
        prompts: Callable[[str], PromptVersion] = load_version,
        models: ModelTable | None = None,
        upscaler: Path | None = None,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout_s: float = 60,
        max_retries: int = 2,
        to_openai: bool | None = None,
        pace: Pace | None = None,
        crew: Crew | None = None,
    ) -> None:
        self.default_settings = replace(settings, prompt_version=prompt.version)
        self._prompt = prompt
        self._prompts = prompts
        self._models = models or load_models()
        self._upscaler = upscaler
        self._to_openai = to_openai
        self._ladder = Ladder()
        self._sights = Sights()
        self._service = ModelService(api_key, base_url, timeout_s, max_retries, pace or Pace(), crew)

    @property
    def longest_seconds(self) -> float:
        """Every request, and every retry that they share, runs into its timeout, with the longest waits.

        Those for room are among them, though they are none of a reading's own time.
        """
        return self._service.longest_seconds(MOST_REQUESTS)

    def check(self, settings: ReadingSettings | None = None) -> str:
        """Ask the service for its list of models, which it gives for nothing, and look for ours in it.

        A network that enlarges pictures is looked at too, where the preparation asks for one and a file is set.
        """
        client, asked = self._service.connected(), settings or self.default_settings
        facts = self._models.facts(asked.model)
        applied, notes = fitted(asked, facts)
        with self._service.named_errors(client, asked):
            response = client.with_options(max_retries=0).models.with_raw_response.list()
        if enlarges(applied.preparation) and self._upscaler is not None:
            load_upscaler(self._upscaler)
        offered = models_in(response.text)
        if offered and asked.model not in offered:
            raise ModelNotFound(model=asked.model, why=Note(NOT_LISTED))
        effort = f", reasoning effort {applied.reasoning_effort}" if applied.reasoning_effort else ""
        end = _end(offered.get(asked.model) or facts.ends, facts.successor)
        return " ".join([f"{asked.model} at {client.base_url.netloc.decode()}{effort}{end}.", *map(str, notes)])

    def extract(self, photo: Photo, settings: ReadingSettings, look: Look | None = None) -> ExtractionResult:
        """Read one photo. Every way in which that fails is a class of ExtractionError.

        Where the prompt lies in a database that is away, it is DatabaseError: nobody was asked then.
        """
        return self._reading(settings).read(photo, look)

    def shares_requests(self, settings: ReadingSettings) -> bool:
        """Whether repetitions with these settings are likely to come out of one request. Asks nobody."""
        return self._models.facts(settings.model).several and self._ladder.gives_several(settings.model)

    def extract_repeatedly(
        self, photo: Photo, settings: ReadingSettings, times: int, look: Look | None = None
    ) -> list[ExtractionResult | ExtractionError]:
        """Read one photo several times. Each answer of a shared request is heard as if it had come alone."""
        try:
            return self._reading(settings).read_repeatedly(photo, look, times)
        except ExtractionError as exc:  # nothing could be asked
            return [exc] * times

    def write(self, task: Task, settings: ReadingSettings) -> Answered:
        """What a model writes to a task that is no reading, once. Raises ExtractionError, with its usage if there is.

        Of the settings those count that are not of pictures.
        """
        facts = self._models.facts(settings.model)
        asked, _ = fitted(replace(settings, detail=None, preparation="none", logprobs=None), facts)
        client = self._service.connected()
        to_openai = self._asks_openai(client)
        body = partial(task_body, task, to_openai=to_openai)
        conversation = Conversation(
            self._service.talk(client, asked, facts.vision), body, facts, self._ladder, to_openai
        )
        document, model = conversation.document(asked, task.schema["properties"])
        return Answered(document, model or asked.model, conversation.usage or Usage())

    def question(
        self, photo: Photo, settings: ReadingSettings, look: Look | None = None
    ) -> tuple[dict[str, Any], Shown]:
        """The body that `extract` would send first, and what its answer will be heard with. Asks nobody."""
        return self._reading(settings).question(photo, look)

    def hear(self, shown: Shown, body: str, request_id: str | None, share: Decimal) -> ExtractionResult:
        """What an answer says that came in another way, heard like one to `extract`; its price is so much of the usual.

        Nothing is asked any more. Raises ExtractionError, with its usage.
        """
        facts = self._models.facts(shown.asked.model)
        facts = facts.model_copy(update={"price": facts.price and facts.price.times(share)})
        client = self._service.connected()
        conversation = Conversation(_nothing_more, _no_body, facts, self._ladder, self._asks_openai(client))
        reply = Reply(body, without(client.api_key, body), request_id)
        return heard_with(conversation, shown, (reply, shown.asked))

    @contextmanager
    def asking(self) -> Iterator[openai.OpenAI]:
        """The client, for what is no reading; its failures have their names. Raises ExtractionError."""
        client = self._service.connected()
        with self._service.named_errors(client, self.default_settings):
            yield client

    def close(self) -> None:
        """Let go of the connections, and of those who wait for room. The next reading opens new ones."""
        self._service.close()

    def _reading(self, settings: ReadingSettings) -> ModelReading:
        prompt = self._prompt_of(settings)
        asked = replace(settings, prompt_version=prompt.version)
        facts = self._models.facts(asked.model)
        client = self._service.connected()
        talk = partial(self._service.talk, client, asked, facts.vision)
        to_openai = self._asks_openai(client)
        return ModelReading(asked, prompt, facts, self._upscaler, self._ladder, self._sights, talk, to_openai)

    def _asks_openai(self, client: openai.OpenAI) -> bool:
        return is_openais(client.base_url.host) if self._to_openai is None else self._to_openai

    def _prompt_of(self, settings: ReadingSettings) -> PromptVersion:
        if settings.prompt_version in (None, self._prompt.version):
            return self._prompt
        try:
            return self._prompts(settings.prompt_version)
        except (ConfigurationError, PromptNotFound) as exc:
            raise SettingRefused(model=settings.model, setting="prompt_version", why=exc.fields["why"]) from exc


def _nothing_more(_body: dict[str, Any]) -> Reply:
    raise RequestRefused(status=0, why=Note(NO_REASON))


def _no_body(_settings: ReadingSettings) -> dict[str, Any]:
    return {}


def _end(day: str | dt.date | None, successor: str | None) -> str:
    after = f", then comes {successor}" if successor else ""
    return f"; it ends on {day}{after}" if day else ""
