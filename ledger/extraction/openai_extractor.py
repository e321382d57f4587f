"""Reads a photo with GPT-4o, or with any model behind the same Chat Completions interface.

One photo, one request, and every outcome has a name: a receipt, or one class of `ledger.errors`. Whatever the service
sent back is kept whole, with its tokens and its request id, whether it could be used or not: `raw_answer` is the body
of the response as it came (JSON; the model's text lies in `choices.0.message.content`, the probabilities of its tokens
in `choices.0.logprobs`). The picture is not part of it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import openai
from httpx2 import ConnectTimeout, InvalidURL

from ledger.errors import (
    ConfigurationError,
    ExtractionError,
    MissingKey,
    ModelTimeout,
    ModelUnreachable,
    RequestRefused,
    SettingRefused,
)
from ledger.extraction.answer import ANSWER_SCHEMA
from ledger.extraction.completion import Completion, models_in, read_completion, receipt_of, usage_of
from ledger.extraction.extractor import ExtractionResult, ReadingSettings, Usage
from ledger.extraction.look import Look
from ledger.extraction.notes import NOT_SURE, OTHER_MODEL
from ledger.extraction.service_errors import HttpError, named, tells_of_no_credit
from ledger.inbox.images import Photo, data_url, upright_jpeg
from ledger.notes import Note
from ledger.prompts.versions import PromptVersion, load_version

if TYPE_CHECKING:
    from httpx2 import Response

MAX_SIDE: Final = 2048
"""Longer side of the picture sent, in pixels. GPT-4o fits a picture into 2048 x 2048 and then brings its shorter side
to 768 (OpenAI, "Images and vision", calculating costs), so more pixels would be uploaded and thrown away."""

RESPONSE_FORMAT: Final = {
    "type": "json_schema",
    "json_schema": {"name": "receipt", "strict": True, "schema": ANSWER_SCHEMA},
}

LOGPROBS: Final[dict[str, Any]] = {"logprobs": True, "top_logprobs": 5}
"""How sure the model was of each token, and what else it had in mind: kept with the answer, not used here."""

_SERVICE: Final = "https://api.openai.com/v1"
_CONNECT_SECONDS: Final = 10.0
"""A service that is there accepts a connection at once; only its answer takes long."""
_LONGEST_WAIT: Final = 120
"""Seconds that the client waits between two tries when the service asks for it (openai, MAX_RETRY_AFTER_DELAY)."""

_SECRET_LENGTH: Final = 16
"""Characters from which a key is taken for a secret. OpenAI's have more than 40."""


