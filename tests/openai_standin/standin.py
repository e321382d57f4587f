"""The service in a thread of the test's process: its key, its rules, its limits, and what it answers."""

from __future__ import annotations

import contextlib
import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

from tests.openai_standin.answers import Answer, Answers, GivenAnswer
from tests.openai_standin.batches import Batches
from tests.openai_standin.compatible import Compatible, chatty
from tests.openai_standin.completion import Choice, completion, fitted, fixed, models, room_asked_for
from tests.openai_standin.drawing import written
from tests.openai_standin.errors import ApiError, check_key
from tests.openai_standin.limits import Limits
from tests.openai_standin.logprobs import Style
from tests.openai_standin.outcomes import (
    ContentFilter,
    HangUp,
    Length,
    Misread,
    Outcome,
    Raw,
    Refusal,
    Says,
    Slow,
    Status,
)
from tests.openai_standin.pictures import decode_picture, picture_urls
from tests.openai_standin.reader import Reader
from tests.openai_standin.rules import check_request
from tests.openai_standin.sampling import prompt_fits_the_model
from tests.openai_standin.server import HANG_UP, Reply, Server, json_reply
from tests.openai_standin.usage import Prompt, PromptCache, usage

_CHAT: Final = "/v1/chat/completions"
_PLACES: Final = {("GET", "/v1/models"), ("POST", _CHAT)}


