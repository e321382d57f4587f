"""Reads a photo with GPT-4o, or with any model behind the same Chat Completions interface.

Every outcome of a reading has a name: a receipt, or one class of `ledger.errors`. Whatever the service sent back is
kept whole, with its tokens and its request id, whether it could be used or not: `raw_answer` is the body of the last
response as it came (JSON; the model's text lies in `choices.0.message.content`, the probabilities of its tokens in
`choices.0.logprobs`). The picture is not part of it; what the model was shown of the photo is the result's `sight`.

This module alone knows the client's library: it connects, sends, and gives every failure its name. The rest of a
reading is in `model_reading`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import openai
from httpx2 import ConnectTimeout, InvalidURL, Response

from ledger import traces
from ledger.errors import (
    ConfigurationError,
    ExtractionError,
    MissingKey,
    ModelNotFound,
    ModelTimeout,
    ModelUnreachable,
    PromptNotFound,
    RequestRefused,
    SettingRefused,
)
from ledger.extraction.allowance import PATIENCE, Allowance
from ledger.extraction.completion import models_in
from ledger.extraction.conversation import MOST_REQUESTS, Conversation, Reply, Send
from ledger.extraction.extractor import ExtractionResult, ReadingSettings, Usage
from ledger.extraction.fitting import fitted
from ledger.extraction.ladder import Ladder
from ledger.extraction.look import Look
from ledger.extraction.model_reading import ModelReading, Shown, heard_with
from ledger.extraction.models import ModelTable, load_models
from ledger.extraction.pace import Ask, Pace
from ledger.extraction.pictures.preparation import enlarges
from ledger.extraction.pictures.sights import Sights
from ledger.extraction.pictures.upscaler import load_upscaler
from ledger.extraction.rate_headers import Told
from ledger.extraction.reasons import NO_CONNECTION, NO_REASON, NOT_LISTED, UNSENDABLE_KEY
from ledger.extraction.service_errors import HttpError, named, tells_of_no_credit
from ledger.extraction.weight import tokens_taken
from ledger.extraction.writing import Answered, Task, task_body
from ledger.inbox.images import Photo
from ledger.notes import Note
from ledger.prompts.versions import PromptVersion, load_version

if TYPE_CHECKING:
    from httpx2 import Request

_HOST: Final = "api.openai.com"
_SERVICE: Final = f"https://{_HOST}/v1"
_CONNECT_SECONDS: Final = 10.0
"""A service that is there accepts a connection at once; only its answer takes long."""
_LONGEST_WAIT: Final = 120
"""Seconds that the client waits between two tries when the service asks for it (openai, MAX_RETRY_AFTER_DELAY)."""

_SECRET_LENGTH: Final = 16
"""Characters from which a key is taken for a secret. OpenAI's have more than 40."""


