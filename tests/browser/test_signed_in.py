"""Behind a sign-in proxy: the header names the operator, and without it nobody works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import Desk, korean_tab
from tests.browser.operator import Operator
from tests.browser.test_pages import PHOTO

HEADER = "X-Forwarded-User"


@pytest.fixture
def signed_in(desk: Desk, browser: Browser) -> Iterator[Operator]:
    desk.kill()
    desk.env["LEDGER_OPERATOR_HEADER"] = HEADER
    desk.start()
    with korean_tab(browser, extra_http_headers={HEADER: "김서연"}) as tab:
        yield Operator(tab, desk.url)


def test_who_is_signed_in_is_who_decides_and_no_name_can_be_typed(
    desk: Desk, store: S3Store, signed_in: Operator
) -> None:
    store.put("ledger/a.jpg", PHOTO, "image/jpeg")
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(1,)])
    signed_in.open("/review?operator=somebody")
    receipt_id = signed_in.receipt_on_desk()
    expect(signed_in.page.get_by_text("김서연")).to_be_visible()
    assert signed_in.page.get_by_role("textbox", name="작업자").count() == 0
    signed_in.press("Control+Enter")
    signed_in.is_confirmed(desk, receipt_id)
    assert desk.rows("SELECT operator FROM review") == [("김서연",)]


def test_without_the_header_there_is_a_sentence_and_nothing_is_claimed(
    desk: Desk, store: S3Store, signed_in: Operator
) -> None:
    store.put("ledger/a.jpg", PHOTO, "image/jpeg")
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(1,)])
    signed_in.page.context.set_extra_http_headers({})
    signed_in.open("/review")
    signed_in.sees(HEADER)
    assert signed_in.page.locator(".form").count() == 0
    assert desk.rows("SELECT claim_operator FROM receipt") == [(None,)]
