"""The receipt ahead is shown at once; whatever becomes of the decision behind it, nothing typed is lost."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import PHOTO, Desk
from tests.browser.operator import Operator


@pytest.fixture
def receipts(desk: Desk, store: S3Store, operator: Operator) -> int:
    """Three receipts, the first of them on the desk; its id."""
    for number in range(3):
        store.put(f"ledger/photo{number}.jpg", PHOTO + bytes(number), "image/jpeg")
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(3,)])
    operator.open("/review")
    found = operator.receipt_on_desk()
    operator.page.wait_for_function("document.querySelector('[data-receipt-id]').dataset.ahead")
    return found


def test_a_decision_that_comes_to_nothing_brings_its_receipt_back_and_keeps_what_was_typed_into_the_next(
    desk: Desk, operator: Operator, receipts: int
) -> None:
    operator.field("items.0.name").fill("감자 간식")
    operator.draft_is_saved()
    desk.kill()
    operator.press("Control+Enter")
    following = operator.receipt_on_desk()
    assert following != receipts, "the next receipt is there without a server"
    operator.field("items.0.name").fill("고구마 간식")
    operator.receipt_on_desk(receipts)
    operator.has("items.0.name", "감자 간식")
    operator.sees("아직 응답이 없습니다")
    desk.start()

    operator.is_connected()
    operator.receipt_on_desk(receipts)
    operator.press("Control+Enter")
    operator.is_confirmed(desk, receipts)
    operator.open(f"/review?receipt={following}")
    operator.receipt_on_desk(following)
    operator.has("items.0.name", "고구마 간식")
    operator.press("Control+Enter")
    operator.is_confirmed(desk, following)
    assert desk.rows("SELECT name FROM item WHERE name LIKE '%간식' ORDER BY id") == [("감자 간식",), ("고구마 간식",)]


def test_what_is_held_ahead_goes_to_who_has_nothing_else_to_do(
    desk: Desk, operator: Operator, colleague: Operator, receipts: int
) -> None:
    colleague.open("/review?operator=박지수")
    skipped = colleague.receipt_on_desk()
    colleague.press("Alt+ArrowRight")
    colleague.page.locator(f'.form[data-receipt-id]:not([data-receipt-id="{skipped}"])').wait_for()
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE claim_operator = '박지수' AND claimed_at IS NOT NULL", [(1,)])
    taken = colleague.receipt_on_desk()
    operator.field("location").fill("서울 은평구")
    operator.press("Control+Enter")
    operator.is_confirmed(desk, receipts)
    operator.receipt_on_desk(*({1, 2, 3} - {receipts, taken}))


def test_a_click_elsewhere_while_a_decision_is_carried_out_leaves_it_whole(
    desk: Desk, operator: Operator, receipts: int
) -> None:
    operator.page.evaluate("addEventListener('ledger:answered', ({ detail }) => (window.answered = detail))")
    with desk.database.engine.begin() as other:
        other.execute(sa.text("SELECT id FROM receipt WHERE id = :id FOR UPDATE"), {"id": receipts})
        operator.press("Control+Enter")
        operator.page.get_by_text("English").first.click()
        operator.page.wait_for_timeout(1000)
    operator.is_confirmed(desk, receipts)
    operator.page.wait_for_function("window.answered")
    assert operator.page.evaluate("window.answered") == {"back": False}
    operator.receipt_on_desk(*({2} if receipts == 1 else {1}))

    operator.press("Alt+z")
    desk.wait_for(f"SELECT status FROM receipt WHERE id = {receipts}", [("in_review",)])
    assert desk.rows(f"SELECT COUNT(*) FROM review WHERE receipt_id = {receipts}") == [(1,)]
