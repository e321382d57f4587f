import datetime as dt

import pytest

from ledger import checks
from ledger.checks import check_receipt
from ledger.receipt import Category, LineItem, Receipt

TODAY = dt.date(2026, 11, 22)
TOY = LineItem(name="장난감", price=13_500, count=3, category=Category.SUPPLIES)
POTATO = LineItem(name="감자", price=4_000, count=1, category=Category.FOOD)
RECEIPT = Receipt(
    date=dt.date(2026, 11, 11),
    location="경기 하남시 미사대로 1, 루트231",
    items=(TOY, POTATO),
    total_amount=17_500,
)


def found(receipt=RECEIPT, discount=0, **changes):
    """What is found on the receipt with these changes: sentences with the fields they concern."""
    findings = check_receipt(receipt.model_copy(update=changes), TODAY, discount)
    return {str(finding.note): finding.fields for finding in findings}


def line(**changes):
    """What is found when the second item, and the total with it, is changed so."""
    item = POTATO.model_copy(update=changes)
    return found(items=(TOY, item), total_amount=TOY.price + (item.price or 0))


def test_nothing_is_found_on_a_receipt_that_adds_up():
    assert check_receipt(RECEIPT, TODAY) == ()


def test_a_total_that_is_not_the_sum_concerns_it_and_every_price():
    told = {"The items differ from the total by 1,000.": ("total_amount", "items.0.price", "items.1.price")}
    assert found(total_amount=18_500) == told
    assert found(total_amount=16_500) == told


def test_a_difference_is_told_in_the_currencys_usual_writing():
    assert "The items differ from the total by 10.00." in found(total_amount=18_500, currency="MYR")


@pytest.mark.parametrize("total", [17_500, 15_500])
def test_a_discount_may_have_been_taken_off_the_lines_already_or_not(total):
    assert found(total_amount=total, discount=2_000) == {}


def test_of_the_two_sums_the_nearer_one_tells_the_difference():
    assert "The items differ from the total by 500." in found(total_amount=15_000, discount=2_000)


def test_a_price_that_was_not_read_is_told_and_the_sum_is_not():
    assert found(items=(TOY, POTATO.model_copy(update={"price": None}))) == {"This was not read.": ("items.1.price",)}


@pytest.mark.parametrize("field", ["date", "location", "total_amount"])
def test_what_was_not_read_is_told(field):
    assert found(**{field: None}) == {checks.NOT_READ: (field,)}


@pytest.mark.parametrize("field", ["name", "count"])
def test_what_was_not_read_of_a_line_is_told(field):
    assert line(**{field: None}) == {checks.NOT_READ: (f"items.1.{field}",)}


def test_a_receipt_without_items_lacks_them():
    assert found(items=()) == {checks.NO_ITEMS: ("items",)}


def test_a_category_that_is_not_known_is_told():
    assert line(category=None) == {checks.NO_CATEGORY: ("items.1.category",)}


@pytest.mark.parametrize(
    ("days", "sentence"),
    [(1, checks.DATE_AHEAD), (0, None), (-732, None), (-733, checks.DATE_LONG_AGO)],
)
def test_a_date_lies_within_the_last_two_years(days, sentence):
    assert found(date=TODAY + dt.timedelta(days)) == ({sentence: ("date",)} if sentence else {})


@pytest.mark.parametrize("total", [0, -500])
def test_a_total_is_above_zero(total):
    free = POTATO.model_copy(update={"price": total})
    assert found(items=(free,), total_amount=total)[checks.TOTAL_NOT_POSITIVE] == ("total_amount",)


@pytest.mark.parametrize(("price", "sentence"), [(0, checks.PRICE_ZERO), (-1_000, checks.PRICE_NEGATIVE)])
def test_a_price_is_above_zero(price, sentence):
    assert line(price=price) == {sentence: ("items.1.price",)}


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(0, checks.COUNT_NOT_POSITIVE), (-1, checks.COUNT_NOT_POSITIVE), (80, None), (100, checks.COUNT_LARGE)],
)
def test_a_count_is_above_zero_and_below_a_hundred(count, sentence):
    assert line(count=count) == ({sentence: ("items.1.count",)} if sentence else {})


def test_a_price_that_its_count_does_not_divide_is_told_of_both():
    assert line(count=3) == {checks.UNIT_PRICE_BROKEN: ("items.1.price", "items.1.count")}


def test_the_second_of_two_equal_lines_is_told():
    assert found(items=(TOY, POTATO, POTATO), total_amount=21_500) == {checks.REPEATED: ("items.2.name",)}
    other = POTATO.model_copy(update={"count": 2})
    assert found(items=(TOY, POTATO, other), total_amount=21_500) == {}


def test_a_picture_of_no_receipt_lacks_everything():
    assert [finding.fields for finding in check_receipt(Receipt(), TODAY)] == [
        ("date",),
        ("location",),
        ("total_amount",),
        ("items",),
    ]


def test_every_sentence_is_listed():
    assert set(checks.SENTENCES) == {
        text for name, text in vars(checks).items() if name.isupper() and type(text) is str
    }