class OpenAIExtractor:
    """Extractor over the OpenAI client. What is not given here, the client takes from its usual OPENAI_* variables."""

    engine = "openai"

    def __init__(
        self,
        *,
        model: str,
        temperature: float | None,
        prompt: PromptVersion,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout_s: float = 60,
        max_retries: int = 2,
    ) -> None:
        self.default_settings = ReadingSettings(model=model, temperature=temperature, prompt_version=prompt.version)
        self._prompt = prompt
        self._api_key = api_key
        self._base_url = base_url
        self._timeout_s = timeout_s
        self._max_retries = max_retries
        self._lock = threading.Lock()
        self._client: openai.OpenAI | None = None
        self._without_logprobs: set[str] = set()

    @property
    def longest_seconds(self) -> float:
        """Every try runs into its timeout, after a model's refusal of LOGPROBS, with the longest wait after each."""
        tries = 1 + self._max_retries
        return (tries + 1) * (_CONNECT_SECONDS + self._timeout_s) + self._max_retries * _LONGEST_WAIT

    def check(self) -> str:
        """Ask the service for its list of models, which it gives for nothing, and look for ours in it."""
        client = self._connected()
        model = self.default_settings.model
        with self._named_errors(client, self.default_settings):
            response = client.with_options(max_retries=0).models.with_raw_response.list()
        offered = models_in(response.text)
        if offered and model not in offered:
            raise RequestRefused(status=response.status_code, why=f"the model {model} is not among those it offers.")
        until = f", which ends on {offered[model]}" if offered.get(model) else ""
        return f"{model}{until} at {client.base_url.netloc.decode()}"

    def extract(self, photo: Photo, settings: ReadingSettings, look: Look | None = None) -> ExtractionResult:
        """Read one photo. Every way in which that fails is a class of ExtractionError."""
        prompt = self._prompt_of(settings)
        applied = replace(settings, prompt_version=prompt.version)
        client = self._connected()
        body, request_id = self._ask(client, photo, applied, prompt)
        stored = _without(client.api_key, body)
        usage: Usage | None = None
        try:
            completion = read_completion(body)
            usage = usage_of(completion, applied.model)
            receipt, problems = receipt_of(completion, applied)
        except ExtractionError as exc:
            exc.raw_answer, exc.usage, exc.request_id = stored, usage, request_id
            raise
        notes = self._notes(completion, applied)
        return ExtractionResult(receipt, stored, applied, usage, request_id, problems, notes=notes)

    def close(self) -> None:
        """Let go of the connections. The next reading opens new ones."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _prompt_of(self, settings: ReadingSettings) -> PromptVersion:
        if settings.prompt_version in (None, self._prompt.version):
            return self._prompt
        try:
            return load_version(settings.prompt_version)
        except ConfigurationError as exc:
            why = f"{exc.fields['why']}."
            raise SettingRefused(model=settings.model, setting="prompt_version", why=why) from exc

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
                http_client=openai.DefaultHttpxClient(event_hooks={"response": [_do_not_retry_without_credit]}),
            )
        except openai.OpenAIError as exc:
            raise MissingKey from exc
        except InvalidURL as exc:
            raise ModelUnreachable(why=_why(exc)) from exc
        client.api_key = client.api_key.strip()  # a key out of a file often brings the end of its line along
        if not client.api_key:
            raise MissingKey
        if not (client.api_key.isascii() and client.api_key.isprintable()):
            raise ModelUnreachable(why="OPENAI_API_KEY holds characters that no key has and no request can carry")
        if not str(client.base_url).strip("/"):
            # OPENAI_BASE_URL is there and empty, as compose files write it; the client takes that for an address.
            client.base_url = _SERVICE
        return client

    def _ask(
        self, client: openai.OpenAI, photo: Photo, settings: ReadingSettings, prompt: PromptVersion
    ) -> tuple[str, str | None]:
        """Body and request id of the service's response. Raises what the service or the network said instead."""
        with self._named_errors(client, settings):
            response = self._create(client, _request(photo, settings, prompt))
        return response.text, response.request_id

    @contextmanager
    def _named_errors(self, client: openai.OpenAI, settings: ReadingSettings) -> Iterator[None]:
        try:
            yield
        except openai.APITimeoutError as exc:
            if isinstance(exc.__cause__, ConnectTimeout):
                raise ModelUnreachable(why="it does not accept a connection") from exc
            raise ModelTimeout(seconds=f"{self._timeout_s:g}") from exc
        except openai.APIConnectionError as exc:
            raise ModelUnreachable(why=_without(client.api_key, _why(exc.__cause__ or exc))) from exc
        except openai.APIStatusError as exc:
            said = _without(client.api_key, exc.response.text)
            error = named(HttpError(exc.status_code, said, exc.request.url.path, exc.response.headers), settings)
            error.raw_answer, error.request_id = said, exc.request_id
            raise error from exc

    def _create(self, client: openai.OpenAI, request: dict[str, Any]) -> Any:
        # Raw responses: the parsing helpers of the client raise without the body when the answer is not to their
        # liking, and with it the text, the tokens and the request id would be gone.
        create = client.chat.completions.with_raw_response.create
        model = request["model"]
        if model in self._without_logprobs:
            return create(**request)
        try:
            return create(**request, **LOGPROBS)
        except openai.APIStatusError as exc:
            if exc.status_code >= 500 or "logprobs" not in exc.message:
                raise
        # Reasoning models refuse them. Nobody asked for them but us, so they are left out, and the result says so.
        self._without_logprobs.add(model)
        return create(**request)

    def _notes(self, completion: Completion, settings: ReadingSettings) -> tuple[Note, ...]:
        notes = []
        if settings.model in self._without_logprobs:
            notes.append(Note(NOT_SURE, {"model": settings.model}))
        if completion.model and settings.model.rpartition("/")[2] not in completion.model:
            notes.append(Note(OTHER_MODEL, {"model": settings.model, "answered": completion.model}))
        return tuple(notes)


def _request(photo: Photo, settings: ReadingSettings, prompt: PromptVersion) -> dict[str, Any]:
    picture = {"url": data_url(upright_jpeg(photo, max_side=MAX_SIDE), "image/jpeg"), "detail": settings.detail}
    request = {
        "model": settings.model,
        # What never changes comes first: the service reuses its work on an equal beginning and bills it lower.
        "messages": [
            {"role": "system", "content": prompt.text},
            {"role": "user", "content": [{"type": "image_url", "image_url": _given(picture)}]},
        ],
        "response_format": RESPONSE_FORMAT,
        "temperature": settings.temperature,
        "max_completion_tokens": settings.max_completion_tokens,
        "store": False,  # a receipt is personal data
    }
    return _given(request)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _do_not_retry_without_credit(response: Response) -> None:
    # The client retries every 429, an empty account included. `x-should-retry` is its own way of being told not to.
    if response.status_code == 429:
        response.read()
        if tells_of_no_credit(response.text):
            response.headers["x-should-retry"] = "false"


def _why(exc: BaseException) -> str:
    return str(exc).rstrip(".") or type(exc).__name__


def _without(key: str, text: str) -> str:
    # A service may quote the key that it refuses, and what it says is stored and shown. A short key is a placeholder
    # for a server of one's own; its characters also stand in ordinary words.
    return text.replace(key, "[key]") if len(key) >= _SECRET_LENGTH else text
