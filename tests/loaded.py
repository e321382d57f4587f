"""What a desk has loaded when it is forked (tests/forked.py). Only the process that forks imports this."""

from __future__ import annotations

import gc
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # else NumPy starts threads, and a process that forks should have none

import streamlit.emojis
import streamlit.material_icon_names  # noqa: F401 -- which the first page loads

import ledger.commands
import ledger.ui.review_desk
import ledger.ui.server
import ledger.worker  # noqa: F401 -- to have them loaded
from ledger.database import newest_revision
from tests.forked import die_with_parent

# It would end by itself with the last process that can ask it for a fork; its own forks, which also can, count as such.
die_with_parent()
newest_revision()
# A fork that walked over what is loaded would copy all of it.
gc.collect()
gc.freeze()
