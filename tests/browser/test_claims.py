"""A receipt belongs to who opened it: others see it, may take it over, and the list's filter goes along to the next."""

from __future__ import annotations

from playwright.sync_api import expect

from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import PHOTO, RECEIPT, Desk
from tests.browser.operator import Operator
from tests.openai_standin import StandIn

HOLDER = "SELECT claim_operator, claim_until IS NULL FROM receipt WHERE id = {}"


def test_a_receipt_is_taken_over_let_go_of_and_gone_on_with_and_no_text_is_lost(
    desk: Desk, store: S3Store, operator: Operator, colleague: Operator
) -> None:
    store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
    operator.open("/review")
    receipt = operator.receipt_on_desk()
    operator.field("items.0.name").fill("감자")
    operator.draft_is_saved()

    colleague.open(f"/review?receipt={receipt}&operator=이두리")
    colleague.page.get_by_text("김하나 담당자가 이 영수증을 검수하고 있습니다").wait_for()
    expect(colleague.field("items.0.name")).to_be_disabled()
    colleague.page.get_by_role("button", name="넘겨받기").click()
    colleague.page.get_by_role("dialog").get_by_role("button", name="넘겨받기").click()
    desk.wait_for(HOLDER.format(receipt), [("이두리", 0)])
    colleague.receipt_on_desk(receipt)
    colleague.has("items.0.name", "감자")

    operator.field("items.0.name").fill("고구마")
    operator.page.get_by_text("이두리 담당자가 이 영수증을 넘겨받았습니다").wait_for()
    operator.has("items.0.name", "고구마")
    expect(operator.field("items.0.name")).to_be_disabled()

    colleague.page.close(run_before_unload=True)
    desk.wait_for(HOLDER.format(receipt), [("이두리", 1)])
    operator.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    operator.page.get_by_role("button", name="여기에서 계속하기").click()
    desk.wait_for(HOLDER.format(receipt), [("김하나", 0)])
    expect(operator.field("items.0.name")).to_be_enabled(timeout=20_000)
    operator.receipt_on_desk(receipt)
    operator.has("items.0.name", "고구마")
    operator.press("Control+Enter")
    operator.is_confirmed(desk, receipt)
    assert desk.rows("SELECT name FROM item ORDER BY id LIMIT 1") == [("고구마",)]


def test_a_filter_goes_along_from_the_list_to_the_next_receipt_until_it_is_taken_away(
    desk: Desk, store: S3Store, operator: Operator, standin: StandIn
) -> None:
    for number, place in enumerate(("달빛 애견미용", "멍멍마트 강남점", "별빛24 새솔점", "멍멍마트 역삼점"), 1):
        standin.answer = {**RECEIPT, "location": place}
        store.put(f"ledger/{number}.jpg", PHOTO, "image/jpeg")
        desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(number,)])
    operator.open("/inbox")
    operator.list_shows("달빛 애견미용")
    operator.press("/")
    operator.page.keyboard.type("멍멍마트")
    expect(operator.page.locator(".list .line")).to_have_count(2)
    operator.page.reload()
    operator.line("멍멍마트 강남점").locator(".place").click()
    first = operator.receipt_on_desk()
    operator.page.get_by_role("button", name="필터: 멍멍마트").wait_for()

    operator.press("Control+Enter")
    operator.is_confirmed(desk, first)
    second = operator.receipt_on_desk()
    operator.has("location", "멍멍마트 역삼점")
    operator.press("Control+Enter")
    operator.is_confirmed(desk, second)
    operator.page.get_by_role("button", name="검수 대기 모두 보기").click()
    operator.receipt_on_desk()
    assert desk.rows("SELECT COUNT(*) FROM receipt WHERE status = 'confirmed'") == [(2,)]

    operator.page.get_by_role("link", name="접수함").first.click()
    operator.page.get_by_text("검색과 조건에 맞는 영수증이 없습니다").wait_for()  # as the list was left
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE claim_until IS NOT NULL AND status = 'in_review'", [(0,)])
