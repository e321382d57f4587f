"""The log: as text or as JSON, one object a line, and in neither form what is secret or anybody's own."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final, Literal

from ledger import traces
from ledger.errors import ExtractionError, LedgerError, PhotoError, StoreError

LogFormat = Literal["text", "json"]
HIDDEN: Final = "…"

request_id: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""The id of the request that is being answered; empty outside of one."""

_PICTURE: Final = r"\.(?:jpe?g|jfif|png|webp|hei[cf]|avif|gif|bmp|tiff?|pdf)"
_QUOTED: Final = re.compile(rf"(['\"])(?:(?!\1).)*({_PICTURE})\1", re.IGNORECASE)
# From the beginning of a word alone: to try each of its signs would take minutes where a picture's bytes are told.
_PLAIN: Final = re.compile(rf"(?<![^\s'\"/=(])[^\s'\"/=(]+({_PICTURE})(?!\w)", re.IGNORECASE)
_NAMED: Final = re.compile(rf"(?s).*({_PICTURE})", re.IGNORECASE)
_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"\[parameters: .*"), f"[parameters: {HIDDEN}]"),  # SQLAlchemy: what was being written
    (re.compile(r"input_value=.*?, input_type"), f"input_value={HIDDEN}, input_type"),  # pydantic: what did not fit
    (re.compile(r"(://[^\s:/@]*):[^\s/@]+@"), rf"\1:{HIDDEN}@"),  # the password of an address
    (re.compile(r"([?&][\w-]+)=[^&\s'\"]+"), rf"\1={HIDDEN}"),  # what signs an address, and whatever else it asks
    (re.compile(r"\b(sk-|lgr_|AKIA|ASIA)[\w*-]{6,}"), rf"\1{HIDDEN}"),  # keys of the model's service, ours, Amazon's
    (re.compile(r"(?i)\b((?:bearer|basic) )[\w.~+/=-]{6,}"), rf"\1{HIDDEN}"),
    (
        re.compile(r"(?i)\b((?:\w*secret\w*|\w*password|\w*token|api_key)['\"]?\s*[=:]\s*['\"]?)[^\s'\",}]+"),
        rf"\1{HIDDEN}",
    ),
    (_QUOTED, rf"\1{HIDDEN}\2\1"),
    (_PLAIN, rf"{HIDDEN}\1"),
    (re.compile(r"(?<![\w.])[\d*](?:[ -]?[\d*]){12,18}(?!\w)"), HIDDEN),  # cards
    (re.compile(r"(?<![\w-])01[016-9][- ]?\d{3,4}[- ]?\d{4}(?!\w)"), HIDDEN),  # mobile phones of Korea
    (re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), HIDDEN),
)


def set_up(log_format: LogFormat) -> None:
    """Write the log of this process to stderr in this form, from warnings on; what was set up before, stays."""
    handler = logging.StreamHandler()
    handler.addFilter(hide)
    handler.setFormatter(JsonLines() if log_format == "json" else logging.Formatter(_TEXT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        # A line for each request would bury what matters, and addresses of photos hold people's file names.
        logging.getLogger(name).setLevel(logging.WARNING)


_TEXT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


class JsonLines(logging.Formatter):
    """Each record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """One object: what a library for it would give, without one more package to trust."""
        line = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": request_id.get(),
            "trace_id": traces.trace_id(),
            "exception": record.exc_text,
        }
        return json.dumps({name: value for name, value in line.items() if value}, ensure_ascii=False)


def hide(record: logging.LogRecord) -> bool:
    """The filter: whatever a record says is said without secrets, card numbers, signed addresses and photo names."""
    record.msg, record.args = masked(_said(record)), ()
    if record.exc_info and record.exc_info[1]:
        record.exc_text = _traceback(record.exc_info[1])
    return True


def _said(record: logging.LogRecord) -> str:
    if isinstance(record.args, tuple):
        record.args = tuple(map(_argument, record.args))
    try:
        return record.getMessage()
    except (TypeError, ValueError):  # arguments that do not fit: a slip, for which nobody's work may break off
        return str(record.msg)


def masked(text: str) -> str:
    """The text without what has the form of something that is nobody else's to read."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def _argument(value: object) -> object:
    """A photo's name may have spaces, so where it is known to be one, it is hidden whole."""
    if isinstance(value, LedgerError):
        return _without_names(str(value), value)
    if isinstance(value, str):
        return _NAMED.sub(rf"{HIDDEN}\1", value) if _NAMED.fullmatch(value) else value
    return value


def _without_names(text: str, error: BaseException) -> str:
    if isinstance(error, StoreError | PhotoError | ExtractionError):
        names = [str(error.fields[field]) for field in ("key", "name", "address") if field in error.fields]
        for written in (form for name in names if name for form in (repr(name), name)):
            text = text.replace(written, HIDDEN)
    return text


def _traceback(error: BaseException) -> str:
    text = "".join(traceback.format_exception(error)).rstrip()
    for one in _chain(error):
        text = _without_names(text, one)
    return masked(text)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
