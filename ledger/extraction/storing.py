"""A run on its way into the database: it was paid for, so a database that is away for a while is waited for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy.orm import Session

from ledger.database import Database
from ledger.errors import AnswerCutOff
from ledger.extraction.circuit import Circuit
from ledger.extraction.stored_run import find_run, store_beside, store_run
from ledger.extraction.turns import Turn, has_turn
from ledger.tables import ExtractionRow, ReceiptRow

LONGEST: Final = dt.timedelta(minutes=6)
"""Longest storing of a run: two minutes of waits, and eight tries that each wait for locks or for a connection."""


class Storing:
    """Stores runs, each once. Safe to use from several threads at once."""

    def __init__(self, database: Database, circuit: Circuit, sleep: Callable[[float], object]) -> None:
        self._database = database
        self._circuit = circuit
        self._sleep = sleep

    def now(self, turn: Turn, run: dict[str, Any], ended: dt.datetime) -> ExtractionRow:
        """Store the run that ends this turn. Raises DatabaseError, and then the run is lost, which the log says."""
        told = f"the reading of receipt {turn.receipt_id} ({run.get('request_id')})"
        return self._database.insist(self._now, turn, run, ended, again=self._once, told=told, sleep=self._sleep)

    def late(
        self, turn: Turn, run: dict[str, Any], ended: dt.datetime, mine: Callable[[Session], bool]
    ) -> ExtractionRow | None:
        """`now` for a turn that nobody keeps any more; see `Reader.store_answer`."""
        told = f"the answer for receipt {turn.receipt_id} ({run.get('request_id')})"
        late = (turn, run, ended, mine)
        return self._database.insist(self._late, *late, again=self._late, told=told, sleep=self._sleep)

    def _now(self, session: Session, turn: Turn, run: dict[str, Any], ended: dt.datetime) -> ExtractionRow:
        if run.get("error_class") is not None and not has_turn(session, turn):
            return store_beside(session, turn.receipt_id, run, ended)  # whoever has it now, or had it, knows better
        return self._as_newest(session, turn, run, ended)

    def _once(self, session: Session, turn: Turn, run: dict[str, Any], ended: dt.datetime) -> ExtractionRow:
        """`_now`, unless an earlier try was committed and only its answer was lost."""
        stored = find_run(session, turn.receipt_id, ended)
        return self._now(session, turn, run, ended) if stored is None else stored

    def _late(
        self, session: Session, turn: Turn, run: dict[str, Any], ended: dt.datetime, mine: Callable[[Session], bool]
    ) -> ExtractionRow | None:
        if not mine(session):
            return None
        receipt = session.get_one(ReceiptRow, turn.receipt_id, with_for_update=True)
        if receipt.etag not in (turn.etag, run["etag"]):
            return store_beside(session, receipt.id, run, ended)
        stored = self._as_newest(session, turn, run, ended)
        if stored.error_class == AnswerCutOff.__name__:
            receipt.due_at = ended  # only who asks by themselves can ask again, with more room
        return stored

    def _as_newest(self, session: Session, turn: Turn, run: dict[str, Any], ended: dt.datetime) -> ExtractionRow:
        trouble = run.get("error_class") is not None and self._circuit.fails_others(session, turn.receipt_id)
        return store_run(session, turn, run | {"service_trouble": trouble}, ended)
