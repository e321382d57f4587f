"""A reason is said once, where a value is marked or where it is worked on."""

from __future__ import annotations

from ledger.extraction.confidence.doubt import Doubt, Doubts
from ledger.extraction.confidence.evidence import NOT_ON_PHOTO, WEIGHTS
from ledger.notes import Note
from ledger.ui.judged import Judged
from ledger.ui.texts import Texts

SEEN = [[0, 0], [9, 0], [9, 9], [0, 9]]


def judged(**risks: float) -> Judged:
    """The total, the date and a name were not found; of the fields in `risks` this is a reason."""
    doubts = Doubts({path: Doubt(risk, (Note(NOT_ON_PHOTO),)) for path, risk in risks.items()})
    fields = {"date": None, "total_amount": None, "items.0.name": None, "items.0.price": SEEN}
    return Judged(doubts=doubts, places={"size": [100, 100], "fields": fields})


def test_what_was_not_found_is_a_reason_for_a_mark() -> None:
    marked = judged(total_amount=WEIGHTS[NOT_ON_PHOTO]).worth_a_look(Texts("ko"))
    assert marked == {"total_amount": ["사진에서 찾지 못했습니다."]}


def test_what_a_mark_says_was_not_found_is_not_said_again() -> None:
    assert judged(total_amount=WEIGHTS[NOT_ON_PHOTO]).lost == ["date", "items.0.name"]


def test_what_was_not_found_is_said_without_a_mark_where_the_risk_is_small() -> None:
    assert judged(date=0.1).lost == ["date", "total_amount", "items.0.name"]
    assert judged(date=0.1).worth_a_look(Texts("ko")) == {}


def test_nothing_is_lost_on_a_photo_that_was_not_searched() -> None:
    assert Judged().lost == []
