"""The present time."""

from __future__ import annotations

import datetime as dt


def utc_now() -> dt.datetime:
    """The present time, aware."""
    return dt.datetime.now(dt.UTC)
