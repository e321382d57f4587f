"""Each request is counted by the template of its route, with its outcome and how long it took."""

from __future__ import annotations

import time
from typing import Final

from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger import meters

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

        try:
            await self._app(scope, receive, noting)
        finally:
            meters.request(*_asked(scope), status, time.perf_counter() - began)


def _asked(scope: Scope) -> tuple[str, str]:
    route, method = scope.get("route"), scope["method"]
    if isinstance(route, Route) and method in (route.methods or ()):
        return route.path, method
    return _NO_ROUTE, _NO_ROUTE
