"""Runs of pages in this process leave nothing to each other, and nothing to the desks that are forked beside them."""

from __future__ import annotations

import sys
from weakref import WeakValueDictionary

import pytest

from ledger.ui import work


@pytest.fixture(autouse=True)
def _leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """All sessions of AppTest have one id, and each page it runs stays this process's main module."""
    monkeypatch.setattr(work, "_works", WeakValueDictionary())
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
