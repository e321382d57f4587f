"""The printer: text rows onto a roll of paper. The result is the ink, 0 none and 255 full, and where fields stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from PIL import Image, ImageDraw, ImageFont

FONT_FOLDER: Final = Path("/usr/share/fonts/truetype/nanum")
_FILES: Final = {
    "coding": ("NanumGothicCoding.ttf", "NanumGothicCodingBold.ttf"),
    "gothic": ("NanumGothic.ttf", "NanumGothicBold.ttf"),
    "barun": ("NanumBarunGothic.ttf", "NanumBarunGothicBold.ttf"),
    "square": ("NanumSquareR.ttf", "NanumSquareB.ttf"),
    "round": ("NanumSquareRoundR.ttf", "NanumSquareRoundB.ttf"),
    "myeongjo": ("NanumMyeongjo.ttf", "NanumMyeongjoBold.ttf"),
}
_TALL: Final = 1.75
_ANCHORS: Final = {"left": "ls", "right": "rs", "middle": "ms"}

Align = Literal["left", "right", "middle"]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom of what is inked, in pixels of the sheet."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Text at a place of the row; `x` is in pixels of the printable width and `align` says which end stands there.

    `field` is the path of the field that the text is, as in `items.2.price`; what is printed right before and after it
    belongs to no field.
    """

    text: str
    x: float = 0
    align: Align = "left"
    field: str = ""
    before: str = ""
    after: str = ""

    @property
    def printed(self) -> str:
        return f"{self.before}{self.text}{self.after}"

    def inked(self, face: ImageFont.FreeTypeFont, x: float, y: float, anchor: str) -> Box:
        """Where the text without its surroundings is inked, when the whole cell is printed at that place."""
        start = x - {"l": 0.0, "m": 0.5, "r": 1.0}[anchor[0]] * face.getlength(self.printed)
        start += face.getlength(self.before)
        left, top, right, bottom = face.getbbox(self.text, anchor=f"l{anchor[1]}")
        return (start + left, y + top, start + right, y + bottom)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was printed: the ink alone, and where each field stands, by its path; a field of several rows is one box."""

    ink: Image.Image
    boxes: Mapping[str, Sequence[Box]]


def missing_fonts(folder: Path = FONT_FOLDER) -> list[Path]:
    """The font files that are not installed."""
    return [path for pair in _FILES.values() for name in pair if not (path := folder / name).is_file()]


@lru_cache(maxsize=64)
def font(face: str, size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The Nanum font of that name."""
    # The basic layout needs no libraqm, so that a machine without it draws the same picture.
    return ImageFont.truetype(FONT_FOLDER / _FILES[face][bold], size, layout_engine=ImageFont.Layout.BASIC)


class Roll:
    """Rows of text, one below the other, on paper of a fixed width."""

    def __init__(self, face: str, width: int = 760, margin: int = 42, size: int = 32) -> None:
        self.face = face
        self.width = width
        self.margin = margin
        self.size = size
        self._strips: list[Image.Image] = []
        self._boxes: dict[str, list[Box]] = defaultdict(list)

    @property
    def inner(self) -> int:
        """Printable width in pixels."""
        return self.width - 2 * self.margin

    def row(self, *cells: Cell, size: int | None = None, bold: bool = False, tall: bool = False) -> None:
        """Print cells side by side; `tall` letters are twice as high, as receipt printers make them."""
        size = size or self.size
        strip = Image.new("L", (self.width, round(size * 1.36)), 0)
        draw = ImageDraw.Draw(strip)
        face, y = font(self.face, size, bold), round(size * 1.02)
        for cell in cells:
            place = (self.margin + cell.x, y)
            draw.text(place, cell.printed, 255, face, anchor=_ANCHORS[cell.align])
            self._note(cell, cell.inked(face, *place, _ANCHORS[cell.align]), _TALL if tall else 1)
        if tall:
            strip = strip.resize((strip.width, round(strip.height * _TALL)), Image.Resampling.BICUBIC)
        self._strips.append(strip)

    def text(
        self,
        text: str,
        align: Align = "left",
        size: int | None = None,
        bold: bool = False,
        tall: bool = False,
        field: str = "",
        before: str = "",
    ) -> None:
        """Print one text, wrapped where the paper ends; `field` is its path and `before` no part of it."""
        x = {"left": 0, "right": self.inner, "middle": self.inner / 2}[align]
        first, *rest = self.wrap(before + text, self.inner, size, bold)
        cells = [Cell(first[len(before) :], x, align, field, before), *(Cell(line, x, align, field) for line in rest)]
        for cell in cells:
            self.row(cell, size=size, bold=bold, tall=tall)

    def pair(
        self, left: str, right: str | Cell, size: int | None = None, bold: bool = False, tall: bool = False
    ) -> None:
        """Print a label at the left end and its value at the right end."""
        value = right if isinstance(right, Cell) else self.end(right)
        self.row(Cell(left), value, size=size, bold=bold, tall=tall)

    def end(self, text: str, field: str = "", before: str = "", after: str = "") -> Cell:
        """A cell at the right end of a row."""
        return Cell(text, self.inner, "right", field, before, after)

    def rule(self, sign: str = "-") -> None:
        """Print a line of signs across the paper."""
        count = int(self.inner / font(self.face, self.size).getlength(sign * 10) * 10)
        self.row(Cell(sign * count, self.inner / 2, "middle"))

    def gap(self, height: int = 20) -> None:
        """Feed paper."""
        self._strips.append(Image.new("L", (self.width, height), 0))

    def bars(self, widths: bytes, height: int = 84) -> None:
        """Print a barcode: bars and gaps in turn, each byte one width."""
        strip = Image.new("L", (self.width, height), 0)
        draw = ImageDraw.Draw(strip)
        units = [1 + width % 3 for width in widths]
        x = (self.width - 3 * sum(units)) // 2
        for index, unit in enumerate(units):
            if index % 2 == 0:
                draw.rectangle((x, 4, x + 3 * unit - 1, height - 4), fill=255)
            x += 3 * unit
        self._strips.append(strip)

    def wrap(self, text: str, width: float, size: int | None = None, bold: bool = False) -> list[str]:
        """The text in lines that fit `width`, broken at spaces."""
        face = font(self.face, size or self.size, bold)
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".strip() if lines[-1] else word
            if lines[-1] and face.getlength(longer) > width:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def sheet(self, top: int = 70, bottom: int = 90) -> Sheet:
        """All that was printed, with blank paper before and after."""
        ink = Image.new("L", (self.width, top + bottom + self._fed), 0)
        y = top
        for strip in self._strips:
            ink.paste(strip, (0, y))
            y += strip.height
        boxes = {
            field: [(left, up + top, right, down + top) for left, up, right, down in boxes]
            for field, boxes in self._boxes.items()
        }
        return Sheet(ink, boxes)

    @property
    def _fed(self) -> int:
        """Pixels of paper that came out so far."""
        return sum(strip.height for strip in self._strips)

    def _note(self, cell: Cell, box: Box, stretch: float) -> None:
        if cell.field:
            left, top, right, bottom = box
            self._boxes[cell.field].append((left, self._fed + top * stretch, right, self._fed + bottom * stretch))
