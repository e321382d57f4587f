"""Rows at the seams of a strip: joined on evidence, and two honest rows never."""

import pytest

from ledger.extraction.extractor import FieldProblem
from ledger.extraction.look import Glyph, Look, TextSegment
from ledger.extraction.seams import doubled_rows, open_rows, problems_without, renumbered, row_names, without_rows
from ledger.notes import Note
from ledger.receipt import Category, LineItem, Receipt

A = LineItem(name="감자 간식", price=3000, count=1, category=Category.FOOD)
B = LineItem(name="배변 패드", price=12000, count=2, category=Category.SUPPLIES)
C = LineItem(name="츄르", price=3000, count=3, category=Category.FOOD)
D = LineItem(name="장난감", price=8000, count=1, category=Category.SUPPLIES)

TWO_PARTS = [(0, 0, 500, 1000), (0, 900, 500, 1900)]
THREE_PARTS = [*TWO_PARTS, (0, 1800, 500, 2800)]
SEAM = 950
"""Height of a line that both parts show."""


def receipt(*items, total):
    return Receipt(items=items, total_amount=total)


def seen(*lines):
    """What OCR saw: texts, each with the height of its line."""
    return Look(tuple((segment(text, y),) for text, y in lines), Receipt(), 500, 2800)


def segment(text, y):
    glyphs = tuple(Glyph(sign, 0.9, i / len(text), (i + 1) / len(text)) for i, sign in enumerate(text))
    return TextSegment(glyphs, ((0, y - 10), (400, y - 10), (400, y + 10), (0, y + 10)))


@pytest.mark.parametrize(
    ("items", "total", "frames", "dropped"),
    [
        ((A, B, A, B, D), 23000, TWO_PARTS, (2, 3)),
        ((D, A, B, A, B), 23000, TWO_PARTS, (3, 4)),
        ((A, B, A, B, C, D, C, D), 26000, THREE_PARTS, (2, 3, 6, 7)),
    ],
)
def test_a_run_of_different_rows_that_the_total_counts_once_is_joined(items, total, frames, dropped):
    assert doubled_rows(receipt(*items, total=total), frames, None) == dropped


@pytest.mark.parametrize(
    ("items", "total", "frames"),
    [
        ((A, B, B, D), 23000, TWO_PARTS),  # one of two was free, perhaps
        ((A, A, A, A), 6000, TWO_PARTS),
        ((A, B, A, B, D, D), 23000, THREE_PARTS),
        ((A, A, B), 18000, TWO_PARTS),  # the total counts both
        ((A, A, B), 20000, TWO_PARTS),  # less than the total: a row is missing rather than one too many
        ((A, A, B), 17000, TWO_PARTS),  # a discount
        ((A, B, A), 15000, TWO_PARTS),  # not one right after the other
        ((A, C, B), 15000, TWO_PARTS),  # the same price alone
        ((A, A, C, C), 9000, TWO_PARTS),  # either of them would explain it
        ((A, A, B, D, D), 23000, TWO_PARTS),  # two doubled runs need two seams
        ((A, A), 3000, TWO_PARTS[:1]),  # nothing was cut
        ((A, A), None, TWO_PARTS),
        ((A, A, LineItem(name="껌")), 3000, TWO_PARTS),  # an amount that is not known may be anything
        ((), 3000, TWO_PARTS),
    ],
)
def test_without_evidence_every_row_stays(items, total, frames):
    assert doubled_rows(receipt(*items, total=total), frames, None) == ()


def test_the_category_does_not_make_a_row_another():
    other = A.model_copy(update={"category": Category.OTHER})
    assert doubled_rows(receipt(A, B, other, B, total=15000), TWO_PARTS, None) == (2, 3)


def test_a_row_that_the_total_counts_once_and_ocr_sees_once_in_the_overlap_is_joined():
    look = seen(("감자간식 3,000", 400), ("배변패드 2 12,000", SEAM), ("장난감 8,000", 1500))
    assert doubled_rows(receipt(A, B, B, D, total=23000), TWO_PARTS, look) == (2,)
    assert doubled_rows(receipt(A, B, B, B, D, total=35000), TWO_PARTS, look) == (3,)


def test_without_a_total_nothing_is_joined_for_ocr_may_have_missed_a_line():
    look = seen(("감자간식 3,000", 400), ("배변패드 2 12,000", SEAM), ("장난감 8,000", 1500))
    assert doubled_rows(receipt(A, B, B, D, total=None), TWO_PARTS, look) == ()


