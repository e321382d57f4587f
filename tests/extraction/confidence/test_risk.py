import datetime as dt
import math

import pytest

from ledger.checks import DATE_AHEAD, NO_CATEGORY, NOT_READ, SUM_DIFFERS, UNIT_PRICE_BROKEN
from ledger.extraction.confidence.evidence import NOT_ON_PHOTO, OCR_SHARE, OFFLINE_DIFFERS, UNUSABLE, WEIGHTS
from ledger.extraction.confidence.likelihood import Alternative, Likelihood
from ledger.extraction.confidence.risk import AGREED, doubts_of
from ledger.extraction.extractor import FieldProblem
from ledger.extraction.notes import DISCOUNTS, NO_HANGUL
from ledger.extraction.reasons import NOT_WHOLE
from ledger.notes import Note
from ledger.receipt import UNREADABLE_TEXT, Category, LineItem, Receipt
from tests.extraction.confidence.looks import look_with

TODAY = dt.date(2026, 11, 22)
TOY = LineItem(name="장난감", price=13_500, count=3, category=Category.SUPPLIES)
POTATO = LineItem(name="검자", price=4_000, count=1, category=Category.FOOD)
READ = Receipt(date=TODAY, location="경기 하남시, 루트231", items=(TOY, POTATO), total_amount=17_500)


def judged(receipt=READ, likelihoods=(), problems=(), look=None, places=(), own_look=False, **changes):
    """The doubts of the receipt with these changes, where nothing else is known of it."""
    return doubts_of(
        receipt.model_copy(update=changes),
        likelihoods=dict(likelihoods),
        problems=problems,
        look=look,
        places=dict(places),
        own_look=own_look,
        today=TODAY,
    )


def sure(probability, *others):
    alternatives = tuple(Alternative(text, p) for text, p in others)
    return Likelihood(probability, probability, alternatives)


def said(doubts, path):
    return [str(reason) for reason in doubts.fields[path].reasons]


def seen(lines=(), notes=(), **changes):
    """What the engine on this machine saw and read: the same receipt but for these changes."""
    return look_with(READ.model_copy(update=changes), *lines, notes=tuple(notes))


# ---- The formula


def test_of_a_receipt_that_nothing_speaks_against_nothing_is_doubted():
    assert (judged().fields, judged().risk) == ({}, 0)


def test_pieces_of_evidence_are_taken_as_independent():
    doubts = judged(likelihoods={"date": sure(0.8)}, date=TODAY + dt.timedelta(1))
    assert doubts.fields["date"].risk == pytest.approx(1 - 0.8 * (1 - WEIGHTS[DATE_AHEAD]))


def test_what_concerns_several_fields_is_shared_so_that_one_of_them_is_as_risky_as_it():
    doubts = judged(items=(TOY, POTATO.model_copy(update={"count": 3})))
    assert list(doubts.fields) == ["items.1.price", "items.1.count"]
    assert len({round(doubt.risk, 9) for doubt in doubts.fields.values()}) == 1
    assert doubts.risk == pytest.approx(WEIGHTS[UNIT_PRICE_BROKEN])


@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_a_sum_that_differs_speaks_against_the_total_however_many_items_there_are(count):
    items = tuple(POTATO.model_copy(update={"name": f"감자 {index}"}) for index in range(count))
    doubts = judged(items=items, total_amount=4_000 * count + 1_000)
    prices = [doubts.fields.pop(f"items.{index}.price") for index in range(count)]
    assert {path: doubt.risk for path, doubt in doubts.fields.items()} == {"total_amount": WEIGHTS[SUM_DIFFERS]}
    assert 1 - math.prod(1 - price.risk for price in prices) == pytest.approx(WEIGHTS[SUM_DIFFERS])


def test_what_the_engine_read_too_is_less_doubted():
    alone = judged(total_amount=18_500)
    both = judged(total_amount=18_500, look=seen(total_amount=18_500, items=()))
    assert both.fields["total_amount"].risk == pytest.approx(AGREED * alone.fields["total_amount"].risk)
    assert both.fields["items.0.price"] == alone.fields["items.0.price"]


def test_what_the_engine_read_otherwise_is_doubted():
    doubts = judged(look=seen(total_amount=21_900))
    assert doubts.fields["total_amount"].risk == pytest.approx(WEIGHTS[OFFLINE_DIFFERS])
    assert said(doubts, "total_amount") == ["The offline reading is 21,900."]
    assert doubts.fields["date"].agreed
    assert doubts.fields["date"].risk == 0


def test_the_engines_own_reading_has_no_second_opinion_but_its_confidence():
    page = ("장난감  3  13,500", "검자  1  4,000", "합계 17,500")
    look = look_with(READ, *page, unsure={"검": 0.4})
    doubts = judged(look=look, own_look=True)
    assert doubts.fields["items.1.name"].risk == pytest.approx(OCR_SHARE * 0.6)
    assert said(doubts, "items.1.name") == ["OCR was 40 % sure of its least clear sign."]
    assert not any(doubt.agreed for doubt in doubts.fields.values())


