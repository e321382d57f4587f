"""What a desk has loaded when it is forked (tests/forked.py). Only the process that forks imports this."""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # else NumPy starts threads, and a process that forks should have none

import ledger.commands
import ledger.ui.server  # noqa: F401 -- to have it loaded
from tests.forked import die_with_parent

# It would end by itself with the last process that can ask it for a fork; its own forks, which also can, count as such.
die_with_parent()
