"""What may stand in a field instead of what was read, and what its shop says to it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from ledger.database import Database
from ledger.extraction.confidence.doubt import Doubt, Doubts
from ledger.extraction.confidence.likelihood import Alternative, Likelihood
from ledger.receipt import Receipt, ReceiptStatus
from ledger.review.document import to_form
from ledger.review.shop_items import KnownName
from ledger.services import Services
from ledger.tables import ReceiptRow
from ledger.ui.judged import Judged
from ledger.ui.opened_receipt import Opened, open_receipt
from ledger.ui.shell import Desk
from ledger.ui.suggestions import MOST, doubts, suggestions
from ledger.ui.texts import Texts
from tests.factories import MISREAD, RIGHT, confirm_one, read_one

T = Texts("en").plain
FOUND_IN_SHOP = {"검자": [KnownName("감자", 7), KnownName("금자", 1)]}


def opened(
    others: dict[str, dict[str, float]] | None = None,
    similar: dict[str, list[KnownName]] | None = None,
    *,
    receipt: Receipt = MISREAD,
    status: ReceiptStatus = ReceiptStatus.EXTRACTED,
) -> Opened:
    """A receipt on the desk; `others` are other values that the model had in mind, with their probabilities."""
    fields = {
        path: Doubt(0.0, (), Likelihood(0.5, 0.5, tuple(Alternative(*pair) for pair in values.items())))
        for path, values in (others or {}).items()
    }
    shown = to_form(receipt)
    row = ReceiptRow(status=status)
    judged = Judged(doubts=Doubts(fields))
    desk = Opened(row, 1, 1, 1, shown, shown, "", [], judged)
    desk.similar = similar or {}
    return desk


def test_names_of_the_shop_come_before_what_the_model_had_in_mind() -> None:
    mine = opened({"items.1.name": {"김자": 0.4, "금자": 0.1}}, FOUND_IN_SHOP)

    found = suggestions(T, mine)["items.1.name"]

    assert [one["value"] for one in found] == ["감자", "금자", "김자"]
    assert found[0]["why"] == "Confirmed here 7 times"
    assert found[1]["why"] == "Confirmed here 1 times · The model: 10 %"


def test_a_name_that_its_shop_knows_otherwise_is_doubted_however_sure_the_model_was() -> None:
    assert doubts(T, opened()) == {}
    assert doubts(T, opened(similar=FOUND_IN_SHOP)) == {
        "items.1.name": ["“감자” was confirmed in this shop before, 7 times."]
    }


def test_what_cannot_stand_in_a_field_is_not_offered() -> None:
    others = {
        "date": {"2024-11-17": 0.3, "2024-11-41": 0.3},
        "location": {"읽을 수 없음": 0.3, "경기 하남시, 루트237": 0.02},
        "total_amount": {"-1": 0.3, "17600": 0.2, "17": 0.01, "null": 0.3},
        "items.0.count": {"0": 0.2, "8": 0.2},
        "items.0.category": {"식비": 0.3, "간식": 0.3},
    }
    assert {path: [one["value"] for one in those] for path, those in suggestions(T, opened(others)).items()} == {
        "date": ["2024-11-17"],
        "total_amount": ["17,600"],
        "items.0.count": ["8"],
        "items.0.category": ["식비"],
    }


def test_amounts_are_written_as_their_currency_is() -> None:
    ringgit = MISREAD.model_copy(update={"currency": "MYR"})
    found = suggestions(T, opened({"total_amount": {"17600": 0.3}}, receipt=ringgit))
    assert [one["value"] for one in found["total_amount"]] == ["176.00"]


def test_no_more_are_offered_than_leave_keys_for_what_would_balance_the_sum() -> None:
    others = {"items.1.name": {f"검{syllable}": 0.1 for syllable in "가나다라마바"}}
    assert len(suggestions(T, opened(others))["items.1.name"]) == MOST


def test_a_closed_receipt_is_neither_doubted_nor_helped() -> None:
    closed = opened({"items.1.name": {"감자": 0.4}}, FOUND_IN_SHOP, status=ReceiptStatus.CONFIRMED)
    assert (suggestions(T, closed), doubts(T, closed)) == ({}, {})


def test_what_was_confirmed_in_a_shop_is_offered_on_its_next_receipt(database_url: str) -> None:
    database = Database(database_url)
    desk = Desk(cast("Services", SimpleNamespace(database=database)), T, "지수")
    next_id, _ = read_one(database, key="ledger/2.jpg")
    assert suggestions(T, open_receipt(desk, next_id)) == {}

    confirm_one(database, MISREAD, RIGHT, key="ledger/1.jpg")

    found = open_receipt(desk, next_id)
    assert suggestions(T, found)["items.1.name"] == [{"value": "감자", "why": "Confirmed here 1 times"}]
    assert list(doubts(T, found)) == ["items.1.name"]
    database.close()
