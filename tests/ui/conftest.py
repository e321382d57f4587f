"""Runs of pages in this process leave nothing behind."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _leaves_nothing(pages_leave_nothing: None) -> None:
    """All tests here run pages."""
