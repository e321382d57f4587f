"""Two people, or one at two browsers, at the same receipts: nobody's text is written over, and nobody is left alone."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import PHOTO, RECEIPT, Desk
from tests.browser.operator import Operator

PHOTOS = Path(__file__).parents[2] / "samples/photos"
CLOCK_AN_HOUR_SLOW = "{ const now = Date.now; Date.now = () => now() - 3_600_000; }"


@pytest.fixture
def colleague(colleague: Operator) -> Operator:
    """Somebody else, at a computer whose clock is an hour slow."""
    colleague.page.add_init_script(CLOCK_AN_HOUR_SLOW)
    return colleague


@pytest.fixture
def receipt(desk: Desk, store: S3Store, operator: Operator) -> int:
    """A receipt on the operator's desk."""
    store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
    operator.open("/review")
    return operator.receipt_on_desk()


def open_too(colleague: Operator, receipt: int) -> None:
    colleague.open(f"/review?receipt={receipt}")
    colleague.receipt_on_desk(receipt)


def drafted_name(desk: Desk) -> str:
    [(document,)] = desk.rows("SELECT document FROM draft")
    return str(json.loads(document)["items"][0]["name"])


def run(desk: Desk, *statements: str) -> None:
    with desk.database.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def read_again(desk: Desk, name: str) -> None:
    """A newer reading, in which the first item has another name."""
    document = json.dumps({**RECEIPT, "items": [{**RECEIPT["items"][0], "name": name}]}, ensure_ascii=False)  # type: ignore[index]  # JSON
    columns = "receipt_id, engine, model, settings, etag, latency_ms, created_at"
    run(
        desk,
        f"INSERT INTO extraction ({columns}, document) SELECT {columns}, '{document}' FROM extraction LIMIT 1",
        "UPDATE receipt SET extraction_id = (SELECT MAX(id) FROM extraction)",
    )


def test_what_one_saved_is_not_written_over_by_another_who_did_not_see_it(
    desk: Desk, operator: Operator, colleague: Operator, receipt: int
) -> None:
    open_too(colleague, receipt)
    colleague.field("items.0.name").fill("감자")
    colleague.draft_is_saved()

    operator.field("items.0.name").fill("고구마")
    operator.sees("다른 창에서")
    assert drafted_name(desk) == "감자"

    operator.page.reload()
    operator.receipt_on_desk(receipt)
    operator.has("items.0.name", "감자")
    operator.page.get_by_role("button", name="내가 입력한 내용 사용").click()
    operator.has("items.0.name", "고구마")
    operator.draft_is_saved()
    assert drafted_name(desk) == "고구마"


def test_a_slow_clock_keeps_nobody_from_going_on_with_a_draft(
    desk: Desk, operator: Operator, colleague: Operator, receipt: int
) -> None:
    operator.field("items.0.name").fill("감자")
    operator.draft_is_saved()
    open_too(colleague, receipt)

    for name in ("고구마", "호박고구마"):
        colleague.field("items.0.name").fill(name)
        desk.wait_for(f"SELECT COUNT(*) FROM draft WHERE document LIKE '%\"{name}\"%'", [(1,)])
    colleague.draft_is_saved()


def test_a_receipt_that_somebody_else_closed_is_shown_with_who_did_and_the_next_is_offered(
    desk: Desk, operator: Operator, colleague: Operator, receipt: int
) -> None:
    open_too(colleague, receipt)
    colleague.press("Control+Enter")
    colleague.is_confirmed(desk, receipt)

    operator.field("items.0.name").fill("고구마")
    operator.sees("김하나 담당자가 처리했습니다")
    expect(operator.field("items.0.name")).to_be_disabled()
    operator.has("items.0.name", "검자 간식")
    assert "고구마" in operator.page.evaluate("JSON.stringify(localStorage)")
    operator.page.get_by_role("button", name="다음 영수증").click()
    operator.sees("지금 검수할 영수증이 없습니다")


def test_confirming_what_somebody_else_closed_shows_what_they_confirmed(
    desk: Desk, operator: Operator, colleague: Operator, receipt: int
) -> None:
    open_too(colleague, receipt)
    colleague.press("Control+Enter")
    colleague.is_confirmed(desk, receipt)

    operator.press("Control+Enter")
    operator.sees("김하나 담당자가 처리했습니다")
    assert desk.rows("SELECT COUNT(*) FROM review") == [(1,)]


