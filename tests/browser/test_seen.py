"""Nothing is confirmed that nobody can have seen."""

from __future__ import annotations

from pathlib import Path

from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import Desk
from tests.browser.operator import Operator

PHOTO = (Path(__file__).parents[2] / "samples/photos/cafe_dalmong.jpg").read_bytes()
FIVE_TIMES = """() => {
    const confirm = { code: "Enter", key: "Enter", ctrlKey: true, bubbles: true, cancelable: true };
    for (let times = 0; times < 5; times++) document.body.dispatchEvent(new KeyboardEvent("keydown", confirm));
}"""
"""The browser's own, because a finger is quicker than a test on a busy machine."""


def test_a_key_pressed_many_times_confirms_one_receipt(desk: Desk, store: S3Store, operator: Operator) -> None:
    _three_receipts(desk, store)
    operator.open("/review")
    first = operator.receipt_on_desk()
    operator.page.evaluate(FIVE_TIMES)
    operator.is_confirmed(desk, first)
    operator.receipt_on_desk()
    assert desk.rows("SELECT COUNT(*) FROM receipt WHERE status = 'confirmed'") == [(1,)]


def test_a_held_enter_key_walks_nowhere_and_confirms_nothing(desk: Desk, store: S3Store, operator: Operator) -> None:
    _three_receipts(desk, store)
    operator.open("/review")
    operator.receipt_on_desk()
    operator.field("total_amount").focus()
    operator.page.keyboard.down("Enter")
    for _ in range(20):
        operator.page.keyboard.down("Enter")  # a key that is down already repeats
    operator.page.keyboard.up("Enter")
    operator.receipt_on_desk()
    assert desk.rows("SELECT COUNT(*) FROM receipt WHERE status = 'confirmed'") == [(0,)]


def test_a_receipt_whose_photo_is_not_shown_is_confirmed_only_after_asking(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    _three_receipts(desk, store)
    operator.page.route("**/photos/**", lambda route: route.fulfill(status=404))
    operator.open("/review")
    receipt = operator.receipt_on_desk()
    operator.press("Control+Enter")
    operator.sees("사진이 화면에 없습니다")
    assert desk.rows("SELECT COUNT(*) FROM receipt WHERE status = 'confirmed'") == [(0,)]
    operator.page.wait_for_timeout(600)
    operator.press("Control+Enter")
    operator.is_confirmed(desk, receipt)


def _three_receipts(desk: Desk, store: S3Store) -> None:
    for name in ("a", "b", "c"):
        store.put(f"ledger/{name}.jpg", PHOTO, "image/jpeg")
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(3,)])
