"""What an operator finds on the pages around the review."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import Desk
from tests.browser.operator import Operator
from tests.openai_standin import StandIn

SAMPLES = Path(__file__).parents[2] / "samples/photos"
PHOTO = (SAMPLES / "vet_haneulbit.jpg").read_bytes()


def test_uploaded_photos_are_read_and_open_in_review_by_themselves(desk: Desk, operator: Operator) -> None:
    operator.open("/inbox")
    operator.page.get_by_role("button", name="사진 업로드").click()
    good, bad = SAMPLES / "우리 동네 공원.jpg", {"name": "빈 사진.jpg", "mimeType": "image/jpeg", "buffer": b""}
    operator.page.locator('input[type="file"]').set_input_files(
        [{"name": good.name, "mimeType": "image/jpeg", "buffer": good.read_bytes()}, bad]  # type: ignore[list-item]  # file payloads
    )
    operator.page.get_by_role("button", name="업로드 후 판독").click()
    operator.sees("빈 사진.jpg")
    operator.sees("빈 파일")
    operator.open("/review")
    operator.receipt_on_desk()
    operator.sees("우리 동네 공원.jpg")


def test_skipping_keeps_the_draft_and_brings_the_receipt_back_last_and_postponing_takes_it_away_for_a_time(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    for name in ("a", "b"):
        store.put(f"ledger/{name}.jpg", PHOTO, "image/jpeg")
    desk.wait_for("SELECT COUNT(*) FROM receipt WHERE status = 'extracted'", [(2,)])
    operator.open("/review")
    first = operator.receipt_on_desk()
    operator.field("location").fill("여기까지 적었다")
    operator.press("Alt+ArrowRight")
    second = operator.receipt_on_desk(3 - first)
    operator.press("Control+Enter")
    operator.is_confirmed(desk, second)
    operator.receipt_on_desk(first)
    operator.has("location", "여기까지 적었다")

    operator.press("Alt+p")
    operator.press("Enter")
    desk.wait_for(f"SELECT postponed_until > UTC_TIMESTAMP() FROM receipt WHERE id = {first}", [(1,)])

    operator.open(f"/review?receipt={first}")
    operator.receipt_on_desk(first)
    operator.field("location").fill("더 적었다")
    operator.press("Alt+l")
    operator.page.wait_for_url("**/inbox*")
    assert "더 적었다" in str(desk.rows("SELECT document FROM draft"))


def test_categories_of_confirmed_items_are_changed_in_bulk_and_each_change_is_a_correction(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    _confirm_one(desk, store, operator)
    operator.open("/confirmed")
    operator.table_shows("멍멍마트 강남점")
    operator.page.get_by_role("tab", name="품목").click()
    table = operator.page.get_by_test_id("stDataFrame").last
    table.locator('[data-testid^="glide-cell"]', has_text="검자 간식").first.wait_for(state="attached")
    operator.edit_cell(table, column=3, row=0, text="감자 간식")
    operator.page.get_by_role("button", name=re.compile("1.*저장|저장.*1")).click()
    desk.wait_for("SELECT name FROM item ORDER BY id LIMIT 1", [("감자 간식",)])
    assert desk.rows("SELECT field, model_value, human_value, previous_value FROM correction") == [
        ("item.name", '"검자 간식"', '"감자 간식"', '"검자 간식"')
    ]


def test_confirmed_receipts_are_searched_and_taken_along(desk: Desk, store: S3Store, operator: Operator) -> None:
    _confirm_one(desk, store, operator)
    operator.open("/confirmed")
    with operator.page.expect_download() as download:
        operator.page.get_by_role("button", name="CSV", exact=True).click()
    text = Path(download.value.path()).read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert "검자 간식" in text.decode("utf-8-sig")
    search = operator.page.get_by_role("textbox", name=re.compile("검색"))
    search.fill("없는 가게")
    search.press("Enter")
    operator.sees("조건에 맞는 확정 영수증이 없습니다")


def test_the_language_switch_keeps_the_receipt_and_what_was_typed(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
    operator.open("/review")
    receipt = operator.receipt_on_desk()
    operator.field("location").fill("적던 글")
    operator.page.get_by_role("radio", name="English").click()
    expect(operator.page.get_by_role("button", name=re.compile("Confirm.*Ctrl"))).to_be_visible()
    assert operator.receipt_on_desk() == receipt
    operator.has("location", "적던 글")
    operator.page.reload()
    expect(operator.page.get_by_role("button", name=re.compile("Confirm.*Ctrl"))).to_be_visible()


def test_on_a_laptop_the_form_begins_below_two_lines_however_long_the_photos_name_is(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    name = "카카오톡_20261120_아주 긴 이름을 가진 영수증 사진 2026년 11월 20일.jpg"
    store.put(f"ledger/{name}", PHOTO, "image/jpeg")
    desk.wait_for("SELECT status FROM receipt", [("extracted",)])
    operator.page.set_viewport_size({"width": 1280, "height": 720})
    operator.open("/review?q=강남구")
    operator.receipt_on_desk()
    box = operator.page.locator(".form").bounding_box()
    assert box is not None
    assert box["y"] <= 110
    assert operator.page.locator(f'.facts [title="{name}"]').first.inner_text()
    expect(operator.page.get_by_role("radio", name="English")).to_be_in_viewport(ratio=1)
    expect(operator.page.get_by_text("판독: gpt-4o")).to_be_visible()


def test_photos_come_upright_from_one_stable_address(desk: Desk, store: S3Store, operator: Operator) -> None:
    store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
    operator.open("/review")
    receipt = operator.receipt_on_desk()
    picture = operator.page.locator('.viewer[data-state="shown"] img')
    picture.wait_for()
    address = picture.get_attribute("src") or ""
    assert f"/photos/{receipt}?" in address
    width, height = picture.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert height > width, "the sample lies on its side and carries EXIF orientation 6"
    operator.page.reload()
    picture.wait_for()
    assert picture.get_attribute("src") == address


def test_the_first_address_asked_of_a_new_server_goes_through_the_guard(desk: Desk, operator: Operator) -> None:
    desk.kill()
    desk.ready_path = "/_stcore/health"
    desk.start_module("ledger")
    operator.open("/confirmed")
    operator.sees("확정")
    expect(operator.page.get_by_role("radio", name="English")).to_be_visible()


def test_a_receipt_that_does_not_exist_is_said(desk: Desk, operator: Operator) -> None:
    operator.open("/review?receipt=4711")
    operator.sees("4711")
    assert desk.get(desk.photo_path(4711))[0] == 404
    assert desk.get("/photos/4711")[0] == 401


def _confirm_one(desk: Desk, store: S3Store, operator: Operator) -> None:
    store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
    operator.open("/review")
    receipt = operator.receipt_on_desk()
    operator.press("Control+Enter")
    operator.is_confirmed(desk, receipt)


def test_a_receipt_confirmed_unchanged_has_no_correction(
    desk: Desk, store: S3Store, operator: Operator, standin: StandIn
) -> None:
    _confirm_one(desk, store, operator)
    assert desk.rows("SELECT COUNT(*) FROM correction") == [(0,)]
    assert len(standin.requests) == 1
