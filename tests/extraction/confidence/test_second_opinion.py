import datetime as dt

import pytest

from ledger.extraction.confidence.second_opinion import Opinion, second_opinion
from ledger.receipt import LineItem, Receipt
from tests.extraction.confidence.looks import look_with

DAY = dt.date(2026, 11, 2)


def receipt(*prices, date=DAY, total=17_500, currency="KRW"):
    items = tuple(LineItem(name="감자", price=price, count=1) for price in prices)
    return Receipt(date=date, items=items, total_amount=total, currency=currency)


def opinions(mine, theirs, *lines):
    """What the engine says when it read `theirs` on a page of these lines."""
    return second_opinion(mine, look_with(theirs, *lines))


def prices_of(mine, theirs, *lines):
    """Of each price what the engine read instead; True where it agrees, None where it says nothing."""
    found = opinions(receipt(*mine), receipt(*theirs), *lines)
    told = (found.get(f"items.{index}.price") for index in range(len(mine)))
    return [opinion and (opinion.agrees or opinion.value) for opinion in told]


def test_the_same_date_and_total_are_agreed_with():
    assert opinions(receipt(), receipt()) == {
        "date": Opinion(True, "2026-11-02"),
        "total_amount": Opinion(True, "17,500"),
    }


def test_another_date_and_total_are_told():
    assert opinions(receipt(), receipt(date=dt.date(2026, 11, 20), total=21_900)) == {
        "date": Opinion(False, "2026-11-20"),
        "total_amount": Opinion(False, "21,900"),
    }


@pytest.mark.parametrize(("mine", "theirs"), [(receipt(), Receipt()), (Receipt(), receipt())])
def test_where_one_of_both_read_nothing_nothing_is_said(mine, theirs):
    assert opinions(mine, theirs) == {}


def test_prices_are_compared_in_their_order():
    assert prices_of([13_500, 4_000, 700], [13_500, 4_900, 700]) == [True, "4,900", True]


def test_lines_that_the_engine_missed_are_no_doubt():
    assert prices_of([13_500, 4_000, 4_000, 700], [13_500, 700]) == [True, None, None, True]


def test_of_lines_in_doubtful_order_nothing_is_said():
    assert prices_of([13_500, 4_000, 4_100, 700], [13_500, 4_900, 700]) == [True, None, None, True]


def test_a_price_that_stands_anywhere_on_the_page_is_agreed_with():
    assert prices_of([13_500, 4_000], [13_500, 4_900], "감자 4,000") == [True, True]


def test_a_small_number_stands_on_every_page():
    assert prices_of([13_500, 40], [13_500, 4_900], "40 개") == [True, "4,900"]


def test_a_price_that_was_not_read_is_no_part_of_the_order():
    assert prices_of([13_500, None, 700], [13_500, 700]) == [True, None, True]


def test_amounts_in_another_unit_are_not_compared():
    found = opinions(receipt(1_750, total=1_750, currency="MYR"), receipt(1_750, total=1_750))
    assert found == {"date": Opinion(True, "2026-11-02")}
