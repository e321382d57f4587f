"""What a session keeps of its work on the Review page.

Streamlit ends a run for the next one wherever it touches `st.session_state` or draws. Between what the database was
told and what the session remembers of it no run may end, or the desk would go on with a receipt that is decided upon.
So the session's work is one plain object, found without touching either.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from ledger.tables import ReceiptRow
    from ledger.ui.opened_receipt import Opened

_KEPT: Final = 100
_WORK: Final = "work"
_works: WeakValueDictionary[str, Work] = WeakValueDictionary()
"""By session; what holds them is the session itself."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is held ahead, and what came after it then."""

    opened: Opened
    key: tuple[Any, ...]
    """For what it was chosen and prepared: language, operator, and what is followed."""
    later: ReceiptRow | None


@dataclass
class Work:
    """One session's work: assigning to it ends no run."""

    opened: Opened | None = None
    held: Held | None = None
    loads: list[str] = field(default_factory=list)
    """Loads of the forms that were filled here, the latest last."""
    closed: list[str] = field(default_factory=list)
    """Backup keys of the receipts that were decided upon here."""
    decisions: list[int] = field(default_factory=list)
    """Reviews that the key undoes, the latest last."""
    done: tuple[str, int] | None = None
    """The last click that was begun,"""
    answered: tuple[str, int] | None = None
    """and the last one of which the outcome is known."""
    left: int | None = None
    """Receipt that was left, until the browser's address has followed."""

    def filled(self, load: str) -> None:
        """Remember a form that is filled now."""
        self.loads = [*(each for each in self.loads if each != load), load][-_KEPT:]

    def close(self, backup_key: str) -> None:
        """Remember that the browser may drop what it keeps of a receipt."""
        self.closed = [*self.closed, backup_key][-20:]


def work() -> Work:
    """The work of the session that this run belongs to."""
    context = get_script_run_ctx(suppress_warning=True)
    session_id = context.session_id if context else ""
    found = _works.get(session_id) if session_id else None
    if found is None:
        found = st.session_state.setdefault(_WORK, Work())
        if session_id:
            _works[session_id] = found
    return found
