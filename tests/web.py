"""A web server in the test's own process, for what a test wants to be answered."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Callable, Iterator, Mapping


class Request(http.server.BaseHTTPRequestHandler):
    """What was asked, and how it is answered."""

    def body(self) -> bytes:
        """What was sent."""
        return self.rfile.read(int(self.headers["Content-Length"]))

    def answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        """Send this; a Content-Length among the headers may promise another length than the body has."""
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | dict(headers or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Nobody reads it."""


@contextlib.contextmanager
def serving(asked: Callable[[Request], None]) -> Iterator[str]:
    """Have each GET and POST answered by this until the block ends; yields the server's address."""
    handler = type("Handler", (Request,), {"do_GET": asked, "do_POST": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
