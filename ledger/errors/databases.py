"""The database: away, busy, or of another version."""

from __future__ import annotations

from ledger.errors.root import LedgerError


class DatabaseError(LedgerError):
    """The database did not do what was asked."""


class DatabaseUnavailable(DatabaseError):
    transient = True
    sentence = "The database does not answer: {why}. Nothing was lost; try again once it is back."


class DatabaseBusy(DatabaseError):
    transient = True
    sentence = "The database is too busy: {why}. Nothing was changed; try again in a moment."


class SchemaOutdated(DatabaseError):
    sentence = "The database has schema {found}, this version needs {expected}. Run: python -m ledger migrate"
