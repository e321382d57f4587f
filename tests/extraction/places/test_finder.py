"""Each field of a reading is found where it is printed, though OCR misread some of it, and missed where it is not."""

from __future__ import annotations

import datetime as dt
import math

import pytest

from ledger.extraction.look import Look, Quad
from ledger.extraction.places.finder import as_json, places_of
from ledger.receipt import Category, LineItem, Receipt
from tests.extraction.places.looks import look_at, place

DAY = dt.date(2026, 11, 2)
SHOP = (
    "멍멍마트 강남점",
    "서울 강남구 별솔로 00길 12",
    "전화 02-0000-0000",
    "거래일시 2026-11-02 18:42:07",
    "상품명|단가|수량|금액",
    "감자 말랭이|5,000|1|5,000",
    "황태 트릿|2,500|2|5,000",
    "합계|10,000",
    "신용카드|10,000",
    "승인 26/11/02",
)


def item(name: str | None, price: int | None = None, count: int | None = None) -> LineItem:
    return LineItem(name=name, price=price, count=count, category=Category.FOOD)


def receipt(*items: LineItem, total: int | None = None, date: dt.date | None = None, location: str = "") -> Receipt:
    return Receipt(date=date, location=location or None, items=items, total_amount=total)


def same(found: Quad | None, expected: Quad) -> bool:
    assert found is not None, "not found"
    return all(math.dist(a, b) < 1e-6 for a, b in zip(found, expected, strict=True))


def found_on(lines: tuple[str, ...], reading: Receipt) -> dict[str, Quad | None]:
    return places_of(reading, look_at(*lines))


# ---- All fields


def test_every_field_that_can_have_a_place_is_told_and_no_other() -> None:
    reading = receipt(item("감자 말랭이", 5000, 1), total=10_000, date=DAY, location="멍멍마트 강남점")
    found = found_on(SHOP, reading)
    assert list(found) == ["date", "location", "total_amount", "items.0.name", "items.0.price", "items.0.count"]


def test_what_is_not_on_the_photo_is_searched_and_not_found() -> None:
    reading = receipt(item("연어 사료", 77_700, 9), total=88_800, date=dt.date(2024, 1, 31), location="부산 해운대")
    assert set(found_on(SHOP, reading).values()) == {None}


def test_what_was_not_readable_is_not_searched() -> None:
    assert found_on(SHOP, receipt(item(None, 5000, None))).keys() == {"items.0.price"}


def test_on_a_photo_without_text_nothing_is_found() -> None:
    reading = receipt(item("감자 말랭이", 5000, 1), total=10_000, date=DAY, location="멍멍마트 강남점")
    assert set(places_of(reading, Look((), Receipt(), 1000, 800)).values()) == {None}


def test_places_are_stored_as_whole_pixels_with_the_size_of_the_picture() -> None:
    look = look_at("합계|10,000")
    stored = as_json({"total_amount": ((29.6, 0.2), (90, 0), (90, 30), (30, 30)), "date": None}, look)
    assert stored == {
        "size": [1000, 1000],
        "quarter_turns": 0,
        "fields": {"total_amount": [[30, 0], [90, 0], [90, 30], [30, 30]], "date": None},
    }


# ---- Items


def test_two_equal_prices_go_to_their_own_rows_and_not_to_the_unit_price() -> None:
    found = found_on(SHOP, receipt(item("감자 말랭이", 5000, 1), item("황태 트릿", 5000, 2)))
    assert same(found["items.0.price"], place(SHOP, 5, "5,000", last=True))
    assert same(found["items.1.price"], place(SHOP, 6, "5,000"))
    assert same(found["items.0.count"], place(SHOP, 5, "1"))
    assert same(found["items.1.count"], place(SHOP, 6, "2", last=True))  # its first 2 is the one of 2,500


def test_two_equal_items_go_to_their_own_rows() -> None:
    lines = ("생수|1,000|1|1,000", "생수|1,000|1|1,000")
    found = found_on(lines, receipt(item("생수", 1000, 1), item("생수", 1000, 1)))
    assert same(found["items.0.name"], place(lines, 0, "생수"))
    assert same(found["items.1.name"], place(lines, 1, "생수"))
    assert same(found["items.1.price"], place(lines, 1, "1,000", last=True))


def test_a_name_that_ocr_misread_by_a_jamo_is_found() -> None:
    lines = ("001 *검자 말랭이 l00g", "5,000|1|5,000")
    found = found_on(lines, receipt(item("감자 말랭이 100g", 5000, 1)))
    assert same(found["items.0.name"], place(lines, 0, "검자 말랭이 l00g"))
    assert same(found["items.0.price"], place(lines, 1, "5,000", last=True))


def test_a_name_over_two_lines_is_found_whole() -> None:
    lines = ("니트 가디건 /|22,000|2|44,000", " 레드 / 대형", "리본핀|3,000|1|3,000")
    found = found_on(lines, receipt(item("니트 가디건 / 레드 / 대형", 44_000, 2), item("리본핀", 3000, 1)))
    whole = ((0, 0), (80, 0), (80, 60), (0, 60))
    assert same(found["items.0.name"], whole)
    assert same(found["items.0.price"], place(lines, 0, "44,000"))
    assert same(found["items.1.price"], place(lines, 2, "3,000", last=True))


def test_an_item_that_is_not_printed_takes_nothing_from_its_neighbours() -> None:
    reading = receipt(item("감자 말랭이", 5000, 1), item("연어 사료", 9000, 1), item("황태 트릿", 5000, 2))
    found = found_on(SHOP, reading)
    assert [found["items.1.name"], found["items.1.price"], found["items.1.count"]] == [None, None, None]
    assert same(found["items.2.price"], place(SHOP, 6, "5,000"))


