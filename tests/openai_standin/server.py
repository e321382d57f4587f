"""The server, in a thread of the test's process."""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final, Self

from tests.openai_standin.answers import SAMPLE, as_answered, completion, models
from tests.openai_standin.errors import ApiError, check_key
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
from tests.openai_standin.rules import check_request

Answer = Mapping[str, Any] | str
"""A receipt as in the contract (its `currency` is added), or the literal text of the answer."""


@dataclass(frozen=True)
class Request:
    """A request as it came in. The key is not kept."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def picture(self) -> bytes:
        """The bytes of the first picture."""
        return decode_picture(next(picture_urls(self.body))[1])


@dataclass(frozen=True)
class _Reply:
    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


_HANG_UP: Final = _Reply(0, b"")
_PLACES: Final = {("GET", "/v1/models"), ("POST", "/v1/chat/completions")}


class StandIn:
    """The server, in a thread of this process, on a port of its own. `requests` holds what it was sent."""

    def __init__(
        self,
        answer: Answer | Callable[[dict[str, Any]], Answer] | None = None,
        *,
        key: str = "sk-standin-0123456789",
        port: int = 0,
    ) -> None:
        self.key = key
        self.answer = answer
        self.answers: dict[str, Answer] = {"*": SAMPLE}
        self.requests: list[Request] = []
        self._next: deque[Outcome] = deque()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """What belongs into OPENAI_BASE_URL."""
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def then(self, *outcomes: Outcome) -> Self:
        """What the next requests get, one each. A request that is refused by the rules takes none."""
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

    def respond(self, path: str, headers: Mapping[str, str], body: bytes | None) -> _Reply:
        """The reply to one request."""
        try:
            check_key(headers.get("authorization"), self.key)
            asked = "GET" if body is None else "POST", path
            if asked not in _PLACES:
                raise ApiError(f"Invalid URL ({asked[0]} {path})", status=404)
            request = None if body is None else self._taken(path, headers, body)
            with self._lock:
                outcome = self._next.popleft() if self._next else None
            return _fault(outcome) or _json(200, self._document(outcome, request), _rate_headers())
        except ApiError as error:
            return _json(error.status, error.body())

    def _taken(self, path: str, headers: Mapping[str, str], body: bytes) -> Request:
        request = Request(path, _without_key(headers), _document(body))
        with self._lock:
            self.requests.append(request)
        check_request(request.body)
        return request

    def _document(self, outcome: Outcome | None, request: Request | None) -> dict[str, Any]:
        if request is None:
            return models()
        match outcome:
            case Refusal():
                return completion(request.body, refusal=outcome.text)
            case Says():
                return completion(request.body, outcome.text)
            case ContentFilter():
                return completion(request.body, "", "content_filter")
            case Length():
                usual = self._usual(request)
                return completion(request.body, outcome.text or usual[: len(usual) // 2], "length")
            case Misread():
                return completion(request.body, outcome.applied_to(self._usual(request)))
        return completion(request.body, self._usual(request))

    def _usual(self, request: Request) -> str:
        by_picture = self.answers.get(hashlib.sha256(request.picture).hexdigest())
        answer = by_picture or self.answer or self.answers["*"]
        if callable(answer):
            answer = answer(request.body)
        return answer if isinstance(answer, str) else as_answered(answer)


def _fault(outcome: Outcome | None) -> _Reply | None:
    """The reply where there is no document to give."""
    match outcome:
        case Status():
            error = outcome.error()
            wait = {} if outcome.retry_after is None else {"retry-after": str(outcome.retry_after)}
            return _json(error.status, error.body(), wait)
        case Raw():
            return _Reply(outcome.status, outcome.body.encode(), outcome.content_type)
        case HangUp():
            return _HANG_UP
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


def _rate_headers() -> dict[str, str]:
    return {
        "x-ratelimit-limit-requests": "500",
        "x-ratelimit-remaining-requests": "499",
        "x-ratelimit-reset-requests": "120ms",
        "x-ratelimit-limit-tokens": "30000",
        "x-ratelimit-remaining-tokens": "28000",
        "x-ratelimit-reset-tokens": "4s",
        "openai-processing-ms": "12",
    }


def _json(status: int, document: dict[str, Any], headers: Mapping[str, str] | None = None) -> _Reply:
    return _Reply(status, json.dumps(document).encode(), headers=headers or {})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], standin: StandIn) -> None:
        super().__init__(address, _Handler)
        self.standin = standin


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("content-length", 0))))

    def _answer(self, body: bytes | None) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.standin.respond(self.path, headers, body)
        if reply is _HANG_UP:
            self.close_connection = True
            return
        # A client that ran out of patience is no longer there.
        with contextlib.suppress(ConnectionError):
            self.send_response(reply.status)
            for name, value in _headers(reply):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a test's output is the test's."""


def _headers(reply: _Reply) -> Iterator[tuple[str, str]]:
    yield "content-type", reply.content_type
    yield "content-length", str(len(reply.body))
    yield "x-request-id", f"req_{uuid.uuid4().hex}"
    yield "openai-version", "2020-10-01"
    yield from reply.headers.items()
