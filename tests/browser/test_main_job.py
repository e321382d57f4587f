"""A photo in the bucket becomes a confirmed row, through a person, by keyboard alone."""

from __future__ import annotations

import datetime as dt

from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import PHOTO, RECEIPT, Desk
from tests.browser.operator import Operator
from tests.openai_standin import StandIn


def test_a_photo_in_the_bucket_becomes_a_ledger_row_by_keyboard_alone(
    desk: Desk, store: S3Store, operator: Operator, standin: StandIn
) -> None:
    operator.open("/inbox")
    store.put("ledger/1f0c-멍멍마트 #1+%20.jpg", PHOTO, "image/jpeg", member_id="42")
    operator.list_shows("멍멍마트 강남점")
    assert "멍멍마트 #1+%20.jpg" in (operator.line("멍멍마트").locator(".place").get_attribute("title") or "")
    operator.press("Tab")
    operator.focus_by_tab_on(".line")
    operator.press("Enter")
    receipt = operator.receipt_on_desk()

    operator.focus_by_tab("items.0.name")
    operator.press("Control+a")
    operator.compose("ㄱ", "가", "감", "감ㅈ", "감자", commit="감자 간식")
    operator.press("Control+Enter")

    operator.sees("지금 검수할 영수증이 없습니다")
    assert desk.rows("SELECT memberId, location, date FROM ledger") == [
        ("42", RECEIPT["location"], dt.date(2026, 11, 20))
    ]
    assert desk.rows("SELECT name, price, quantity, category FROM item ORDER BY id") == [
        ("감자 간식", 9000, 2, "식비"),
        ("배변 패드", 12900, 1, "용품"),
    ]
    corrected = """
        SELECT c.receipt_id, c.field, c.model_value, c.human_value, e.model, e.temperature, e.prompt_version, r.operator
        FROM correction c JOIN extraction e ON e.id = c.extraction_id JOIN review r ON r.id = c.review_id
    """
    [row] = desk.rows(corrected)
    assert row[:6] == (receipt, "item.name", '"검자 간식"', '"감자 간식"', "gpt-4o", 0.2)
    assert row[6].startswith("receipt-v1@")
    assert row[7] == "김하나"
    assert standin.requests[0].body["temperature"] == 0.2

    operator.focus_by_tab_on('a[href$="/confirmed"]')
    operator.press("Enter")
    operator.table_shows("멍멍마트 강남점")
    operator.open("/inbox?list=confirmed")
    operator.list_shows("멍멍마트 강남점")
    operator.open("/corrections?part=each")
    operator.table_shows("감자 간식")

    # The same slip at the same shop takes two keys from then on: what it is a slip of, and the decision.
    store.put("ledger/2b7d-멍멍마트.jpg", PHOTO + b"again", "image/jpeg")
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(1,)])
    operator.open("/review")
    again = operator.receipt_on_desk()
    operator.sees("이 가게에서는 '감자 간식' 이름이 1번 확정되었습니다.")
    operator.press("Alt+1")
    operator.press("Control+Enter")
    operator.is_confirmed(desk, again)
    assert desk.rows("SELECT name, times FROM shop_item ORDER BY name") == [("감자 간식", 2), ("배변 패드", 2)]
