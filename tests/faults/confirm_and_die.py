"""Confirms in a process of its own that kills itself (SIGKILL) at a given point: see test_confirm_killed.py.

Reads one line a confirm, `URL RECEIPT_ID EXTRACTION_ID MOMENT N`, and answers `killed` or `confirmed`. Each confirm
runs in a fork, so that Python and its libraries are loaded once for all of them.
"""

from __future__ import annotations

import os
import signal
import sys

import sqlalchemy as sa

from ledger.database import Database
from ledger.review.confirm import confirm
from tests.factories import RIGHT, action


def _confirm(url: str, receipt_id: int, extraction_id: int, moment: str, n: int) -> None:
    database, passed = Database(url), 0

    def die_at_the_nth(*_event: object) -> None:
        nonlocal passed
        passed += 1
        if passed == n:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(database.engine, moment, die_at_the_nth)
    confirm(database, action(receipt_id, extraction_id, f"click {receipt_id}"), RIGHT)


def main() -> None:
    for line in sys.stdin:
        url, receipt_id, extraction_id, moment, n = line.split()
        child = os.fork()
        if child == 0:
            _confirm(url, int(receipt_id), int(extraction_id), moment, int(n))
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print({0: "confirmed", -signal.SIGKILL: "killed"}.get(status, f"ended with {status}"), flush=True)


if __name__ == "__main__":
    main()
