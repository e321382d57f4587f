"""Photos of drawn receipts, and places drawn up by hand."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ledger.extraction.look import Glyph, Quad, TextSegment
from ledger.inbox.images import Photo, open_photo

FONT = "/usr/share/fonts/truetype/nanum/NanumGothicCoding.ttf"

LINES = (
    ("튼튼 동물마트",),
    ("서울 강남구 테헤란로 152",),
    ("판매일시 2026-11-20 18:22:41",),
    ("상품명", "단가", "수량", "금액"),
    ("강아지 감자 간식", "4,500", "2", "9,000"),
    ("연어 사료", "32,000", "1", "32,000"),
    ("합계", "", "", "41,000"),
    ("결제금액", "", "", "41,000"),
)
COLUMNS = (24, 330, 440, 520)


def drawn(quarter_turns: int = 0, lines: tuple[tuple[str, ...], ...] = LINES, enlarged: int = 1) -> Photo:
    """A receipt on a darker table, as a JPEG without orientation, `enlarged` times as wide and high."""
    paper = Image.new("L", (680, 60 + 52 * len(lines)), 245)
    pen = ImageDraw.Draw(paper)
    font = ImageFont.truetype(FONT, 26)
    for row, cells in enumerate(lines):
        for x, cell in zip(COLUMNS, cells, strict=False):
            pen.text((x, 30 + 52 * row), cell, font=font, fill=30)
    table = Image.new("L", (paper.width + 120, paper.height + 120), 150)
    table.paste(paper, (60, 60))
    noisy = np.asarray(table, np.float32) + np.random.default_rng(7).normal(0, 4, (table.height, table.width))
    picture = (
        Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).convert("RGB").rotate(90 * quarter_turns, expand=True)
    )
    picture = picture.resize((picture.width * enlarged, picture.height * enlarged))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return open_photo(out.getvalue(), "drawn.jpg")


def glyphs(text: str, confidence: float = 0.98, start: float = 0.0, end: float = 1.0) -> list[Glyph]:
    """The text spread evenly from `start` to `end`; its spaces take part like letters."""
    width = (end - start) / len(text)
    return [
        Glyph(char, confidence, start + index * width, start + (index + 0.9) * width) for index, char in enumerate(text)
    ]


def level(x: float, y: float, width: float, height: float) -> Quad:
    """The quad of text that lies level, by its upper left corner."""
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def segment(text: str, quad: Quad) -> TextSegment:
    return TextSegment(tuple(glyphs(text)), quad)