@pytest.mark.parametrize(
    ("items", "total", "undecided"),
    [
        ((A, B, B, D), 23000, (2,)),
        ((A, B, B, D), None, (2,)),
        ((A, B, A, B), None, (2, 3)),
        ((A, A, C, C), 9000, (1, 3)),
        ((A, A, LineItem(name="껌")), 3000, (1,)),
        ((A, A, B), 18000, ()),  # the total counts both
        ((A, A, B), 17000, ()),  # a discount
        ((A, B, D), 12000, ()),
    ],
)
def test_rows_that_may_be_listed_twice_are_named(items, total, undecided):
    assert open_rows(receipt(*items, total=total), TWO_PARTS, None) == undecided
    assert open_rows(receipt(*items, total=total), TWO_PARTS[:1], None) == ()


def test_two_rows_that_ocr_sees_both_are_not_in_question():
    look = seen(("배변패드 12,000", SEAM), ("배변 패드 12,000", SEAM + 40))
    assert open_rows(receipt(B, B, total=None), TWO_PARTS, look) == ()


def test_a_name_that_ocr_misreads_is_found_by_its_amount():
    look = seen(("감자간식 3,000", 400), ("베번패드 2 12.000", SEAM))
    assert doubled_rows(receipt(A, B, B, total=15000), TWO_PARTS, look) == (2,)


@pytest.mark.parametrize(
    ("lines", "total"),
    [
        ([("배변 패드 12,000", SEAM), ("배변 패드 12,000", SEAM + 40)], 12000),  # there are two
        ([("배변 패드 12,000", 400)], 12000),  # no part below shows it
        ([("감자 간식 3,000", SEAM)], 12000),  # another row
        ([("배변 패드 12,000", SEAM)], 24000),  # the total counts both
        ([("배변 패드 12,000", SEAM)], 18000),  # 6,000 too much, and the row is 12,000
        ([], 12000),
    ],
)
def test_what_ocr_does_not_see_once_in_the_overlap_stays(lines, total):
    assert doubled_rows(receipt(B, B, total=total), TWO_PARTS, seen(*lines)) == ()


def test_ocr_decides_between_what_the_total_leaves_open():
    look = seen(("감자 간식 3,000", 300), ("감자 간식 3,000", 340), ("츄르 3 3,000", SEAM))
    assert doubled_rows(receipt(A, A, C, C, total=9000), TWO_PARTS, look) == (3,)
    assert doubled_rows(receipt(A, A, C, C, total=8000), TWO_PARTS, look) == ()  # 1,000 remain unexplained


def test_two_rows_that_ocr_sees_both_are_not_a_discount():
    """Two honest rows of 3,000 and a discount of 3,000 look to the total like one row too many."""
    look = seen(("감자 간식 3,000", 300), ("감자 간식 3,000", 340), ("배변 패드 12,000", 400))
    assert doubled_rows(receipt(A, A, B, total=15000), TWO_PARTS, look) == ()


def test_hundreds_of_equal_rows_are_decided_quickly():
    items = [A] * 200
    look = seen(("감자 간식 3,000", SEAM))
    assert doubled_rows(receipt(*items, total=3000 * 199), TWO_PARTS, look) == (199,)
    assert doubled_rows(receipt(*items, total=3000 * 197), THREE_PARTS, look) == ()  # one line is not 100 rows
    assert open_rows(receipt(*items, total=3000 * 197), THREE_PARTS, look) != ()
    assert doubled_rows(receipt(*[A] * 5000, total=3000), THREE_PARTS, None) == ()


def test_the_rows_below_a_joined_one_move_up_with_all_that_is_said_of_them():
    items = (A, B, B, D)
    assert without_rows(receipt(*items, total=1), (2,)).items == (A, B, D)
    assert row_names(items, (2,)) == "배변 패드"
    paths = {"date": 1, "items.1.price": 2, "items.2.price": 3, "items.3.name": 4}
    assert renumbered(paths, (2,)) == {"date": 1, "items.1.price": 2, "items.2.name": 4}
    problems = (FieldProblem("items.2.count", "x", Note("y")), FieldProblem("items.3.count", "x", Note("y")))
    assert problems_without(problems, (2,)) == (FieldProblem("items.2.count", "x", Note("y")),)
