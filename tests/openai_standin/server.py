"""HTTP: requests in, replies out, each in a thread of its own."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final


@dataclass(frozen=True)
class Reply:
    """A response as it goes out."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


HANG_UP: Final = Reply(0, b"")
"""No response at all."""

Respond = Callable[[str, Mapping[str, str], bytes | None], Reply]
"""The reply to a path, headers (names in lower case; `:method` is the method) and body; None where there is none."""


def json_reply(status: int, document: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Reply:
    """A reply of JSON."""
    return Reply(status, json.dumps(document).encode(), headers=headers or {})


class Server(ThreadingHTTPServer):
    """Serves on 127.0.0.1; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, respond: Respond) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.respond = respond


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body go out one by one; otherwise the second waits until the first is acknowledged, some 40 ms.
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self._answer(None)

    def do_DELETE(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("content-length", 0))))

    def _answer(self, body: bytes | None) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.respond(self.path, {":method": self.command, **headers}, body)
        if reply is HANG_UP:
            self.close_connection = True
            return
        own = {"content-type": reply.content_type, "content-length": str(len(reply.body))}
        # A client that ran out of patience is no longer there.
        with contextlib.suppress(ConnectionError):
            self.send_response(reply.status)
            for name, value in {**own, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a test's output is the test's."""
