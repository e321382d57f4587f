"""The printer: text rows onto a roll of paper. The result is the ink alone, 0 none and 255 full."""

from __future__ import annotations

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
_ANCHORS: Final = {"left": "ls", "right": "rs", "middle": "ms"}

Align = Literal["left", "right", "middle"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Text at a place of the row; `x` is in pixels of the printable width and `align` says which end stands there."""

    text: str
    x: float = 0
    align: Align = "left"


def missing_fonts() -> list[Path]:
    """The font files that are not installed."""
    return [path for pair in _FILES.values() for name in pair if not (path := FONT_FOLDER / name).is_file()]


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

    @property
    def inner(self) -> int:
        """Printable width in pixels."""
        return self.width - 2 * self.margin

    def row(self, *cells: Cell, size: int | None = None, bold: bool = False, tall: bool = False) -> None:
        """Print cells side by side; `tall` letters are twice as high, as receipt printers make them."""
        size = size or self.size
        strip = Image.new("L", (self.width, round(size * 1.36)), 0)
        draw = ImageDraw.Draw(strip)
        for cell in cells:
            place = (self.margin + cell.x, round(size * 1.02))
            draw.text(place, cell.text, 255, font(self.face, size, bold), anchor=_ANCHORS[cell.align])
        if tall:
            strip = strip.resize((strip.width, round(strip.height * 1.75)), Image.Resampling.BICUBIC)
        self._strips.append(strip)

    def text(
        self, text: str, align: Align = "left", size: int | None = None, bold: bool = False, tall: bool = False
    ) -> None:
        """Print one text, wrapped where the paper ends."""
        x = {"left": 0, "right": self.inner, "middle": self.inner / 2}[align]
        for line in self.wrap(text, self.inner, size, bold):
            self.row(Cell(line, x, align), size=size, bold=bold, tall=tall)

    def pair(self, left: str, right: str, size: int | None = None, bold: bool = False, tall: bool = False) -> None:
        """Print a label at the left end and its value at the right end."""
        self.row(Cell(left), Cell(right, self.inner, "right"), size=size, bold=bold, tall=tall)

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

    def ink(self, top: int = 70, bottom: int = 90) -> Image.Image:
        """All that was printed, with blank paper before and after."""
        sheet = Image.new("L", (self.width, top + bottom + sum(strip.height for strip in self._strips)), 0)
        y = top
        for strip in self._strips:
            sheet.paste(strip, (0, y))
            y += strip.height
        return sheet
