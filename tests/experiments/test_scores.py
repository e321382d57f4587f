"""What is right of a reading, and what it would cost to correct."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.corrections.diff import corrections
from ledger.experiments.scores import METRICS, VERSION, Score, score, scored
from ledger.receipt import Category, LineItem, Receipt
from tests.corrections.test_diff import RECEIPTS
from tests.factories import MISREAD, RIGHT


def value(metric: str, truth: Receipt, read: Receipt | None) -> float:
    return METRICS[metric].value(scored(truth, read))


def with_items(receipt: Receipt, *items: LineItem) -> Receipt:
    return receipt.model_copy(update={"items": items})


# ---- One thing wrong


def test_one_jamo_misread_is_one_name_and_one_correction() -> None:
    found = scored(RIGHT, MISREAD)

    assert (found.names, found.prices, found.counts, found.categories) == (1, 2, 2, 2)
    assert (found.corrections, found.jamo_edits, found.jamo_length) == (1, 1, 9 + 5)
    assert found.confusions == {"ㅏ ㅓ": 1}
    assert not found.all_right


def flattened(receipt: Receipt) -> Counter[tuple[str, Any]]:
    """What the usual measure of receipts compares: every value with its path, whichever item it is of."""
    document = receipt.model_dump(mode="json")
    cells = [(f"items.{name}", value) for item in document.pop("items") for name, value in item.items()]
    return Counter([*document.items(), *cells])


def micro_f1(truth: Receipt, read: Receipt) -> float:
    right, found = flattened(truth), flattened(read)
    return 2 * (right & found).total() / (right.total() + found.total())


def test_two_prices_that_changed_places_cost_though_a_flattened_f1_does_not_see_it() -> None:
    toy, potato = RIGHT.items
    swapped = with_items(RIGHT, toy.model_copy(update={"price": 4_000}), potato.model_copy(update={"price": 13_500}))

    assert micro_f1(RIGHT, swapped) == 1.000
    found = scored(RIGHT, swapped)
    assert (found.prices, found.corrections, found.all_right) == (0, 2, False)


def test_spacing_and_unicode_forms_do_not_count_but_are_corrections_as_an_operator_would_make_them() -> None:
    spaced = RIGHT.model_copy(update={"location": unicodedata.normalize("NFD", "경기하남시 미사대로 1,루트231")})

    found = scored(RIGHT, spaced)
    assert (found.location, found.all_right, found.corrections) == (True, True, 1)
    assert found.confusions == {}


def test_a_missing_row_is_missing_in_every_column() -> None:
    found = scored(RIGHT, with_items(RIGHT, RIGHT.items[0]))

    assert (found.missing, found.extra, found.names, found.corrections) == (1, 0, 1, 1)
    assert found.jamo_edits == 5  # 감자
    assert found.of_rows(found.names) == 0.5


def test_an_invented_row_makes_the_share_of_right_rows_smaller() -> None:
    found = scored(RIGHT, with_items(RIGHT, *RIGHT.items, LineItem(name="부가세", price=1_591)))

    assert (found.missing, found.extra, found.names, found.corrections) == (0, 1, 2, 1)
    assert found.of_rows(found.names) == 2 / 3
    assert not found.all_right


@pytest.mark.parametrize(
    ("changed", "metric"),
    [({"date": None}, "date"), ({"location": "서울"}, "location"), ({"total_amount": 17_501}, "total")],
)
def test_a_wrong_header_field_is_wrong_in_its_metric_alone(changed: dict[str, Any], metric: str) -> None:
    read = RIGHT.model_copy(update=changed)

    of_header = {name: value(name, RIGHT, read) for name in ("date", "location", "total")}
    assert of_header == {name: float(name != metric) for name in of_header}
    assert value("fields", RIGHT, read) == 11 / 12


def test_another_currency_is_no_receipt_all_right() -> None:
    assert not scored(RIGHT, RIGHT.model_copy(update={"currency": "JPY"})).all_right


# ---- No reading


def test_nothing_is_right_in_a_failed_run_and_everything_is_to_be_typed() -> None:
    found = scored(RIGHT, None)

    assert found.corrections == len(corrections(Receipt(), RIGHT)) == 5
    values = {name: metric.value(found) for name, metric in METRICS.items() if metric.is_share}
    assert values == {name: float(METRICS[name].lower_is_better) for name in values}


def test_nothing_is_right_in_a_failed_run_over_a_receipt_on_which_nothing_can_be_read() -> None:
    found = scored(Receipt(), None)

    assert not found.all_right
    assert (found.fields, found.of_rows(found.names), found.jamo_errors) == (0, 0, 1)
    assert scored(Receipt(), Receipt()).all_right


# ---- Which jamo was taken for which


def read_as(right: str, read: str) -> dict[str, int]:
    item = LineItem(name=right, price=1_000, count=1, category=Category.FOOD)
    return dict(scored(Receipt(items=(item,)), Receipt(items=(item.model_copy(update={"name": read}),))).confusions)


@pytest.mark.parametrize(
    ("right", "read", "found"),
    [
        ("감자", "금자", {"ㅏ ㅡ": 1}),
        ("닭고기", "닥고기", {"ㄺ ㄱ": 1}),
        ("가자미", "각자미", {" ㄱ": 1}),
        ("각자미", "가자미", {"ㄱ ": 1}),
        ("사료 2kg", "사료 5kg", {"2 5": 1}),
        ("감자감자", "검자검자", {"ㅏ ㅓ": 2}),
        ("강아지 간식", "강아지간식", {}),
        ("감자", "연어스틱", {}),
    ],
)
def test_confusions_are_letters_as_people_write_them(right: str, read: str, found: dict[str, int]) -> None:
    assert read_as(right, read) == found


# ---- Always


def test_a_stored_score_comes_back_as_it_was() -> None:
    stored = json.loads(json.dumps(score(RIGHT, MISREAD), ensure_ascii=False))

    assert Score.from_json(stored) == scored(RIGHT, MISREAD)


@pytest.mark.parametrize("stored", [None, {}, score(RIGHT, MISREAD) | {"version": VERSION - 1}])
def test_a_score_of_another_version_is_none(stored: dict[str, Any] | None) -> None:
    assert Score.from_json(stored) is None


@given(RECEIPTS)
def test_a_reading_that_equals_the_truth_is_all_right_and_costs_nothing(truth: Receipt) -> None:
    found = scored(truth, truth)

    assert found.all_right
    assert (found.corrections, found.jamo_edits, found.confusions) == (0, 0, {})
    assert [METRICS[name].value(found) for name in METRICS] == [
        float(not each.lower_is_better) for each in METRICS.values()
    ]


@given(RECEIPTS, st.none() | RECEIPTS)
def test_every_figure_is_within_its_bounds(truth: Receipt, read: Receipt | None) -> None:
    found = scored(truth, read)

    assert found.corrections == len(corrections(read or Receipt(), truth))
    assert 0 <= found.missing <= found.rows == len(truth.items)
    assert all(0 <= share <= 1 for share in shares(found))
    assert found.all_right is (found.fields == 1 and read is not None)
    assert found.all_right or found.corrections or read is None


def shares(found: Score) -> Iterator[float]:
    for name, metric in METRICS.items():
        if metric.is_share and name != "jamo_errors":  # a name read much too long has more than it should have
            yield metric.value(found)


@given(RECEIPTS, st.randoms(use_true_random=False))
def test_the_order_of_different_rows_makes_no_difference(truth: Receipt, random: Any) -> None:
    rows = list({item.name: item for item in truth.items if item.name}.values())
    shuffled = random.sample(rows, len(rows))

    found = scored(with_items(truth, *rows), with_items(truth, *shuffled))
    assert found == scored(with_items(truth, *rows), with_items(truth, *rows))
