"""Other services that call over HTTP: their keys, and what they may do with them."""

from __future__ import annotations

from ledger.errors.root import LedgerError


class CallerError(LedgerError):
    """Something about another service's key."""


class ApiKeyRefused(CallerError):
    sentence = (
        "No good API key came with this request. Send one as Authorization: Bearer lgr_…; python -m ledger key add"
        " makes one."
    )


class ScopeMissing(CallerError):
    sentence = "The API key {name!r} lacks the scope {scope}. Make one that has it: python -m ledger key add"


class TooManyRequests(CallerError):
    sentence = (
        "The API key {name!r} may ask {most} times a minute (LEDGER_API_REQUESTS_PER_MINUTE). Ask again in {seconds} s."
    )


class ApiKeyNameTaken(CallerError):
    sentence = "There is an API key {name!r} already, or was one. Choose another name, so that logs tell them apart."


class ApiKeyNotFound(CallerError):
    sentence = "There is no API key {name!r} in use. See python -m ledger key list"
