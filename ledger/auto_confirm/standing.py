"""Auto-confirm as it stands: off unless somebody switches it on, and off again by itself when it must not go on."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.auto_confirm.audit import Audit, audit
from ledger.auto_confirm.held_out import HeldOut, held_out
from ledger.auto_confirm.tables import AutoConfirmRow
from ledger.auto_confirm.threshold import Choice, choose
from ledger.clock import utc_now
from ledger.database import Database, rows_changed
from ledger.errors import AutoConfirmRefused
from ledger.extraction.production import Production
from ledger.notes import Note
from ledger.recent import Recent

BOUND: Final = 0.02
CONFIDENCE: Final = 0.95
AUDIT_SHARE: Final = 0.1
"""What is proposed."""
BOUNDS: Final = (0.001, 0.2)
CONFIDENCES: Final = (0.8, 0.999)
AUDIT_SHARES: Final = (0.01, 1.0)

NO_THRESHOLD: Final = "no risk is known under which the error stays within the bound."
OUT_OF_RANGE: Final = "{what} has to lie between {least} and {most}."
THE_BOUND: Final = "The bound"
THE_CONFIDENCE: Final = "The confidence"
THE_AUDIT_SHARE: Final = "The share left to people"
OTHER_SETTING: Final = (
    "Photos are read with another setting or prompt since then: the risks of one say nothing of another."
)
SENTENCES: Final = (NO_THRESHOLD, OUT_OF_RANGE, THE_BOUND, THE_CONFIDENCE, THE_AUDIT_SHARE, OTHER_SETTING)

_AUDIT_EVERY: Final = dt.timedelta(minutes=1)
"""How often the readers look whether people found too many errors."""
_SEEDS: Final = 2**31


class AutoConfirm:
    """Whether receipts are confirmed without a person, and up to which risk. Safe to use from several threads."""

    def __init__(
        self, database: Database, production: Production, engine: str, clock: Callable[[], dt.datetime] = utc_now
    ) -> None:
        self.database = database
        self.clock = clock
        self._production = production
        self._engine = engine
        self._audited_at: dict[int, dt.datetime] = {}
        self._holding_of_late = Recent(self._holding)

    def evidence(self) -> HeldOut:
        """What people decided upon readings with the setting and the prompt of now. Raises DatabaseError."""
        chosen = self._production.chosen()
        since = chosen.created_at if chosen else None
        return held_out(self.database, self._engine, self._production.current(), since)

    def allowed(self, bound: float = BOUND, confidence: float = CONFIDENCE, evidence: HeldOut | None = None) -> Choice:
        """What people's decisions allow; who has looked at them already, gives them. Raises DatabaseError."""
        found = evidence or self.evidence()
        return choose(found.risks, found.wrong, bound=bound, confidence=confidence, of=found.of)

    def switch_on(self, bound: float, confidence: float, audit_share: float, operator: str) -> AutoConfirmRow:
        """Confirm from now on what needs nobody to look, in place of what held.

        Raises AutoConfirmRefused and DatabaseError; then nothing changed.
        """
        for what, value, limits in _limits(bound, confidence, audit_share):
            if not limits[0] <= value <= limits[1]:
                blanks = {"what": Note(what), "least": f"{limits[0]:g}", "most": f"{limits[1]:g}"}
                raise AutoConfirmRefused(why=Note(OUT_OF_RANGE, blanks))
        setting, choice = self._setting(), self.allowed(bound, confidence)
        if choice.chosen is None:
            raise AutoConfirmRefused(why=Note(NO_THRESHOLD))
        evidence = {"setting": setting, "receipts": choice.receipts, "of": choice.of} | asdict(choice.chosen)
        values = {"bound": bound, "confidence": confidence, "audit_share": audit_share, "evidence": evidence}
        drawn = {"threshold": choice.chosen.threshold, "seed": secrets.randbelow(_SEEDS)}
        held = self.database.retry(_hold, values | drawn, operator, self.clock())
        self._holding_of_late.forget()
        return held

    def switch_off(self, operator: str) -> bool:
        """Leave every receipt to people; False where it was off already."""
        ended = self.database.retry(_end, self.clock(), {"ended_by": operator})
        self._holding_of_late.forget()
        return ended > 0

    def standing(self) -> AutoConfirmRow | None:
        """What holds now; None while it is off. Switches it off where it must not go on. Raises DatabaseError."""
        row = self._holding()
        return None if row is None or self._ended_by_itself(row) else row

    def standing_for_reader(self) -> AutoConfirmRow | None:
        """`standing`, with what people found out asked for once a minute: a reading is not held up by counting."""
        row, now = self._holding_of_late(), self.clock()
        if row is None:
            return None
        looked = self._audited_at.get(row.id)
        if looked is not None and now - looked < _AUDIT_EVERY:
            return None if self._end_if(row, self._other_setting(row)) else row
        self._audited_at = {row.id: now}
        return None if self._ended_by_itself(row) else row

    def audit(self, row: AutoConfirmRow) -> Audit:
        """What people found out about what it confirmed, or would have."""
        return audit(self.database, row)

    def history(self) -> list[AutoConfirmRow]:
        """All times that it was switched on, the newest first."""
        with self.database.read() as session:
            return list(session.scalars(sa.select(AutoConfirmRow).order_by(AutoConfirmRow.id.desc())))

    def _holding(self) -> AutoConfirmRow | None:
        query = sa.select(AutoConfirmRow).where(AutoConfirmRow.ended_at.is_(None)).order_by(AutoConfirmRow.id.desc())
        with self.database.read() as session:
            return session.scalar(query.limit(1))

    def _ended_by_itself(self, row: AutoConfirmRow) -> bool:
        return self._end_if(row, self._other_setting(row) or self.audit(row).broken)

    def _end_if(self, row: AutoConfirmRow, why: Note | None) -> bool:
        if why is not None:
            self.database.retry(_end, self.clock(), {"end_reason": asdict(why)}, AutoConfirmRow.id == row.id)
        return why is not None

    def _other_setting(self, row: AutoConfirmRow) -> Note | None:
        then, now = row.evidence["setting"], self._setting()
        # A setting that this version of the program does not know, or is the first to know, tells nothing.
        return Note(OTHER_SETTING) if any(then[name] != now[name] for name in then.keys() & now.keys()) else None

    def whose_evidence(self) -> str:
        """What tells its evidence from that of another desk or another setting."""
        return f"{self.database.address()} {sorted(self._setting().items())}"

    def _setting(self) -> dict[str, Any]:
        return self._production.current().as_json() | {"engine": self._engine}


def _limits(bound: float, confidence: float, audit_share: float) -> list[tuple[str, float, tuple[float, float]]]:
    return [
        (THE_BOUND, bound, BOUNDS),
        (THE_CONFIDENCE, confidence, CONFIDENCES),
        (THE_AUDIT_SHARE, audit_share, AUDIT_SHARES),
    ]


def _hold(session: Session, values: dict[str, Any], operator: str, now: dt.datetime) -> AutoConfirmRow:
    _end(session, now, {"ended_by": operator})
    row = AutoConfirmRow(**values, operator=operator, created_at=now)
    session.add(row)
    session.flush()
    # Where it was off, two at once have not waited for each other. Now one meets the row of the other.
    _end(session, now, {"ended_by": operator}, AutoConfirmRow.id != row.id)
    return row


def _end(session: Session, now: dt.datetime, how: dict[str, Any], *which: sa.ColumnElement[bool]) -> int:
    holding = sa.update(AutoConfirmRow).where(AutoConfirmRow.ended_at.is_(None), *which)
    return rows_changed(session, holding.values(ended_at=now, **how))
