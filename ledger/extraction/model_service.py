"""The model's service: connected to, asked when there is room, and every failure of it given its name.

This module alone knows the client's library.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import openai
from httpx2 import ConnectTimeout, InvalidURL, Response

from ledger import traces
from ledger.errors import MissingKey, ModelTimeout, ModelUnreachable
from ledger.extraction.allowance import PATIENCE, Allowance
from ledger.extraction.conversation import Reply, Send
from ledger.extraction.crew import Crew
from ledger.extraction.extractor import ReadingSettings
from ledger.extraction.pace import Ask, Pace
from ledger.extraction.pictures.vision import Vision
from ledger.extraction.rate_headers import Told
from ledger.extraction.reasons import NO_CONNECTION, UNSENDABLE_KEY
from ledger.extraction.service_errors import HttpError, named, tells_of_no_credit
from ledger.extraction.weight import tokens_taken
from ledger.notes import Note

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


class ModelService:
    """One account at one address, which the client knows from its OPENAI_* variables unless they are given here.

    Safe to use from several threads at once.
    """

    def __init__(
        self,
        api_key: str | None,
        base_url: str | None,
        timeout_s: float,
        max_retries: int,
        pace: Pace,
        crew: Crew | None = None,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._timeout_s = timeout_s
        self._max_retries = max_retries
        self._pace = pace
        self._crew = crew or Crew()
        self._lock = threading.Lock()
        self._client: openai.OpenAI | None = None

    def longest_seconds(self, requests: int) -> float:
        """How long so many requests, and every retry that they share, take at the very most."""
        tries = requests + self._max_retries
        return tries * (_CONNECT_SECONDS + self._timeout_s) + self._max_retries * _LONGEST_WAIT + PATIENCE

    def connected(self) -> openai.OpenAI:
        """The client, built at the first reading: a desk without a key can still be opened, and says so then."""
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def talk(self, client: openai.OpenAI, settings: ReadingSettings, sees: Vision) -> Send:
        """What sends the requests of one reading, which share its retries and its patience."""
        return partial(self._send, client, settings, sees, Allowance(self._max_retries))

    @contextmanager
    def named_errors(self, client: openai.OpenAI, settings: ReadingSettings) -> Iterator[None]:
        """Give every failure of the client its name: a class of ExtractionError."""
        try:
            yield
        except openai.APITimeoutError as exc:
            if isinstance(exc.__cause__, ConnectTimeout):
                raise ModelUnreachable(why=Note(NO_CONNECTION)) from exc
            raise ModelTimeout(seconds=f"{self._timeout_s:g}") from exc
        except openai.APIConnectionError as exc:
            raise ModelUnreachable(why=without(client.api_key, _why(exc.__cause__ or exc))) from exc
        except openai.APIStatusError as exc:
            said = without(client.api_key, exc.response.text)
            error = named(HttpError(exc.status_code, said, exc.request.url.path, exc.response.headers), settings)
            error.raw_answer, error.request_id = said, exc.request_id
            raise error from exc

    def close(self) -> None:
        """Let go of the connections, and of those who wait for room. The next reading opens new ones."""
        self._pace.close()
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def _connect(self) -> openai.OpenAI:
        try:
            client = openai.OpenAI(
                api_key=self._api_key,
                base_url=self._base_url,
                max_retries=self._max_retries,
                timeout=openai.Timeout(self._timeout_s, connect=min(self._timeout_s, _CONNECT_SECONDS)),
                http_client=_Http(self._crew),
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

    def _send(
        self, client: openai.OpenAI, settings: ReadingSettings, sees: Vision, left: Allowance, body: dict[str, Any]
    ) -> Reply:
        """The reply to one request, once there is room for it. Raises what the service or the network said instead."""
        ask = Ask(_account(client, settings.model), tokens_taken(body, sees))
        with self._crew.waits():
            return left.in_turn(self._pace, ask, partial(self._posted, client, settings, left, ask, body))

    def _posted(
        self, client: openai.OpenAI, settings: ReadingSettings, left: Allowance, ask: Ask, body: dict[str, Any]
    ) -> Reply:
        # The response as it came: the parsing helpers of the client raise without the body when the answer is not to
        # their liking, and with it the text, the tokens and the request id would be gone. The body is whole already,
        # so it is posted as it is: `create` would first go through every value of it.
        post = partial(client.post, "/chat/completions", cast_to=Response, options={"max_retries": left.retries})
        with traces.span("request", model=settings.model), self.named_errors(client, settings):
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
        return Reply(response.text, without(client.api_key, response.text), request_id)


class _Http(openai.DefaultHttpxClient):
    """Takes a place with the model for the request alone: not while it is written, nor between two tries of it."""

    def __init__(self, crew: Crew) -> None:
        super().__init__(event_hooks={"response": [_leave_429_to_us]})
        self._crew = crew

    def send(self, request: Request, **how: Any) -> Response:
        with self._crew.asks():
            return super().send(request, **how)


def is_openais(host: str) -> bool:
    """Whether this is OpenAI's own address, in any region (eu.api.openai.com keeps data in Europe)."""
    return host == _HOST or host.endswith(f".{_HOST}")


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


def without(key: str, text: str) -> str:
    """A text without the key."""
    # A service may quote the key that it refuses, and what it says is stored and shown. A short key is a placeholder
    # for a server of one's own; its characters also stand in ordinary words.
    return text.replace(key, "[key]") if len(key) >= _SECRET_LENGTH else text
