"""kill -9 between any two statements of a confirm leaves all of it or nothing, and nothing in the way of the next."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.receipt import ReceiptStatus
from ledger.review.confirm import confirm
from ledger.review.drafts import save_draft
from ledger.review.queue import open_receipt
from ledger.tables import CorrectionRow, ItemRow, LedgerRow, ReceiptRow, ReviewRow
from tests.factories import NOW, RIGHT, action, migrated, read_one

ROOT = Path(__file__).parents[2]
TYPED = {"location": "루트231, 적던 그대로"}
ALL = {"ledger": 1, "item": 2, "review": 1, "correction": 1, "draft": 0}
NOTHING = {"ledger": 0, "item": 0, "review": 0, "correction": 0, "draft": 1}

Die = Callable[[Database, int, int, str, int], str]


@pytest.fixture
def database(mariadb_url: str) -> Iterator[Database]:
    database = migrated(mariadb_url)
    yield database
    database.close()


@pytest.fixture(scope="module")
def confirm_and_die() -> Iterator[Die]:
    """Confirm in another process that is killed at the n-th such moment, unless it is done before."""
    cmd = [sys.executable, "-m", "tests.faults.confirm_and_die"]
    with subprocess.Popen(cmd, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def run(database: Database, receipt_id: int, extraction_id: int, moment: str, n: int) -> str:
            url = database.engine.url.render_as_string(hide_password=False)
            stdin.write(f"{url} {receipt_id} {extraction_id} {moment} {n}\n")
            stdin.flush()
            return stdout.readline().strip()

        yield run
        stdin.close()


def seen(database: Database, receipt_id: int) -> dict[str, int]:
    """What a new connection sees of one receipt."""
    database.close()  # all pooled connections; the next one is new
    ledger_of = sa.select(ReceiptRow.ledger_id).where(ReceiptRow.id == receipt_id).scalar_subquery()
    with database.read() as session:
        return {
            "ledger": _count(session, LedgerRow, LedgerRow.id == ledger_of),
            "item": _count(session, ItemRow, ItemRow.ledger_id == ledger_of),
            "review": _count(session, ReviewRow, ReviewRow.receipt_id == receipt_id),
            "correction": _count(session, CorrectionRow, CorrectionRow.receipt_id == receipt_id),
            "draft": int(open_receipt(database, receipt_id).draft is not None),
        }


def _count(session: sa.orm.Session, table: type, condition: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table).where(condition)) or 0


def drafted(database: Database, n: int) -> tuple[int, int]:
    """A receipt that was read and that somebody works on."""
    receipt_id, extraction_id = read_one(database, key=f"ledger/{n}.jpg")
    save_draft(
        database, receipt_id, TYPED, extraction_id=extraction_id, operator="지수", client_id="a", client_ms=1, now=NOW
    )
    return receipt_id, extraction_id


@pytest.mark.parametrize(
    ("moment", "points"),
    [("before_cursor_execute", 7), ("after_cursor_execute", 7), ("commit", 1)],
)
def test_a_confirm_killed_at_any_point_is_whole_or_has_not_happened(
    database: Database, confirm_and_die: Die, moment: str, points: int
) -> None:
    killed = 0
    while True:
        receipt_id, extraction_id = drafted(database, killed)
        outcome = confirm_and_die(database, receipt_id, extraction_id, moment, killed + 1)
        if outcome != "killed":
            break
        killed += 1

        assert seen(database, receipt_id) == NOTHING
        opened = open_receipt(database, receipt_id)
        assert opened.draft is not None
        assert opened.draft.document == TYPED
        assert opened.row.status == ReceiptStatus.IN_REVIEW

        confirm(database, action(receipt_id, extraction_id, f"click {receipt_id}"), RIGHT)
        assert seen(database, receipt_id) == ALL

    assert outcome == "confirmed"
    assert seen(database, receipt_id) == ALL
    assert killed >= points
    with database.read() as session:
        assert _count(session, LedgerRow, sa.true()) == killed + 1  # no row without its receipt


def test_a_confirm_killed_after_its_commit_is_whole_and_the_same_click_again_changes_nothing(
    database: Database, confirm_and_die: Die
) -> None:
    receipt_id, extraction_id = drafted(database, 0)

    assert confirm_and_die(database, receipt_id, extraction_id, "checkin", 1) == "killed"
    assert seen(database, receipt_id) == ALL

    confirm(database, action(receipt_id, extraction_id, f"click {receipt_id}"), RIGHT)
    assert seen(database, receipt_id) == ALL