def test_a_price_with_one_digit_misread_is_found_beside_its_name() -> None:
    lines = ("감자 말랭이|1|5,900", "황태 트릿|2|6,400")
    found = found_on(lines, receipt(item("감자 말랭이", 5000, 1), item("황태 트릿", 6400, 2)))
    assert same(found["items.0.price"], place(lines, 0, "5,900"))


def test_a_price_of_an_unread_name_is_found_by_the_order_of_the_rows() -> None:
    found = found_on(SHOP, receipt(item(None, 5000), item("황태 트릿", 5000, 2)))
    assert same(found["items.0.price"], place(SHOP, 5, "5,000", last=True))


def test_a_discount_is_found_with_its_minus_sign() -> None:
    lines = ("감자 말랭이|1|5,000", "회원 할인|-1,000")
    found = found_on(lines, receipt(item("감자 말랭이", 5000, 1), item("회원 할인", -1000, 1)))
    assert same(found["items.1.price"], place(lines, 1, "-1,000"))


@pytest.mark.parametrize("printed", ["3개", "x3", "3 @ 8.99", "3EA", "3"])
def test_counts_are_found_in_all_their_forms(printed: str) -> None:
    lines = ("Potato Chews 8oz|26.97", f"  {printed}")
    found = found_on(lines, receipt(item("Potato Chews 8oz", 2697, 3)))
    assert same(found["items.0.count"], place(lines, 1, "3"))


def test_a_number_inside_a_name_is_no_count() -> None:
    lines = ("당근 3입|2,980",)
    assert found_on(lines, receipt(item("당근 3입", 2980, 3)))["items.0.count"] is None


# ---- Total


def test_the_total_is_on_its_own_line_and_not_on_the_cards() -> None:
    found = found_on(SHOP, receipt(total=10_000))
    assert same(found["total_amount"], place(SHOP, 7, "10,000"))


def test_the_total_of_an_only_item_is_not_the_items_amount() -> None:
    lines = ("전체미용|1|55,000", "합계|₩ 55,000", "받은 금액|55,000")
    found = found_on(lines, receipt(item("전체미용", 55_000, 1), total=55_000))
    assert same(found["items.0.price"], place(lines, 0, "55,000"))
    assert same(found["total_amount"], place(lines, 1, "55,000"))


def test_a_total_below_its_word_is_found() -> None:
    lines = ("감자|3,000", "결제금액", "3,000원", "거스름돈|3,000")
    assert same(found_on(lines, receipt(total=3000))["total_amount"], place(lines, 2, "3,000"))


def test_an_amount_with_another_digit_is_the_total_only_where_words_say_so() -> None:
    assert same(found_on(SHOP, receipt(total=19_000))["total_amount"], place(SHOP, 7, "10,000"))
    assert found_on(("감자|10,000", "당근|3,000"), receipt(total=19_000))["total_amount"] is None


def test_a_total_in_cents_is_found_with_its_decimals() -> None:
    lines = ("Subtotal|$56.72", "TOTAL|$56.72", "CARD|$56.72")
    assert same(found_on(lines, receipt(total=5672))["total_amount"], place(lines, 1, "56.72"))


def test_won_read_as_a_digit_does_not_hide_the_total() -> None:
    lines = ("소간 육포|8,800", "합계|55,9005")
    assert same(found_on(lines, receipt(total=55_900))["total_amount"], place(lines, 1, "55,900"))


# ---- Date


@pytest.mark.parametrize(
    "printed",
    ["2026-11-02", "26.11.02", "2026년 11월 2", "02/11/2026", "11/02/2026", "2 NOV 2026", "Nov 2, 2026", "20261102"],
)
def test_a_date_is_found_in_every_printed_form(printed: str) -> None:
    lines = ("멍멍마트", f"일시 {printed} 18:42")
    assert same(found_on(lines, receipt(date=DAY))["date"], place(lines, 1, printed))


def test_the_day_of_purchase_is_found_before_the_same_day_in_the_small_print() -> None:
    assert same(found_on(SHOP, receipt(date=DAY))["date"], place(SHOP, 3, "2026-11-02"))


def test_a_date_with_one_digit_misread_is_found_where_no_other_is_right() -> None:
    found = found_on(SHOP, receipt(date=dt.date(2026, 11, 3)))
    assert same(found["date"], place(SHOP, 3, "2026-11-02"))


# ---- Location


def test_address_and_shop_on_two_lines_are_one_place() -> None:
    found = found_on(SHOP, receipt(location="서울 강남구 별솔로 00길 12, 멍멍마트 강남점"))
    assert same(found["location"], ((0, 0), (170, 0), (170, 60), (0, 60)))


def test_a_label_before_the_address_is_not_part_of_it() -> None:
    lines = ("청구서", "사업장 소재지|: 부산 해운대구 파도소리로 00", "금액|3,000")
    found = found_on(lines, receipt(location="부산 해운대구 파도소리로 00, 1층"))
    assert same(found["location"], place(lines, 1, "부산 해운대구 파도소리로 00"))


def test_the_shop_named_again_far_below_does_not_stretch_the_place() -> None:
    lines = (*SHOP, "감사합니다", "멍멍마트 강남점")
    found = found_on(lines, receipt(location="서울 강남구 별솔로 00길 12, 멍멍마트 강남점"))
    assert same(found["location"], ((0, 0), (170, 0), (170, 60), (0, 60)))
