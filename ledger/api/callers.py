"""Who calls: each route of /v1 asks for a key that has its scope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from ledger.api.keys import Scope, row_of_key
from ledger.api.rate_limit import RateLimit
from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import ApiKeyRefused, ScopeMissing

_bearer = HTTPBearer(auto_error=False, description="A key that `python -m ledger key add` made")
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


class Callers:
    """Knows callers by their keys. Refusals are ApiKeyRefused, TooManyRequests and ScopeMissing."""

    def __init__(self, database: Database, rate: RateLimit) -> None:
        self._database = database
        self._rate = rate

    def having(self, scope: Scope) -> Callable[[HTTPAuthorizationCredentials | None], str]:
        """A dependency of a route: the name of the caller's key, if it has this scope."""

        # Not async: it asks the database, so it belongs on a thread.
        def caller(given: Given) -> str:
            if given is None:
                raise ApiKeyRefused()
            key = row_of_key(self._database, given.credentials, utc_now())
            self._rate.count(key.name)
            if scope not in key.scopes:
                raise ScopeMissing(name=key.name, scope=scope.value)
            return key.name

        return caller
