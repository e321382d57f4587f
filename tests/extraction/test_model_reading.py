"""From the photo to the result: what the model is shown of it, and what becomes of rows that two parts show."""

import io
import json

import pytest
from PIL import Image, ImageDraw

from ledger.extraction.look import Glyph, Look, TextSegment
from ledger.inbox.images import open_photo
from ledger.prompts.versions import load
from ledger.receipt import Receipt
from tests.extraction.asking import read
from tests.openai_standin import SAMPLE

FOOD = {"name": "감자 간식", "price": 3000, "count": 1, "category": "식비"}
PADS = {"name": "배변 패드", "price": 12000, "count": 2, "category": "용품"}
TOY = {"name": "장난감", "price": 8000, "count": 1, "category": "용품"}
ONCE = [FOOD, PADS, TOY]


@pytest.fixture(scope="module")
def strip():
    """A receipt of 500 x 3000 with a line of print every 60 pixels."""
    picture = Image.new("RGB", (500, 3000), "white")
    draw = ImageDraw.Draw(picture)
    for y in range(40, 2960, 60):
        draw.rectangle((40, y, 460, y + 20), fill="black")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return open_photo(out.getvalue(), "ledger/긴_영수증.jpg")


def answer(items, total=23000):
    return {**SAMPLE, "items": items, "total_amount": total}


def rows(result):
    return [item.name for item in result.receipt.items]


def notes(result):
    return [str(note) for note in result.notes]


def test_a_strip_is_shown_in_parts_of_one_request(extractor, standin, strip):
    standin.answer = answer(ONCE)
    result = read(extractor, strip)

    assert len(standin.requests) == 1
    sent = standin.requests[0]
    assert sent.pictures == [part.jpeg for part in result.sight.parts]
    assert len(sent.pictures) >= 2
    assert {part.width for part in result.sight.parts} == {500}  # as one picture it would be 341 wide
    words = [part["text"] for part in sent.body["messages"][1]["content"] if part["type"] == "text"]
    assert [f"조각 {number}/{len(words)}" in text for number, text in enumerate(words, 1)] == [True] * len(words)
    assert sent.body["messages"][0]["content"] == load().text


def seen_at(result, text):
    """What OCR saw: this line alone, in the middle of where the first two parts overlap."""
    above, below = (part.frame for part in result.sight.parts[:2])
    top, bottom = below[1] + 1, above[3] - 1
    glyphs = tuple(Glyph(sign, 0.9, i / len(text), (i + 1) / len(text)) for i, sign in enumerate(text))
    line = TextSegment(glyphs, ((40, top), (460, top), (460, bottom), (40, bottom)))
    return Look(((line,),), Receipt(), 500, 3000)


def test_a_row_that_was_listed_in_both_parts_is_listed_once(extractor, standin, strip):
    standin.answer = answer([FOOD, PADS, PADS, TOY])
    look = seen_at(read(extractor, strip), "배변 패드 12,000")
    result = extractor.extract(strip, extractor.default_settings, look)

    assert rows(result) == ["감자 간식", "배변 패드", "장난감"]
    assert notes(result) == ["Rows that two parts of the photo both show were listed twice and joined: 배변 패드."]
    assert len(json.loads(json.loads(result.raw_answer)["choices"][0]["message"]["content"])["items"]) == 4


def test_a_row_that_nobody_else_saw_is_left_to_the_person(extractor, standin, strip):
    standin.answer = answer([FOOD, PADS, PADS, TOY])
    result = read(extractor, strip)

    assert len(rows(result)) == 4
    assert notes(result) == ["These rows stand twice, and two parts of the photo may show the same ones: 배변 패드."]


def test_what_is_said_of_the_rows_below_moves_up_with_them(extractor, standin, strip):
    standin.answer = answer([FOOD, PADS, FOOD, PADS, TOY | {"count": "한 개"}])
    result = read(extractor, strip)

    assert [problem.field for problem in result.problems] == ["items.2.count"]
    assert "items.2.name" in result.likelihoods
    assert [path for path in result.likelihoods if path.startswith("items.3")] == []


def test_two_rows_that_the_total_counts_are_both_kept(extractor, standin, strip):
    standin.answer = answer([FOOD, PADS, PADS, TOY], total=35000)
    result = read(extractor, strip)

    assert rows(result) == ["감자 간식", "배변 패드", "배변 패드", "장난감"]
    assert notes(result) == []


def test_a_photo_in_one_part_has_no_seams(extractor, standin, photo):
    standin.answer = answer([FOOD, PADS, PADS, TOY])

    assert len(rows(read(extractor, photo))) == 4


def test_a_model_that_sees_patches_is_shown_a_strip_whole(extractor, standin, strip):
    read(extractor, strip, model="gpt-6-luna", reasoning_effort="none", detail="original")

    (sent,) = standin.requests[0].pictures
    assert Image.open(io.BytesIO(sent)).size == (500, 3000)


def test_a_photo_that_lies_on_its_side_is_shown_as_ocr_turned_it(extractor, standin):
    out = io.BytesIO()
    Image.new("RGB", (120, 60), "white").save(out, "JPEG")
    glyph = TextSegment((Glyph("껌", 0.9, 0, 1),), ((5, 5), (25, 5), (25, 25), (5, 25)))
    look = Look(((glyph,),), Receipt(), 60, 120, quarter_turns=1)
    result = extractor.extract(open_photo(out.getvalue(), "ledger/옆.jpg"), extractor.default_settings, look)

    assert result.quarter_turns == 1
    assert Image.open(io.BytesIO(standin.requests[0].picture)).size == (60, 120)


def test_a_preparation_is_told_as_it_was_applied(extractor, photo):
    result = read(extractor, photo, preparation="upscale")

    assert result.settings.preparation == result.sight.preparation == "upscale:lanczos"
    assert notes(result) == []


def test_a_photo_that_needs_no_upscaling_is_said_to_be_too_large_for_it(extractor):
    out = io.BytesIO()
    Image.new("RGB", (1500, 2000), "white").save(out, "JPEG")
    result = read(extractor, open_photo(out.getvalue(), "ledger/큰_사진.jpg"), preparation="upscale+binarise")

    assert result.settings.preparation == "binarise"
    said = "The photo is too large to be enlarged; the preparation applied is binarise."
    assert notes(result) == [said]
