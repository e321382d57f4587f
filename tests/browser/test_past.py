"""What was decided is undone by key, what happened is told, and a copy of a photo is shown beside the first one."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import PHOTO, Desk
from tests.browser.operator import Operator
from tests.factories import smaller

DIALOG = '[data-testid="stDialog"]'

FOCUSED = "document.querySelector('[data-receipt-id]')?.shadowRoot?.activeElement?.dataset.field"
"""The field of the form that has the focus."""


def test_a_copy_is_rejected_beside_its_original_and_both_decisions_are_undone(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    store.put("ledger/1.jpg", PHOTO, "image/jpeg")
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(1,)])
    store.put("ledger/2.jpg", smaller(PHOTO), "image/jpeg")
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(2,)])
    operator.open("/review?receipt=1")
    operator.receipt_on_desk(1)
    operator.field("items.0.name").fill("감자")
    operator.draft_is_saved()
    operator.press("Control+Enter")
    operator.is_confirmed(desk, 1)

    operator.receipt_on_desk(2)
    operator.sees("1번 영수증과 중복일 수 있음")
    operator.press("Alt+d")
    dialog = operator.page.locator(DIALOG)
    expect(dialog.locator("img")).to_have_count(2)
    dialog.get_by_role("button", name="중복으로 반려").click()
    desk.wait_for("SELECT reason, reason_text FROM review WHERE receipt_id = 2", [("duplicate", "#1")])
    operator.page.get_by_role("button", name="되돌리기").click()
    operator.page.locator('[data-testid="stPopoverBody"]').get_by_role("button", name="되돌리기").first.click()
    operator.receipt_on_desk(2)
    operator.press("Alt+z")
    operator.receipt_on_desk(1)
    operator.has("items.0.name", "감자")
    operator.press("Alt+z")
    operator.sees("되돌릴 결정이 더 없습니다")
    operator.press("Alt+h")
    expect(dialog).to_contain_text("되돌림")
    expect(dialog.locator("tr", has_text="1행 품목")).to_contain_text(re.compile(r"→ 감자 \(김하나\)"))
    operator.press("Escape")
    operator.page.wait_for_function(FOCUSED)  # where it was before
    operator.press("Control+Enter")
    operator.is_confirmed(desk, 1)
    assert desk.rows("SELECT COUNT(*) FROM ledger") == [(1,)]
    operator.open("/confirmed")
    operator.page.locator('[data-testid="stDataFrame"]').first.click(position={"x": 15, "y": 50})
    operator.page.get_by_role("button", name="다시 열기").click()
    operator.page.get_by_role("button", name="1번 영수증 다시 열기").click()
    operator.receipt_on_desk(1)
    operator.has("items.0.name", "감자")
    assert desk.rows("SELECT COUNT(*) FROM ledger") == [(0,)]
