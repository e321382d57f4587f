"""Korean receipts as rows of cells, in the shapes that shops print; misreadings as OCR gave them."""

from __future__ import annotations

from ledger.extraction.offline.korean_item_rows import tidy_name
from ledger.extraction.offline.korean_items import read_items
from ledger.extraction.offline.korean_place import read_location
from ledger.extraction.offline.korean_total import read_total
from ledger.extraction.offline.layouts import read_layout
from ledger.extraction.offline.rows import Row
from ledger.receipt import Category


def rows(*lines: str) -> list[Row]:
    """Rows written as `cell | cell`."""
    return [Row.of(line.split(" | ")) for line in lines]


def read(*lines: str) -> tuple[list[tuple[str | None, int | None, int | None]], int | None]:
    page = rows(*lines)
    table = read_items(page)
    return [(item.name, item.price, item.count) for item in table.items], read_total(page, table)


def test_names_above_their_numbers() -> None:
    items, total = read(
        "상품명 | 단가 | 수량 | 금맥",
        "기모 퍼피 티셔츠/핑크/M",
        "16,000 | 1 | 16.000",
        "리본/레드/L",
        "18,000 | 2 | 36.000",
        "판매량 | 3 | 판매맥: | 52.000",
        "합산량: | 3 | 합산액: | 52.000",
        "전기 잔액: | 60,000",
        "최종잔액: | 112.000",
    )

    assert items == [("기모 퍼피 티셔츠/핑크/M", 16000, 1), ("리본/레드/L", 36000, 2)]
    assert total == 52000  # the balance is larger, but the items come to this


def test_discounts_between_items_are_no_items() -> None:
    items, total = read(
        "항목 | 단가 | 수량 | 금액",
        "*스케일링",
        "217,000 | 1 | 217,000",
        "할인 | -15,000",
        "*내복약(5kg 이하)",
        "3,300 | 5 | 16,500",
        "합 | 계 | 233,500",
        "할인/할증 | -15,000",
        "소 | 계 | 218,500",
        "청구금액 : 218,500",
    )

    assert items == [("스케일링", 217000, 1), ("내복약(5kg 이하)", 16500, 5)]
    assert total == 218500


def test_discounts_below_the_table_are_taken_off() -> None:
    _, total = read(
        "상품명 | 단가 | 수량 | 금액",
        "001 양배추",
        "3,480 | 1 | 3,480",
        "002 한우 잡뼈",
        "9,900 | 2 | 19,800",
        "총 구매금액 | 23,280",
        "카드사 할인 | -2,000",
        "결세금액 | 21,280",
    )

    assert total == 21280


def test_a_vet_bill_begins_at_the_pets_name() -> None:
    page = rows(
        "날 | : 2021-06-13",
        "[ 동물명 : 뚱이 ]",
        "41 0 | 진료(47,000)",
        "진료비 (휴일) | 1 | 11,000",
        "내장칩 삽입 | 1 | 36,000",
        "*표시가 되어 있는 항목은 비과세 입니다.",
        "총금액: | 47,000",
    )

    table = read_items(page)

    assert [(item.name, item.price, item.count, item.category) for item in table.items] == [
        ("진료비 (휴일)", 11000, 1, Category.MEDICAL),
        ("내장칩 삽입", 36000, 1, Category.MEDICAL),
    ]
    assert read_total(page, table) == 47000


def test_a_name_that_goes_on_below_its_numbers() -> None:
    items, _ = read(
        "상품명 | 단가 | 수량 | 금액",
        "후드 티셔츠 / | 18,000 | 1 | 18,000",
        "베이지 / L",
        "리본핀 | 3,000 | 4 | 12,000",
        "합계 | 30,000",
    )

    assert items == [("후드 티셔츠 / 베이지 / L", 18000, 1), ("리본핀", 12000, 4)]


