"""What a desk has loaded when it is forked (tests/forked.py). Only the process that forks imports this."""

from __future__ import annotations

import gc
import importlib
import inspect
import os
import pkgutil

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # else NumPy starts threads, and a process that forks should have none

import streamlit.components.v2.manifest_scanner
import streamlit.emojis
import streamlit.material_icon_names  # noqa: F401 -- which the first page loads

import ledger.commands
import ledger.ui
import ledger.worker
from ledger.clock import utc_now
from ledger.database import newest_revision
from ledger.ui.texts import LANGUAGES, Texts
from tests.forked import die_with_parent

# It would end by itself with the last process that can ask it for a fork; its own forks, which also can, count as such.
die_with_parent()
newest_revision()
for module in pkgutil.walk_packages(ledger.ui.__path__, "ledger.ui."):
    importlib.import_module(module.name)
for language in LANGUAGES:
    Texts(language).date(utc_now().date())
inspect.stack()  # Streamlit does it at its first element, and it then looks at the file of every module there is
# A fork that walked over what is loaded would copy all of it.
gc.collect()
gc.freeze()