def test_the_engines_confidence_says_nothing_of_another_readers_values():
    page = ("장난감  3  13,500", "검자  1  4,000", "합계 17,500")
    doubts = judged(look=look_with(READ, *page, unsure={"검": 0.4}))
    assert "items.1.name" not in doubts.fields


PAGE = ("루트231", "경기 하남시", "교환 7일 이내", "영수증 지참", "감사합니다")
NOWHERE = dict.fromkeys(("date", "location", "total_amount", "items.0.name", "items.0.price", "items.0.count"))


def test_dates_and_amounts_that_stand_nowhere_on_the_photo_are_doubted():
    doubts = judged(look=look_with(Receipt(), *PAGE), places=NOWHERE)
    assert list(doubts.fields) == ["date", "total_amount", "items.0.price"]
    assert doubts.fields["total_amount"].risk == pytest.approx(WEIGHTS[NOT_ON_PHOTO])
    assert said(doubts, "total_amount") == ["It was not found on the photo."]


def test_what_was_found_on_the_photo_is_not_doubted():
    found = ((0, 0), (1, 0), (1, 1), (0, 1))
    assert judged(look=look_with(Receipt(), *PAGE), places={"total_amount": found}).fields == {}


def test_what_is_missing_on_a_page_with_hardly_any_text_is_not_doubted():
    assert judged(look=look_with(Receipt(), *PAGE[1:]), places=NOWHERE).fields == {}


def test_the_engine_is_not_doubted_for_what_it_did_not_find_again():
    doubts = judged(look=look_with(READ, *PAGE), places=NOWHERE, own_look=True)
    assert not any(NOT_ON_PHOTO in said(doubts, path) for path in doubts.fields)


def test_a_value_that_its_field_cannot_hold_is_said_once():
    problem = FieldProblem("items.1.price", "사천", Note(NOT_WHOLE))
    doubts = judged(problems=[problem], items=(TOY, POTATO.model_copy(update={"price": None})))
    assert doubts.fields["items.1.price"].risk == WEIGHTS[UNUSABLE]
    assert said(doubts, "items.1.price") == ["'사천' was read, which cannot stand here."]


def test_what_was_not_read_is_doubted():
    doubts = judged(location=None, items=(TOY, POTATO.model_copy(update={"category": None})))
    assert {path: doubt.risk for path, doubt in doubts.fields.items()} == pytest.approx(
        {"location": WEIGHTS[NOT_READ], "items.1.category": WEIGHTS[NO_CATEGORY]}
    )


def test_a_discount_that_the_engine_saw_counts_in_the_sum():
    look = seen(notes=[Note(NO_HANGUL), Note(DISCOUNTS, {"amount": "1,500"})], total_amount=None, items=())
    assert judged(look=look, total_amount=16_000).risk == 0
    assert judged(total_amount=16_000).risk > 0


def test_what_a_model_said_of_fields_that_the_receipt_has_not_is_left_out():
    assert judged(likelihoods={"items.2.name": sure(0.5), "note": sure(0.5)}).fields == {}


# ---- Reasons in words


def test_another_reading_is_said_with_what_it_would_be():
    doubts = judged(likelihoods={"items.1.name": sure(0.45, ("감자", 0.4), ("금자", 0.1))})
    assert said(doubts, "items.1.name") == ["Other reading: 감자"]
    assert doubts.fields["items.1.name"].likelihood.alternatives[1].text == "금자"


def test_another_amount_is_said_as_amounts_are_written():
    likelihoods = {"total_amount": sure(0.6, ("11500", 0.4))}
    assert said(judged(likelihoods=likelihoods), "total_amount") == ["Other reading: 11,500"]
    assert said(judged(likelihoods=likelihoods, currency="MYR"), "total_amount") == ["Other reading: 115.00"]


def test_a_model_that_had_nothing_readable_in_mind_was_not_sure():
    likelihoods = {"location": sure(0.6, (UNREADABLE_TEXT, 0.3), ("경기", 0.01))}
    assert said(judged(likelihoods=likelihoods), "location") == ["The model was 60 % sure."]


def test_a_slight_doubt_of_the_model_counts_and_is_not_said():
    doubt = judged(likelihoods={"date": sure(0.97, ("2026-11-23", 0.03))}).fields["date"]
    assert doubt.risk == pytest.approx(0.03)
    assert doubt.reasons == ()


def test_reasons_are_in_the_order_of_their_weight():
    doubts = judged(
        likelihoods={"items.1.price": sure(0.9, ("4900", 0.1))},
        look=seen(items=(TOY, POTATO.model_copy(update={"price": 4_900}))),
        items=(TOY, POTATO.model_copy(update={"count": 3})),
    )
    assert said(doubts, "items.1.price") == ["The offline reading is 4,900.", "Other reading: 4,900", UNIT_PRICE_BROKEN]
