"""What a database's raw errors mean: away, busy, or a defect of ours. The numbers are MySQL's and MariaDB's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa

from ledger.errors import DatabaseBusy, DatabaseUnavailable
from ledger.notes import Note

ALL_IN_USE: Final = "all of our connections to it are in use"
CONNECTION_LOST: Final = "the connection was lost"
SENTENCES: Final = (ALL_IN_USE, CONNECTION_LOST)

_UNAVAILABLE: Final = frozenset(
    {1040, 1044, 1045, 1049, 1053, 1129, 1130, 1203, 1226, 1836, 2002, 2003, 2006, 2013},
)
"""Server gone, unreachable, full, read-only, refusing or without our schema (MySQL error reference)."""
_UNAVAILABLE_IF_SAID: Final = {1290: "read-only", 1927: "killed", 4031: "disconnected"}
"""Numbers with several meanings, or with another one on the other server, and the word that tells ours apart."""
_DEADLOCKS: Final = frozenset({1205, 1213})
"""Lock wait timeout and deadlock: the transaction is rolled back and may be tried again."""
_SQLITE_UNAVAILABLE: Final = ("unable to open database", "disk I/O error", "readonly", "not a database")
"""Words of SQLite's messages; one result code stands for several of them."""
_SQLITE_BUSY: Final = "database is locked"


@contextmanager
def named_outages() -> Iterator[None]:
    """Raises DatabaseUnavailable and DatabaseBusy for what means that; any other error stays as it is."""
    try:
        yield
    except sa.exc.TimeoutError as exc:
        raise DatabaseBusy(why=Note(ALL_IN_USE)) from exc
    except sa.exc.DBAPIError as exc:
        if _is_busy(exc):
            raise DatabaseBusy(why=_reason(exc)) from exc
        if _is_unavailable(exc):
            raise DatabaseUnavailable(why=_reason(exc)) from exc
        raise


def is_deadlock(error: DatabaseBusy) -> bool:
    """Whether the transaction was a deadlock's victim or waited too long for a lock, on a server that says so soon."""
    return isinstance(error.__cause__, sa.exc.DBAPIError) and _number(error.__cause__) in _DEADLOCKS


def _is_busy(exc: sa.exc.DBAPIError) -> bool:
    return _number(exc) in _DEADLOCKS or _SQLITE_BUSY in str(exc.orig)


def _is_unavailable(exc: sa.exc.DBAPIError) -> bool:
    if exc.connection_invalidated:
        return True
    number = _number(exc)
    if number is None:
        return any(sign in str(exc.orig) for sign in _SQLITE_UNAVAILABLE)
    if number in _UNAVAILABLE_IF_SAID:
        return _UNAVAILABLE_IF_SAID[number] in str(exc.orig)
    return number in _UNAVAILABLE or (number == 0 and isinstance(exc, sa.exc.InterfaceError))


def _number(exc: sa.exc.DBAPIError) -> int | None:
    args: tuple[Any, ...] = getattr(exc.orig, "args", ())
    return args[0] if args and isinstance(args[0], int) else None


def _reason(exc: sa.exc.DBAPIError) -> str | Note:
    args = getattr(exc.orig, "args", ())
    return str(args[-1]) if args and args[-1] else Note(CONNECTION_LOST)
