"""Receipts that are written out: a clinic's invoice and a printed form."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from PIL import Image, ImageDraw

from samples.amounts import BUSINESS_NUMBER, PHONE, won
from samples.paper import Box, Cell, Roll, Sheet, font
from samples.sale import Sale


def clinic(sale: Sale) -> Sheet:
    """An animal clinic's invoice: who and where first, then treatments by animal."""
    roll = Roll(sale.font)
    roll.text("청  구  서", "middle", size=52, bold=True)
    roll.rule("=")
    labels = (
        ("사업자등록번호", BUSINESS_NUMBER, ""),
        ("병   원   명", sale.store, "location"),
        ("사업장 소재지", sale.address, "location"),
        ("전 화 번 호", PHONE, ""),
        ("날        짜", sale.date.isoformat(), ""),
    )
    for label, value, field in labels:
        first, *rest = roll.wrap(value, roll.inner * 0.58)
        roll.row(Cell(label), Cell(first, roll.inner * 0.36, field=field, before=": "))
        for line in rest:
            roll.row(Cell(line, roll.inner * 0.36, field=field, before="  "))
    roll.rule()
    roll.gap(8)
    roll.text(f"[ 동물명 : {sale.animal} ]", bold=True)
    roll.row(Cell("진료 항목", 10), Cell("수량", roll.inner * 0.72, "right"), Cell("금액", roll.inner, "right"))
    roll.rule()
    for index, item in enumerate(sale.items):
        roll.row(
            Cell(item.name or "", 26, field=f"items.{index}.name"),
            Cell(str(item.count), roll.inner * 0.7, "right", f"items.{index}.count"),
            roll.end(won(item.price or 0), f"items.{index}.price"),
        )
    roll.rule()
    if sale.added_tax:
        roll.pair("공 급 가 액", won(sale.gross))
        roll.pair("부 가 세 (10%)", won(sale.added_tax))
    else:
        roll.pair("총   금   액", won(sale.gross))
        roll.pair("과세품목에 포함된 부가세", won(sale.vat))
    roll.gap(10)
    roll.pair("청구 금액 :", roll.end(won(sale.paid), "total_amount"), size=40, bold=True, tall=True)
    roll.gap(10)
    # The day stands on the sheet twice; here, with the time, is when it was paid.
    roll.row(Cell(sale.date.isoformat(), field="date", before="발 행 일 : ", after=f" {sale.time}"), size=29)
    roll.text("다음 내원 시 본 청구서를 지참해 주세요.", size=27)
    return roll.sheet()


class _Form:
    """Ruled boxes down a sheet; `y` is where the next one starts."""

    LEFT: Final = 50
    RIGHT: Final = 850
    STEP: Final = 62

    def __init__(self, face: str, height: int) -> None:
        self.face = face
        self.y = 200
        self._ink = Image.new("L", (900, height), 0)
        self._draw = ImageDraw.Draw(self._ink)
        self._boxes: dict[str, list[Box]] = defaultdict(list)

    @property
    def sheet(self) -> Sheet:
        return Sheet(self._ink, self._boxes)

    def write(
        self, x: float, y: float, text: str | Cell, anchor: str = "lm", size: int = 34, bold: bool = False
    ) -> None:
        cell = text if isinstance(text, Cell) else Cell(text)
        face = font(self.face, size, bold)
        self._draw.text((x, y), cell.printed, 255, face, anchor=anchor)
        if cell.field:
            self._boxes[cell.field].append(cell.inked(face, x, y, anchor))

    def box(self, *cells: Cell, edges: tuple[int, ...] = (), bold: bool = False) -> None:
        """A boxed row with vertical rules at `edges`."""
        bottom = self.y + self.STEP
        self._draw.rectangle((self.LEFT, self.y, self.RIGHT, bottom), outline=255, width=2)
        for edge in edges:
            self._draw.line((edge, self.y, edge, bottom), fill=255, width=2)
        for cell in cells:
            anchor = {"left": "lm", "right": "rm", "middle": "mm"}[cell.align]
            self.write(cell.x, self.y + self.STEP / 2, cell, anchor, bold=bold)
        self.y = bottom


def form(sale: Sale) -> Sheet:
    """A printed form with ruled boxes, as small shops hand out."""
    paper = _Form(sale.font, 916 + _Form.STEP * (len(sale.items) + len(sale.discounts)))
    paper.write(450, 105, "영    수    증", "mm", 64, True)
    date = f"{sale.date.year}년 {sale.date.month}월 {sale.date.day}일"
    labels = ("등록번호", "상    호", "주    소", "전화번호", "작성일자")
    values = (BUSINESS_NUMBER, sale.store, sale.address, PHONE, date)
    for label, value, field in zip(labels, values, ("", "location", "location", "", "date"), strict=True):
        paper.box(Cell(label, 150, "middle"), Cell(value, 272, field=field), edges=(250,))
    paper.y += 34
    edges = (500, 620)
    paper.box(
        Cell("품    목", 275, "middle"),
        Cell("수량", 560, "middle"),
        Cell("금    액", 735, "middle"),
        edges=edges,
        bold=True,
    )
    for index, item in enumerate(sale.items):
        paper.box(
            Cell(item.name or "", 70, field=f"items.{index}.name"),
            Cell(str(item.count), 560, "middle", f"items.{index}.count"),
            Cell(won(item.price or 0), 830, "right", f"items.{index}.price"),
            edges=edges,
        )
    for discount in sale.discounts:
        paper.box(Cell(discount.name, 70), Cell(won(discount.amount), 830, "right"), edges=edges)
    paper.box(Cell("합    계", 70), Cell(won(sale.paid), 830, "right", "total_amount", before="₩ "), bold=True)
    paper.write(450, paper.y + 54, f"(공급가액 {won(sale.paid - sale.vat)}  부가세 {won(sale.vat)})", "mm", 29)
    paper.write(450, paper.y + 114, "위 금액을 정히 영수함", "mm", 32)
    return paper.sheet
