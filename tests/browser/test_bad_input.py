"""Whatever arrives: one clear sentence on the screen, nothing lost, and the queue goes on."""

from __future__ import annotations

import io
import json
from pathlib import Path

from mypy_boto3_s3 import S3Client
from PIL import Image
from playwright.sync_api import expect

from ledger.checks import SUM_DIFFERS
from ledger.inbox.s3_store import S3Store
from tests.browser.conftest import Desk
from tests.browser.operator import Operator
from tests.openai_standin import ContentFilter, Length, Refusal, Says, StandIn, Status
from tests.openai_standin.outcomes import Outcome

PHOTO = (Path(__file__).parents[2] / "samples/photos/cafe_dalmong.jpg").read_bytes()


def _bomb() -> bytes:
    """200 megapixels of white, a few hundred kilobytes as a file."""
    file = io.BytesIO()
    Image.new("1", (20_000, 10_000), 1).save(file, "PNG")
    return file.getvalue()


def _gif() -> bytes:
    file = io.BytesIO()
    Image.new("P", (30, 30)).save(file, "GIF")
    return file.getvalue()


BAD_PHOTOS = {
    "empty.jpg": (b"", "빈 파일"),
    "text.jpg": (b"milk 1,000\nbread 2,000\n", "사진 파일이 아닙니다"),
    "truncated.jpg": (PHOTO[:20_000], "끊겨"),
    "bomb.png": (_bomb(), "메가픽셀"),
    "moving.gif": (_gif(), "GIF"),
}


def test_bad_photos_are_named_with_their_reason_and_the_good_one_is_read(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    for name, (data, _) in BAD_PHOTOS.items():
        store.put(f"ledger/{name}", data, "image/jpeg")
    store.put("ledger/zz-good.jpg", PHOTO, "image/jpeg")
    operator.open("/inbox?list=failed")
    for name, (_, reason) in BAD_PHOTOS.items():
        operator.list_shows(name)
        expect(operator.line(name)).to_contain_text(reason)
    operator.open("/review")
    operator.sees("zz-good.jpg")
    operator.receipt_on_desk()


FAILURES: dict[str, list[Outcome]] = {
    "I can't help with that.": [Refusal("I can't help with that.")],
    "잘렸습니다": [Length(), Length()],  # also with twice the room
    "콘텐츠": [ContentFilter()],
    "JSON": [Says("not json")],
    "형식": [Says('{"date": 1}')],
    "크레딧": [Status(429, code="insufficient_quota")],  # the last one, as no other photo is tried for a while then
}
"""What a service may say in place of a receipt, by what the operator is told of it."""


def test_a_reading_that_fails_says_why_and_can_be_typed_by_hand(
    desk: Desk, store: S3Store, operator: Operator, standin: StandIn
) -> None:
    for number, outcomes in enumerate(FAILURES.values(), 1):  # one after the other, as the answers come
        standin.then(*outcomes)
        store.put(f"ledger/{number}.jpg", PHOTO, "image/jpeg")
        desk.wait_for(f"SELECT status FROM receipt WHERE id = {number}", [("failed",)])
    operator.open("/inbox?list=failed")
    operator.list_shows(*FAILURES)
    operator.sees("새 사진의 판독을 쉬고 있습니다")
    operator.open(f"/review?receipt={number}")
    receipt = operator.receipt_on_desk(number)
    operator.sees(list(FAILURES)[-1])

    operator.field("date").fill("2026-11-20")
    operator.field("total_amount").fill("4,500원")
    operator.confirm_over_warnings()  # there is no item
    operator.is_confirmed(desk, receipt)
    assert desk.rows("SELECT COUNT(*) FROM correction") == [(0,)]


def test_a_photo_deleted_after_it_was_listed_is_said_and_the_form_still_works(
    desk: Desk, store: S3Store, operator: Operator, s3_client: S3Client, s3_bucket: str
) -> None:
    store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
    desk.wait_for("SELECT status FROM receipt", [("extracted",)])
    s3_client.delete_object(Bucket=s3_bucket, Key="ledger/photo.jpg")
    operator.open("/review")
    receipt = operator.receipt_on_desk()
    operator.sees("저장소에")
    assert desk.get(desk.photo_path(receipt))[0] == 404
    operator.press("Alt+x")
    operator.press("2")
    operator.press("Enter")
    operator.sees("지금 검수할 영수증이 없습니다")
    assert desk.rows("SELECT decision, reason FROM review") == [("rejected", "unreadable")]


def test_fields_that_hold_no_date_and_no_number_are_refused_in_place(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
    operator.open("/review")
    receipt = operator.receipt_on_desk()
    operator.field("items.0.price").fill("12a34")
    operator.field("date").fill("2026-13-45")
    operator.press("Control+Enter")
    operator.sees("12a34")
    operator.sees("2026-13-45")
    assert desk.rows("SELECT COUNT(*) FROM ledger") == [(0,)]

    operator.field("items.0.price").fill("1,234")
    operator.field("date").fill("2026.11.20")
    operator.field("note").fill("쿠폰 사용")
    operator.confirm_over_warnings()  # the sum differs
    operator.is_confirmed(desk, receipt)
    [(warnings, reason, note)] = desk.rows("SELECT warnings, reason, note FROM review")
    assert json.loads(warnings) == [{"sentence": SUM_DIFFERS, "fields": {"amount": "7,766"}}]
    assert (reason, note) == ("as_printed", "쿠폰 사용")
    assert desk.rows("SELECT price FROM item ORDER BY id LIMIT 1") == [(1234,)]


def test_a_picture_that_is_no_receipt_is_said(desk: Desk, store: S3Store, operator: Operator, standin: StandIn) -> None:
    standin.answer = {"date": "읽을 수 없음", "location": "읽을 수 없음", "items": [], "total_amount": -1}
    store.put("ledger/dog.jpg", PHOTO, "image/jpeg")
    operator.open("/review")
    operator.receipt_on_desk()
    operator.sees("영수증을 찾지 못했습니다")


def test_wrong_keys_of_the_store_are_said_and_photos_are_taken_in_once_they_are_right(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    store.put("ledger/photo.jpg", PHOTO, "image/jpeg")
    right = dict(desk.env)
    desk.kill()
    desk.env = right | {"AWS_SECRET_ACCESS_KEY": "wrong-secret", "LEDGER_WATCH_SECONDS": "0"}
    desk.start()
    operator.open("/inbox")
    operator.page.get_by_role("button", name="새 사진").click()
    operator.sees("AWS_SECRET_ACCESS_KEY")
    desk.kill()
    desk.env = right
    desk.start()
    operator.open("/review")
    operator.receipt_on_desk()


def test_a_database_that_is_away_at_the_start_is_said_and_the_desk_goes_on_once_it_is_back(
    desk: Desk, operator: Operator
) -> None:
    right = dict(desk.env)
    desk.kill()
    desk.env = right | {"LEDGER_DATABASE_URL": "mysql+pymysql://root:geheim@127.0.0.1:1/ledger"}
    desk.ready_path = "/_stcore/health"
    desk.start()
    operator.open("/inbox")
    operator.sees("데이터베이스가 응답하지 않습니다")
    assert "geheim" not in operator.page.content()
    assert "Traceback" not in operator.page.content()
