"""A place in the lists of receipts stands in the address, and nothing that stands there can break a page."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from ledger.receipt import ReceiptStatus
from ledger.review.wanted import READY, Filter, Order
from ledger.ui.queue_place import QueuePlace
from ledger.ui.texts import Texts

WHOLE = QueuePlace("failed", "age", "멍멍마트", "2024-11-01", "2024-11-30", "gpt-4o", True, "0.5_12")


def test_what_is_as_always_is_not_said() -> None:
    assert QueuePlace().address == {}
    assert QueuePlace.of({}) == QueuePlace()


def test_a_place_survives_the_address() -> None:
    names = {"list": "section", "q": "text"}
    assert QueuePlace.of({names.get(name, name): value for name, value in WHOLE.address.items()}) == WHOLE
    assert WHOLE.address["list"] == "failed"
    assert WHOLE.address["warned"] == "1"


def test_a_place_survives_the_browser() -> None:
    assert QueuePlace.of(WHOLE.words) == WHOLE


@pytest.mark.parametrize(
    "said",
    [
        {"section": "everything"},
        {"order": "price"},
        {"since": "yesterday", "until": "2024-02-30"},
        {"warned": "yes"},
        {"text": "   "},
    ],
)
def test_what_cannot_be_understood_is_as_good_as_not_said(said: dict[str, str]) -> None:
    assert QueuePlace.of(said) == QueuePlace()


def test_a_search_of_any_length_is_cut() -> None:
    assert len(QueuePlace.of({"text": "가" * 10_000}).text) == 100


def test_a_place_says_what_is_wanted() -> None:
    wanted = Filter("멍멍마트", dt.date(2024, 11, 1), dt.date(2024, 11, 30), warned=True, model="gpt-4o")
    assert WHOLE.wanted == replace(wanted, statuses=(ReceiptStatus.FAILED,))
    assert QueuePlace().wanted == Filter(statuses=READY)
    assert Order(QueuePlace().order) is Order.RISK


def test_lists_of_what_is_closed_are_not_gone_on_with_in_review() -> None:
    assert WHOLE.followed == WHOLE.first_page
    assert QueuePlace("confirmed", "age", "멍멍").followed == QueuePlace(order="age")


def test_a_page_or_an_order_is_no_filter() -> None:
    assert not QueuePlace(section="failed", order="age", after="12").is_filtered
    assert QueuePlace(model="gpt-4o").is_filtered


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (QueuePlace(), ""),
        (QueuePlace(text="멍멍", warned=True), "멍멍 · 주의 있음"),
        (QueuePlace(since="2024-11-01"), "2024. 11. 1.–"),
        (QueuePlace(since="2024-11-01", until="2024-11-30", model="gpt-4o"), "2024. 11. 1.–2024. 11. 30. · gpt-4o"),
    ],
)
def test_a_filter_is_said_in_words(place: QueuePlace, text: str) -> None:
    assert place.filter_text(Texts("ko")) == text
