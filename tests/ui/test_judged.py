"""A reason is said once, where a value is marked or where it is worked on."""

from __future__ import annotations

from ledger.checks import NOT_READ, SUM_DIFFERS
from ledger.extraction.confidence.doubt import Doubt, Doubts
from ledger.extraction.confidence.evidence import NOT_ON_PHOTO, WEIGHTS
from ledger.inbox.guideline import Measures
from ledger.notes import Note
from ledger.receipt import Receipt
from ledger.tables import ExtractionRow, ReceiptRow
from ledger.ui.components.photo_viewer import Places
from ledger.ui.judged import Judged
from ledger.ui.texts import Texts

SEEN = [[0, 0], [9, 0], [9, 9], [0, 9]]


def judged(**risks: float) -> Judged:
    """The total, the date and a name were not found; of the fields in `risks` this is a reason."""
    doubts = Doubts({path: Doubt(risk, (Note(NOT_ON_PHOTO),)) for path, risk in risks.items()})
    fields = {"date": None, "total_amount": None, "items.0.name": None, "items.0.price": SEEN}
    return Judged(doubts=doubts, places={"size": [100, 100], "quarter_turns": 0, "fields": fields})


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


def test_places_are_shown_only_on_the_photo_and_the_turn_they_were_found_on() -> None:
    places: Places = {"size": [100, 100], "quarter_turns": 1, "fields": {"date": SEEN}}
    found = Judged(etag="a", places=places)
    assert found.places_on(ReceiptRow(etag="a", quarter_turns=1)) == places
    assert found.places_on(ReceiptRow(etag="a", quarter_turns=0)) is None
    assert found.places_on(ReceiptRow(etag="b", quarter_turns=1)) is None


def test_a_hint_is_about_the_photo_that_was_measured() -> None:
    dark = Judged(etag="a", measures=Measures(sharpness=500, brightness=40, contrast=120))
    assert "어둡습니다" in dark.hint(Texts("ko"), ReceiptRow(etag="a"))
    assert dark.hint(Texts("ko"), ReceiptRow(etag="b")) == ""


def test_a_sum_that_differs_is_told_at_the_total_alone() -> None:
    differs = Note(SUM_DIFFERS, {"amount": "1,000"})
    doubts = {path: Doubt(0.5, (differs,)) for path in ("total_amount", "items.0.price")}
    assert Judged(doubts=Doubts(doubts)).worth_a_look(Texts("ko")) == {"total_amount": ["합계와 1,000 차이"]}


def test_where_no_receipt_was_found_nothing_is_marked() -> None:
    doubts = Doubts({"total_amount": Doubt(0.9, (Note(NOT_READ),))}).as_json()
    blank = ExtractionRow(id=7, document=Receipt().model_dump(mode="json"), doubts=doubts)
    assert Judged.of(blank).worth_a_look(Texts("ko")) == {}


def test_a_gap_that_the_judgement_does_not_doubt_is_a_discount_that_was_seen() -> None:
    read = {"date": "2026-11-20", "items": [{"name": "간식", "price": 9000, "count": 1}], "total_amount": 8000}
    differs = Doubts({"total_amount": Doubt(0.5, (Note(SUM_DIFFERS, {"amount": "1,000"}),))})

    def discount(doubts: Doubts | None) -> int:
        stored = doubts.as_json() if doubts else None
        return Judged.of(ExtractionRow(id=1, etag="a", document=read, doubts=stored)).discount

    assert (discount(Doubts({})), discount(differs), discount(None)) == (1000, 0, 0)