def test_a_count_that_was_not_read_is_none() -> None:
    items, _ = read("품목 | 수량 | 금액", "처치 | 11,000", "사료 | 2 | 9,000", "합계 | 20,000")

    assert items == [("처치", 11000, None), ("사료", 9000, 2)]


def test_the_total_is_never_a_sum_of_our_own() -> None:
    items, total = read("품목 | 단가 | 수량 | 금액", "사료 | 4,500 | 2 | 9,000", "간식 | 3,000 | 1 | 3,000")

    assert len(items) == 2
    assert total is None


def test_the_price_of_an_only_item_is_no_total() -> None:
    assert read("품목 | 단가 | 수량 | 금액", "사료 | 4,500 | 2 | 9,000") == ([("사료", 9000, 2)], None)
    assert read("품목 | 수량 | 금액", "사료 | 2 | 9,000", "합게 | 9,000") == ([("사료", 9000, 2)], 9000)


def test_a_number_without_word_or_arithmetic_is_no_total() -> None:
    assert read("안녕하세요", "반갑습니다 | 1,200", "끝") == ([], None)


def test_a_table_without_headings_begins_with_the_first_priced_row() -> None:
    items, total = read("달몽카페", "아메리카노 | 5,500 | 2 | 11,000", "쿠키 | 7,200 | 1 | 7,200", "합계 | 18,200원")

    assert items == [("아메리카노", 11000, 2), ("쿠키", 7200, 1)]
    assert total == 18200


def test_a_total_is_not_less_than_one_of_its_items() -> None:
    _, total = read(
        "품목 | 수량 | 금액", "처치 | 1 | 11,000", "수술 | 1 | 25,000", "결제금액합계 | 4,272", "청구 | 36,500"
    )

    assert total != 4272


def test_a_sum_in_brackets_is_told_aside() -> None:
    items, _ = read("[ 동물명 : 뚱이 ]", "41 0 | 진. | 료 | (47,000)", "진료비 | 1 | 47,000", "청구금액 | 47,000")

    assert items == [("진료비", 47000, 1)]


def test_names_are_tidied() -> None:
    assert tidy_name(["001 *햇감자", "2kg"]) == "햇감자 2kg"
    assert tidy_name(["검사(X-", "ray)"]) == "검사(X-ray)"
    assert tidy_name([" . "]) is None


def test_address_and_shop_are_found_by_their_labels() -> None:
    page = rows("병 원 명 : 이서동물병원", "소재지 : 대구광역시 달서구 구", "마로 243", "전화 : 053-719-0205")

    assert read_location(page, None) == "대구광역시 달서구 구마로 243, 이서동물병원"


def test_labels_without_a_colon_are_understood() -> None:
    assert read_location(rows("영 수 증", "상 호 | 달빛 애견미용", "주 소 | 대전 유성구 은하로 7"), 3) == (
        "대전 유성구 은하로 7, 달빛 애견미용"
    )


def test_a_shop_without_label_is_the_plain_line_of_the_head() -> None:
    page = rows(
        "**** 판매 영수증 ****", "No:6", "완짱매장", "전화번호: 010-0000-0000", "중구 영창상가 3층 46호", "상품명"
    )

    assert read_location(page, 5) == "중구 영창상가 3층 46호, 완짱매장"


def test_nothing_read_is_no_location() -> None:
    assert read_location(rows("영수증", "02-0000-0000"), None) is None


def test_a_page_without_money_is_no_receipt() -> None:
    assert read_layout(rows("오늘의 공원", "2024-11-13", "산책로", "화장실"), hangul=True).receipt.is_blank


def test_without_hangul_there_are_no_names_and_no_place() -> None:
    page = rows("HAPPY PET", "2024-11-13", "16,000 | 1 | 16,000", "18,000 | 2 | 36,000", "52,000", "52,000")

    receipt = read_layout(page, hangul=False).receipt

    assert receipt.date is not None
    assert receipt.location is None
    assert all(item.name is None for item in receipt.items)
    assert receipt.currency == "KRW"
