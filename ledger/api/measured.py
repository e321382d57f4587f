"""Each request is counted, and traced, by the template of its route, with its outcome and how long it took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from starlette.datastructures import Headers
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger import meters, traces

_NOT_TRACED: Final = frozenset({"/health", "/ready", "/metrics"})
"""What machines ask every few seconds, and nobody looks for."""
_NO_ROUTE: Final = "none"
"""Of what was asked for and is not there: anybody can make up addresses and methods, and each would be a metric."""


class Measured:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with _traced(scope) as span:
            try:
                await self._app(scope, receive, noting)
            finally:
                route, method = _asked(scope)
                meters.request(route, method, status, time.perf_counter() - began)
                span.call(f"{method} {route}" if route != _NO_ROUTE else "request")
                span.tell(method=method, route=route, status=status, error=str(status) if status >= 500 else None)


@contextmanager
def _traced(scope: Scope) -> Iterator[traces.Span]:
    """The request as a step of its caller's trace, if it says which."""
    if scope["path"] in _NOT_TRACED:
        yield traces.NOTHING
        return
    with traces.continued(Headers(scope=scope)), traces.span("request", asked=True) as span:
        yield span


def _asked(scope: Scope) -> tuple[str, str]:
    route, method = scope.get("route"), scope["method"]
    if isinstance(route, Route) and method in (route.methods or ()):
        return route.path, method
    return _NO_ROUTE, _NO_ROUTE
