"""No request is larger than one photo: a body is written to disk before anybody has asked for a key."""

from __future__ import annotations

from typing import Final

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ledger.api.problems import problem
from ledger.inbox.object_store import MAX_BYTES

MAX_BODY: Final = MAX_BYTES + 64 * 1024
"""A photo, and the form around it."""
_TOLD: Final = f"The request is larger than the {MAX_BYTES // 1024**2} MB that one photo may have."


class BodyLimit:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = Headers(scope=scope).get("content-length", "")
        if said.isdecimal() and int(said) > MAX_BODY:
            await problem(413, _TOLD, name="RequestTooLarge")(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > MAX_BODY:  # of a body that did not say how long it is
                raise HTTPException(413, _TOLD)
            return message

        await self._app(scope, counted, send)