@dataclass(frozen=True)
class Request:
    """A request as it came in. The key is not kept."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def pictures(self) -> list[bytes]:
        """The bytes of its pictures, in their order."""
        return [decode_picture(picture.url) for picture in picture_urls(self.body)]

    @property
    def picture(self) -> bytes:
        """The bytes of the first picture."""
        return self.pictures[0]


class StandIn:
    """The service, in a thread of this process, on a port of its own. `requests` holds what it was sent."""

    def __init__(
        self,
        answer: GivenAnswer = None,
        *,
        key: str = "sk-standin-0123456789",
        port: int = 0,
        reader: Reader | None = None,
        limits: Limits | None = None,
        compatible: Compatible | None = None,
        logprobs: Style = "bytes",
        seconds: float = 0,
        seconds_per_token: float = 0,
        batch_seconds: float | None = None,
    ) -> None:
        self.key = key
        self.requests: list[Request] = []
        self.answered: list[Request] = []
        """Those that were read and so have to be paid for, whether or not somebody still waited for the answer."""
        self._answers = Answers(answer, reader)
        self._limits = limits or Limits()
        self._compatible = compatible
        self._style = compatible.logprobs if compatible else logprobs
        self._seconds, self._seconds_per_token = seconds, seconds_per_token
        self._cache = PromptCache()
        self.batches = Batches(self._in_a_batch, batch_seconds)
        """Files and batches; what is in a batch is answered when a test says so, or by itself after `batch_seconds`."""
        self._next: deque[Outcome] = deque()
        self.always: Outcome | None = None
        """What every request gets while it is set, unless something is to come next."""
        self._lock = threading.Lock()
        self._server = Server(port, self.respond)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """What belongs into OPENAI_BASE_URL."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def answer(self) -> GivenAnswer:
        """The answer to pictures that have none of their own. It can be set."""
        return self._answers.given

    @answer.setter
    def answer(self, answer: GivenAnswer) -> None:
        self._answers.given = answer

    @property
    def answers(self) -> dict[str, Answer]:
        """Answers by the SHA-256 of the first picture received; "*" where nothing else is given."""
        return self._answers.by_picture

    def knows(self, photo: bytes, receipt: Mapping[str, Any]) -> Self:
        """From now on this photo's receipt is read off it, however much it is cropped, scaled, turned or parted."""
        self._answers.album.add(photo, receipt)
        return self

    def then(self, *outcomes: Outcome) -> Self:
        """What the next requests get, one each. A request that is refused by rules or limits takes none."""
        self._next.extend(outcomes)
        return self

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def serve(self) -> None:
        """Serve in this thread until interrupted."""
        with contextlib.suppress(KeyboardInterrupt):
            self._server.serve_forever()
        self._server.server_close()

    def respond(self, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """The reply to one request."""
        started = time.monotonic()
        try:
            reply = self._reply(path, headers, body)
        except ApiError as error:
            reply = json_reply(error.status, error.body(), error.headers)
        if self._compatible or reply is HANG_UP:
            return reply
        own = {
            "x-request-id": f"req_{uuid.uuid4().hex}",
            "openai-version": "2020-10-01",
            "openai-processing-ms": str(round((time.monotonic() - started) * 1000)),
        }
        return Reply(reply.status, reply.body, reply.content_type, {**own, **reply.headers})

    def _reply(self, path: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        check_key(headers.get("authorization"), self.key)
        asked = headers[":method"], path
        if path.startswith(("/v1/files", "/v1/batches")):
            return _fault(self._outcome()) or self.batches.reply(*asked, headers, body or b"")
        if asked not in _PLACES:
            raise ApiError(f"Invalid URL ({asked[0]} {path})", status=404)
        if body is None:
            return _fault(self._outcome()) or json_reply(200, models())
        request = Request(path, _without_key(headers), _document(body))
        with self._lock:
            self.requests.append(request)
        return self._answered(request, self._limits)

    def _in_a_batch(self, body: dict[str, Any]) -> Reply:
        """The response to a request of a batch, which has limits of its own."""
        request = Request(_CHAT, {}, body)
        with self._lock:
            self.requests.append(request)
        try:
            return self._answered(request, Limits())
        except ApiError as error:
            return json_reply(error.status, error.body())

    def _answered(self, request: Request, limits: Limits) -> Reply:
        body = request.body
        (self._compatible.check if self._compatible else check_request)(body)
        prompt = Prompt(body)
        prompt_fits_the_model(body, len(prompt))
        left = limits.take(body["model"], len(prompt) + room_asked_for(body))
        outcome = self._outcome()
        fault = _fault(outcome)
        if fault is not None:
            return fault
        with self._lock:
            self.answered.append(request)
        return json_reply(200, self._completion(outcome, request, prompt), {} if self._compatible else left)

    def _outcome(self) -> Outcome | None:
        with self._lock:
            return self._next.popleft() if self._next else self.always

    def _completion(self, outcome: Outcome | None, request: Request, prompt: Prompt) -> dict[str, Any]:
        body = self._compatible.as_understood(request.body) if self._compatible else request.body
        choices, reasoning = fitted(body, self._choices(outcome, request, body))
        written_in_each = [len(choice.tokens) + reasoning for choice in choices]
        time.sleep(self._seconds + self._seconds_per_token * max(written_in_each))
        counted = usage(prompt, self._cache.cached(body, prompt), sum(written_in_each), reasoning * len(choices))
        told = None if self._compatible and not self._compatible.counts else counted
        return completion(body, choices, told, self._style)

    def _choices(self, outcome: Outcome | None, request: Request, body: dict[str, Any]) -> list[Choice]:
        same = body.get("n") or 1
        match outcome:
            case Refusal():
                return [fixed(outcome.text, refused=True)] * same
            case Says():
                return [fixed(outcome.text)] * same
            case ContentFilter():
                return [fixed("", "content_filter")] * same
        answers = self._answers.to(body, request.pictures)
        texts = ["".join(drawn.text for drawn in answer) for answer in answers]
        match outcome:
            case Length():
                return [fixed(outcome.text or text[: len(text) // 2], "length") for text in texts]
            case Misread():
                return [fixed(outcome.applied_to(text)) for text in texts]
        return [Choice(written(chatty(answer, body) if self._compatible else answer)) for answer in answers]


def _fault(outcome: Outcome | None) -> Reply | None:
    """The reply where there is no document to give."""
    match outcome:
        case Status():
            error = outcome.error()
            wait = {} if outcome.retry_after is None else {"retry-after": str(outcome.retry_after)}
            return json_reply(error.status, error.body(), wait)
        case Raw():
            return Reply(outcome.status, outcome.body.encode(), outcome.content_type)
        case HangUp():
            return HANG_UP
        case Slow():
            time.sleep(outcome.seconds)
    return None


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise ApiError("We could not parse the JSON body of your request.")
    return document


def _without_key(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "authorization"}