def test_a_closed_receipt_leaves_the_desk_with_the_next_visit(
    desk: Desk, store: S3Store, operator: Operator, receipt: int
) -> None:
    operator.press("Control+Enter")
    operator.is_confirmed(desk, receipt)
    operator.open(f"/review?receipt={receipt}")
    operator.sees("김하나 담당자가 처리했습니다")
    store.put("ledger/second.jpg", PHOTO, "image/jpeg")
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(1,)])

    operator.page.get_by_role("link", name="접수함").first.click()
    operator.list_shows("멍멍마트 강남점")
    operator.page.get_by_role("link", name="검수").first.click()
    operator.receipt_on_desk(receipt + 1)


def test_text_of_another_photo_with_the_same_number_does_not_come_back(
    desk: Desk, operator: Operator, receipt: int
) -> None:
    desk.kill()
    operator.field("items.0.name").fill("감자")
    run(desk, f"UPDATE receipt SET object_hash = '{'0' * 64}'")
    desk.start()

    operator.page.reload()
    operator.receipt_on_desk(receipt)
    operator.has("items.0.name", "검자 간식")


def test_a_receipt_that_is_skipped_untouched_opens_with_its_newest_reading(
    desk: Desk, operator: Operator, receipt: int
) -> None:
    operator.press("Alt+ArrowRight")
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE skipped_at IS NOT NULL", [(1,)])
    assert desk.rows("SELECT COUNT(*) FROM draft") == [(0,)]

    read_again(desk, "감자 간식")
    operator.open(f"/review?receipt={receipt}")
    operator.receipt_on_desk(receipt)
    operator.has("items.0.name", "감자 간식")


def test_a_reading_that_comes_while_somebody_types_is_offered_and_taken_only_when_asked_for(
    desk: Desk, operator: Operator, receipt: int
) -> None:
    operator.field("items.0.name").fill("감자")
    operator.draft_is_saved()
    read_again(desk, "감자 간식")

    operator.field("location").fill("서울")
    operator.sees("사진이 다시 판독되었습니다")
    operator.has("items.0.name", "감자")
    operator.page.get_by_role("button", name="새 판독 결과 사용").click()
    operator.has("items.0.name", "감자 간식")
    desk.wait_for("SELECT COUNT(*) FROM draft", [(0,)])
    operator.has("location", RECEIPT["location"])  # type: ignore[arg-type]  # JSON


@pytest.mark.parametrize("typed", [False, True])
def test_the_first_reading_of_a_receipt_on_the_desk_is_noticed(
    desk: Desk, operator: Operator, receipt: int, typed: bool
) -> None:
    run(desk, "UPDATE receipt SET extraction_id = NULL")
    operator.open(f"/review?receipt={receipt}")
    operator.receipt_on_desk(receipt)
    operator.has("items.0.name", "")
    if typed:
        operator.field("items.0.name").fill("감자")
        operator.draft_is_saved()
    read_again(desk, "감자 간식")

    operator.page.get_by_text("English").first.click()
    if typed:
        operator.has("items.0.name", "감자")
        operator.page.get_by_role("button", name="Use the new reading").click()
    operator.has("items.0.name", "감자 간식")
    operator.field("location").fill("서울")
    operator.confirm_over_warnings()  # the sum differs
    operator.is_confirmed(desk, receipt)
    assert desk.rows("SELECT extraction_id FROM review") == desk.rows("SELECT MAX(id) FROM extraction")


def test_a_photo_replaced_under_a_text_is_shown_before_it_is_confirmed(
    desk: Desk, store: S3Store, operator: Operator, receipt: int
) -> None:
    operator.field("items.0.name").fill("감자")
    operator.draft_is_saved()
    other = next(path for path in sorted(PHOTOS.glob("*.jpg")) if path.stem != "멍멍마트 강남점")
    store.put("ledger/photo.jpg", other.read_bytes(), "image/jpeg")
    desk.wait_for("SELECT COUNT(*) FROM extraction", [(2,)])

    operator.press("Control+Enter")
    operator.sees("사진이 바뀌었습니다")
    operator.has("items.0.name", "감자")
    assert desk.rows("SELECT COUNT(*) FROM review") == [(0,)]
    operator.receipt_on_desk(receipt)
    operator.press("Control+Enter")
    operator.is_confirmed(desk, receipt)


def test_a_confirm_pressed_again_before_its_answer_came_is_one_confirm(
    desk: Desk, operator: Operator, receipt: int
) -> None:
    assert desk.process is not None
    os.kill(desk.process.pid, signal.SIGSTOP)
    operator.press("Control+Enter")
    operator.page.get_by_text("아직 응답이 없습니다").wait_for()
    operator.press("Control+Enter")
    os.kill(desk.process.pid, signal.SIGCONT)

    operator.is_confirmed(desk, receipt)
    operator.sees("지금 검수할 영수증이 없습니다")
    assert desk.rows("SELECT COUNT(*) FROM review") == [(1,)]