class OpenAIExtractor:
    """Extractor over the OpenAI client. What is not given here, the client takes from its usual OPENAI_* variables.

    `prompts` finds a version that somebody asks for, to be read with; unless one is given, only built-in ones are.
    `to_openai` says whether OpenAI itself answers at the address; None leaves that to the address. A model's name tells
    nothing of it: gateways and servers of one's own give theirs the same names. `pace` says when there is room for a
    request; unless one is given, this extractor knows of its own requests alone.
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
    ) -> None:
        self.default_settings = replace(settings, prompt_version=prompt.version)
        self._prompt = prompt
        self._prompts = prompts
        self._models = models or load_models()
        self._upscaler = upscaler
        self._api_key = api_key
        self._base_url = base_url
        self._timeout_s = timeout_s
        self._max_retries = max_retries
        self._to_openai = to_openai
        self._pace = pace or Pace()
        self._ladder = Ladder()
        self._sights = Sights()
        self._lock = threading.Lock()
        self._client: openai.OpenAI | None = None

    @property
    def longest_seconds(self) -> float:
        """Every request, and every retry that they share, runs into its timeout, with the longest waits.

        Those for room are among them, though they are none of a reading's own time.
        """
        tries = MOST_REQUESTS + self._max_retries
        return tries * (_CONNECT_SECONDS + self._timeout_s) + self._max_retries * _LONGEST_WAIT + PATIENCE

    def check(self, settings: ReadingSettings | None = None) -> str:
        """Ask the service for its list of models, which it gives for nothing, and look for ours in it.

        A network that enlarges pictures is looked at too, where the preparation asks for one and a file is set.
        """
        client, asked = self._connected(), settings or self.default_settings
        facts = self._models.facts(asked.model)
        applied, notes = fitted(asked, facts)
        with self._named_errors(client, asked):
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
        client = self._connected()
        to_openai = self._asks_openai(client)
        body = partial(task_body, task, to_openai=to_openai)
        conversation = Conversation(self._talk(client, asked), body, facts, self._ladder, to_openai)
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
        client = self._connected()
        conversation = Conversation(_nothing_more, _no_body, facts, self._ladder, self._asks_openai(client))
        reply = Reply(body, _without(client.api_key, body), request_id)
        return heard_with(conversation, shown, (reply, shown.asked))

    @contextmanager
    def asking(self) -> Iterator[openai.OpenAI]:
        """The client, for what is no reading; its failures have their names. Raises ExtractionError."""
        client = self._connected()
        with self._named_errors(client, self.default_settings):
            yield client

    def close(self) -> None:
        """Let go of the connections, and of those who wait for room. The next reading opens new ones."""
        self._pace.close()
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _reading(self, settings: ReadingSettings) -> ModelReading:
        prompt = self._prompt_of(settings)
        asked = replace(settings, prompt_version=prompt.version)
        facts = self._models.facts(asked.model)
        client = self._connected()
        talk = partial(self._talk, client, asked)
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

    def _connected(self) -> openai.OpenAI:
        # Built at the first reading: a desk without a key can still be opened, and says so when it is asked to read.
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> openai.OpenAI:
        try:
            client = openai.OpenAI(
                api_key=self._api_key,
                base_url=self._base_url,
                max_retries=self._max_retries,
                timeout=openai.Timeout(self._timeout_s, connect=min(self._timeout_s, _CONNECT_SECONDS)),
                http_client=openai.DefaultHttpxClient(event_hooks={"response": [_leave_429_to_us]}),
            )
        except openai.OpenAIError as exc:
            raise MissingKey from exc
        except InvalidURL as exc:
            raise ModelUnreachable(why=_why(exc)) from exc
        client.api_key = client.api_key.strip()  # a key out of a file often brings the end of its line along
        if not client.api_key:
            raise MissingKey
        if not (client.api_key.isascii() and client.api_key.isprintable()):
            raise ModelUnreachable(why=Note(UNSENDABLE_KEY))
        if not str(client.base_url).strip("/"):
            # OPENAI_BASE_URL is there and empty, as compose files write it; the client takes that for an address.
            client.base_url = _SERVICE
        return client

    def _talk(self, client: openai.OpenAI, settings: ReadingSettings) -> Send:
        return partial(self._send, client, settings, Allowance(self._max_retries))

    def _send(self, client: openai.OpenAI, settings: ReadingSettings, left: Allowance, body: dict[str, Any]) -> Reply:
        """The reply to one request, once there is room for it. Raises what the service or the network said instead."""
        ask = Ask(_account(client, settings.model), tokens_taken(body, self._models.facts(settings.model).vision))
        return left.in_turn(self._pace, ask, partial(self._posted, client, settings, left, ask, body))

    def _posted(
        self, client: openai.OpenAI, settings: ReadingSettings, left: Allowance, ask: Ask, body: dict[str, Any]
    ) -> Reply:
        # The response as it came: the parsing helpers of the client raise without the body when the answer is not to
        # their liking, and with it the text, the tokens and the request id would be gone. The body is whole already,
        # so it is posted as it is: `create` would first go through every value of it.
        post = partial(client.post, "/chat/completions", cast_to=Response, options={"max_retries": left.retries})
        with traces.span("request", model=settings.model), self._named_errors(client, settings):
            try:
                response = post(body=body)
            except openai.APIStatusError as exc:
                left.retries -= _retries_behind(exc.request)
                if exc.status_code == 429 and not tells_of_no_credit(exc.response.text):
                    self._pace.refused(ask, Told(exc.response.headers))
                raise
        left.retries -= _retries_behind(response.request)
        self._pace.answered(ask, Told(response.headers))
        request_id = response.headers.get("x-request-id")
        return Reply(response.text, _without(client.api_key, response.text), request_id)

    @contextmanager
    def _named_errors(self, client: openai.OpenAI, settings: ReadingSettings) -> Iterator[None]:
        try:
            yield
        except openai.APITimeoutError as exc:
            if isinstance(exc.__cause__, ConnectTimeout):
                raise ModelUnreachable(why=Note(NO_CONNECTION)) from exc
            raise ModelTimeout(seconds=f"{self._timeout_s:g}") from exc
        except openai.APIConnectionError as exc:
            raise ModelUnreachable(why=_without(client.api_key, _why(exc.__cause__ or exc))) from exc
        except openai.APIStatusError as exc:
            said = _without(client.api_key, exc.response.text)
            error = named(HttpError(exc.status_code, said, exc.request.url.path, exc.response.headers), settings)
            error.raw_answer, error.request_id = said, exc.request_id
            raise error from exc


def _nothing_more(_body: dict[str, Any]) -> Reply:
    raise RequestRefused(status=0, why=Note(NO_REASON))


def _no_body(_settings: ReadingSettings) -> dict[str, Any]:
    return {}


def is_openais(host: str) -> bool:
    """Whether this is OpenAI's own address, in any region (eu.api.openai.com keeps data in Europe)."""
    return host == _HOST or host.endswith(f".{_HOST}")


def _end(day: str | dt.date | None, successor: str | None) -> str:
    after = f", then comes {successor}" if successor else ""
    return f"; it ends on {day}{after}" if day else ""


def _retries_behind(request: Request) -> int:
    """How often the client had sent it already, as it numbers them."""
    return int(request.headers.get("x-stainless-retry-count", 0))


def _account(client: openai.OpenAI, model: str) -> str:
    """Whose limits count: those of this key for this model at this address. It gives none of them away."""
    return hashlib.sha256(f"{client.base_url}\n{client.api_key}\n{model}".encode()).hexdigest()[:32]


def _leave_429_to_us(response: Response) -> None:
    # The client would ask again by itself, each reading at a moment of its own, and an empty account too.
    # `x-should-retry` is its own way of being told not to.
    if response.status_code == 429:
        response.headers["x-should-retry"] = "false"


def _why(exc: BaseException) -> str:
    return str(exc).rstrip(".") or type(exc).__name__


def _without(key: str, text: str) -> str:
    # A service may quote the key that it refuses, and what it says is stored and shown. A short key is a placeholder
    # for a server of one's own; its characters also stand in ordinary words.
    return text.replace(key, "[key]") if len(key) >= _SECRET_LENGTH else text
