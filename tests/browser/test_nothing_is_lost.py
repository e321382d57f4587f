"""Whatever dies or goes away while an operator types, the typed text comes back."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from ledger.inbox.s3_store import S3Store
from tests import servers
from tests.browser.conftest import PHOTO, Desk
from tests.browser.operator import Operator


@pytest.fixture
def receipt(desk: Desk, store: S3Store, operator: Operator) -> int:
    """A receipt on the desk, read and ready to be typed into."""
    store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
    operator.open("/review")
    return operator.receipt_on_desk()


def test_typed_text_comes_back_after_kill_9_of_the_app(desk: Desk, operator: Operator, receipt: int) -> None:
    operator.field("items.0.name").fill("감자")
    operator.draft_is_saved()
    operator.field("location").fill("서울 은평구")
    desk.kill()
    operator.page.keyboard.type(" 불광로")
    desk.start()

    operator.is_connected()
    operator.receipt_on_desk(receipt)
    operator.has("items.0.name", "감자")
    operator.has("location", "서울 은평구 불광로")
    operator.press("Control+Enter")
    operator.is_confirmed(desk, receipt)
    assert desk.rows("SELECT location FROM ledger") == [("서울 은평구 불광로",)]


def test_a_draft_is_there_in_another_browser(desk: Desk, operator: Operator, receipt: int) -> None:
    operator.field("items.1.name").fill("배변 패드 50매")
    operator.draft_is_saved()
    operator.page.evaluate("localStorage.clear()")
    operator.open(f"/review?receipt={receipt}")
    operator.receipt_on_desk(receipt)
    operator.has("items.1.name", "배변 패드 50매")


def test_reloading_right_after_a_key_loses_nothing(operator: Operator, receipt: int) -> None:
    operator.field("location").focus()
    operator.press("End")
    operator.page.keyboard.type("!")
    operator.page.reload()
    operator.receipt_on_desk(receipt)
    assert operator.field("location").input_value().endswith("!")


def test_kill_9_in_the_middle_of_confirm_leaves_nothing_behind_but_the_text(
    desk: Desk, operator: Operator, receipt: int
) -> None:
    # Here where most is half written; at every statement in tests/faults/test_confirm_killed.py.
    desk.kill()
    desk.start_module("tests.browser.dying_desk", "INSERT INTO item")
    operator.open(f"/review?receipt={receipt}")
    operator.receipt_on_desk(receipt)
    operator.field("items.0.name").fill("감자")
    operator.press("Control+Enter")
    assert desk.process is not None
    desk.process.wait(20)
    assert desk.rows("SELECT COUNT(*) FROM ledger UNION ALL SELECT COUNT(*) FROM review") == [(0,), (0,)]
    assert desk.rows("SELECT status FROM receipt") in ([("extracted",)], [("in_review",)])
    # The page sends its decision once more before it gives up, and a desk that is back by then would take it.
    operator.page.get_by_text("아직 응답이 없습니다").wait_for()

    desk.start()
    operator.is_connected()
    operator.receipt_on_desk(receipt)
    operator.has("items.0.name", "감자")
    operator.press("Control+Enter")
    operator.is_confirmed(desk, receipt)
    assert desk.rows("SELECT name FROM item ORDER BY id") == [("감자",), ("배변 패드",)]
    assert desk.rows("SELECT COUNT(*) FROM review") == [(1,)]


def test_ctrl_enter_while_hangul_is_composed_loses_nothing(desk: Desk, operator: Operator, receipt: int) -> None:
    operator.field("items.0.name").focus()
    operator.press("Control+a")
    operator.compose("ㄱ", "가", "감", commit="감")
    operator.compose("ㅈ", "자", commit=None)
    operator.press("Control+Enter")
    operator.is_confirmed(desk, receipt)
    assert desk.rows("SELECT name FROM item ORDER BY id LIMIT 1") == [("감자",)]


def test_kill_9_of_the_database_while_typing_and_confirming_costs_nothing(
    desk: Desk, store: S3Store, operator: Operator, tmp_path: Path
) -> None:
    folder, port = tmp_path / "mariadb", servers.free_port()
    folder.mkdir()
    desk.kill()
    with servers.mariadb(folder, port, stop=signal.SIGKILL) as url:
        own = Desk(f"{url}/mysql", desk.env, tmp_path, desk.port)
        own.database.migrate()
        own.start()
        store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
        operator.open("/review")
        receipt = operator.receipt_on_desk()
        operator.field("items.0.name").fill("감자")
        operator.draft_is_saved()
        operator.field("location").focus()
        operator.press("End")
        operator.page.keyboard.type(" 불광")
    operator.page.keyboard.type("로")
    operator.press("Control+Enter")
    operator.sees("데이터베이스가 응답하지 않습니다")
    operator.has("items.0.name", "감자")
    with servers.mariadb(folder, port):
        operator.press("Control+Enter")
        operator.is_confirmed(own, receipt)
        assert own.rows("SELECT name FROM item ORDER BY id LIMIT 1") == [("감자",)]
        assert str(own.rows("SELECT location FROM ledger")[0][0]).endswith(" 불광로")
        own.stop()
