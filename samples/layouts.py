"""How shops arrange a receipt. Each layout turns a `Sale` into the ink of one sheet."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw

from ledger.receipt import LineItem
from samples.paper import Cell, Roll, font
from samples.receipts import Discount, LayoutName, Sale

_BUSINESS_NUMBER: Final = "000-00-00000"
_PHONE: Final = "02-0000-0000"


def print_receipt(sale: Sale) -> Image.Image:
    """The ink of the whole receipt."""
    return _LAYOUTS[sale.layout](sale)


def _won(amount: int) -> str:
    return f"{amount:,}"


def _unit(item: LineItem) -> int:
    return (item.price or 0) // (item.count or 1)


def _under(sale: Sale, index: int | None) -> list[Discount]:
    return [discount for discount in sale.discounts if discount.after == index]


def _summary(roll: Roll, sale: Sale) -> None:
    """Net, VAT and free of VAT, as Korean tills print them below the items."""
    taxed = sale.paid - sale.untaxed - sale.vat
    if sale.untaxed:
        roll.pair("면세 물품가액", _won(sale.untaxed))
    roll.pair("과세 물품가액", _won(taxed))
    roll.pair("부   가   세", _won(sale.vat))


def _paid(roll: Roll, sale: Sale, label: str) -> None:
    summary = _under(sale, None)
    if summary:
        roll.pair("총 구매금액", _won(sale.paid - sum(discount.amount for discount in summary)))
    for discount in summary:
        roll.pair(discount.name, _won(discount.amount))
    roll.pair(label, _won(sale.paid), size=round(roll.size * 1.12), bold=True, tall=True)


def _columns(sale: Sale) -> Image.Image:
    """Name, unit price, count and amount on one row; a long name goes on below."""
    roll = Roll(sale.font)
    roll.text("[ 영 수 증 ]", "middle", size=44, bold=True)
    roll.gap(12)
    roll.text(sale.store, size=36, bold=True)
    roll.text(sale.address)
    roll.text(f"사업자번호 {_BUSINESS_NUMBER}   TEL {_PHONE}", size=28)
    roll.text(f"거래일시 {sale.date.isoformat()} {sale.time}", size=30)
    roll.rule("=")
    unit, count, end = roll.inner * 0.66, roll.inner * 0.755, roll.inner
    heads = (Cell("상품명"), Cell("단가", unit, "right"), Cell("수량", count, "middle"), Cell("금액", end, "right"))
    roll.row(*heads)
    roll.rule()
    for index, item in enumerate(sale.items):
        first, *rest = roll.wrap(item.name or "", roll.inner * 0.5)
        roll.row(
            Cell(first),
            Cell(_won(_unit(item)), unit, "right"),
            Cell(str(item.count), count, "middle"),
            Cell(_won(item.price or 0), end, "right"),
        )
        for line in rest:
            roll.row(Cell(line, roll.size / 2))
        for discount in _under(sale, index):
            roll.pair(f"  └ {discount.name}", _won(discount.amount))
    roll.rule()
    _summary(roll, sale)
    roll.rule()
    _paid(roll, sale, "합  계")
    roll.pair("신용카드", _won(sale.paid))
    roll.rule("=")
    roll.text("카드번호 ****-****-****-0000", size=28)
    roll.text(f"승인번호 00000000  일시불  {sale.date:%y/%m/%d}", size=28)
    roll.gap(16)
    roll.text("이용해 주셔서 감사합니다", "middle", size=30)
    return roll.ink()


def _stacked(sale: Sale) -> Image.Image:
    """The name on a row of its own, the amounts on the next."""
    roll = Roll(sale.font)
    roll.text(sale.store, "middle", size=42, bold=True, tall=True)
    roll.gap(8)
    roll.text(sale.address, "middle", size=30)
    roll.text(f"사업자 {_BUSINESS_NUMBER} / 전화 {_PHONE}", "middle", size=27)
    roll.gap(10)
    roll.pair(f"[판매] {sale.date.isoformat()} {sale.time[:5]}", "POS:01-0007", size=29)
    roll.rule()
    middle, right = roll.inner * 0.44, roll.inner * 0.64
    heads = (Cell("단가", middle, "right"), Cell("수량", right, "right"), Cell("금액", roll.inner, "right"))
    roll.row(Cell("상품명"), *heads)
    roll.rule()
    for index, item in enumerate(sale.items):
        star = "*" if item.name in sale.exempt else ""
        roll.text(f"{index + 1:03} {star}{item.name}")
        roll.row(
            Cell(_won(_unit(item)), middle, "right"),
            Cell(str(item.count), right, "right"),
            Cell(_won(item.price or 0), roll.inner, "right"),
        )
        for discount in _under(sale, index):
            roll.row(Cell(discount.name, roll.inner * 0.08), Cell(_won(discount.amount), roll.inner, "right"))
    roll.rule()
    if sale.exempt:
        roll.text("(*)표시 품목은 면세입니다.", size=27)
    roll.pair("합계수량", f"{sale.pieces}개")
    _summary(roll, sale)
    roll.rule()
    _paid(roll, sale, "결제금액")
    roll.rule()
    roll.pair("카드 ****-****-****-0000", "일시불", size=28)
    roll.gap(18)
    roll.bars(hashlib.sha256(sale.store.encode()).digest() + b"\0")
    roll.text("교환/환불은 7일 이내 영수증 지참", "middle", size=27)
    return roll.ink()


def _clinic(sale: Sale) -> Image.Image:
    """An animal clinic's invoice: who and where first, then treatments by animal."""
    roll = Roll(sale.font)
    roll.text("청  구  서", "middle", size=52, bold=True)
    roll.rule("=")
    labels = (
        ("사업자등록번호", _BUSINESS_NUMBER),
        ("병   원   명", sale.store),
        ("사업장 소재지", sale.address),
        ("전 화 번 호", _PHONE),
        ("날        짜", sale.date.isoformat()),
    )
    for label, value in labels:
        first, *rest = roll.wrap(value, roll.inner * 0.58)
        roll.row(Cell(label), Cell(f": {first}", roll.inner * 0.36))
        for line in rest:
            roll.row(Cell(f"  {line}", roll.inner * 0.36))
    roll.rule()
    roll.gap(8)
    roll.text(f"[ 동물명 : {sale.animal} ]", bold=True)
    roll.row(Cell("진료 항목", 10), Cell("수량", roll.inner * 0.72, "right"), Cell("금액", roll.inner, "right"))
    roll.rule()
    for item in sale.items:
        roll.row(
            Cell(item.name or "", 26),
            Cell(str(item.count), roll.inner * 0.7, "right"),
            Cell(_won(item.price or 0), roll.inner, "right"),
        )
    roll.rule()
    if sale.added_tax:
        roll.pair("공 급 가 액", _won(sale.gross))
        roll.pair("부 가 세 (10%)", _won(sale.added_tax))
    else:
        roll.pair("총   금   액", _won(sale.gross))
        roll.pair("과세품목에 포함된 부가세", _won(sale.vat))
    roll.gap(10)
    roll.pair("청구 금액 :", _won(sale.paid), size=40, bold=True, tall=True)
    roll.gap(10)
    roll.text(f"발 행 일 : {sale.date.isoformat()} {sale.time}", size=29)
    roll.text("다음 내원 시 본 청구서를 지참해 주세요.", size=27)
    return roll.ink()


def _cafe(sale: Sale) -> Image.Image:
    """A cafe's till: the order number in large figures, then name, count and amount."""
    roll = Roll(sale.font, size=31)
    number = zlib.crc32(sale.store.encode()) % 90 + 10
    roll.text(f"주문번호 {number}", "middle", size=58, bold=True)
    roll.gap(14)
    roll.text(sale.store, "middle", size=38, bold=True)
    roll.text(sale.address, "middle", size=29)
    roll.text(f"TEL {_PHONE}", "middle", size=27)
    roll.gap(12)
    roll.pair(f"{sale.date:%Y.%m.%d} {sale.time[:5]}", "매장", size=29)
    roll.rule()
    roll.row(Cell("메뉴"), Cell("수량", roll.inner * 0.72, "middle"), Cell("금액", roll.inner, "right"), bold=True)
    roll.rule()
    for item in sale.items:
        roll.gap(4)
        roll.row(
            Cell(item.name or ""),
            Cell(str(item.count), roll.inner * 0.72, "middle"),
            Cell(_won(item.price or 0), roll.inner, "right"),
        )
    roll.rule()
    for discount in sale.discounts:
        roll.pair(discount.name, _won(discount.amount))
    roll.pair("합계", f"{_won(sale.paid)}원", size=42, bold=True)
    roll.pair("(부가세 포함", f"{_won(sale.vat)})", size=28)
    roll.rule()
    roll.pair("결제수단", "신용카드", size=29)
    roll.pair("카드번호", "****-****-****-0000", size=29)
    roll.gap(22)
    roll.text("영수증을 지참하시면 1시간 무료주차", "middle", size=27)
    return roll.ink(bottom=120)


class _Form:
    """Ruled boxes down a sheet; `y` is where the next one starts."""

    LEFT: Final = 50
    RIGHT: Final = 850
    STEP: Final = 62

    def __init__(self, face: str, height: int) -> None:
        self.face = face
        self.y = 200
        self.sheet = Image.new("L", (900, height), 0)
        self._draw = ImageDraw.Draw(self.sheet)

    def write(self, x: float, y: float, text: str, anchor: str = "lm", size: int = 34, bold: bool = False) -> None:
        self._draw.text((x, y), text, 255, font(self.face, size, bold), anchor=anchor)

    def box(self, *cells: Cell, edges: tuple[int, ...] = (), bold: bool = False) -> None:
        """A boxed row with vertical rules at `edges`."""
        bottom = self.y + self.STEP
        self._draw.rectangle((self.LEFT, self.y, self.RIGHT, bottom), outline=255, width=2)
        for edge in edges:
            self._draw.line((edge, self.y, edge, bottom), fill=255, width=2)
        for cell in cells:
            anchor = {"left": "lm", "right": "rm", "middle": "mm"}[cell.align]
            self.write(cell.x, self.y + self.STEP / 2, cell.text, anchor, bold=bold)
        self.y = bottom


def _form(sale: Sale) -> Image.Image:
    """A printed form with ruled boxes, as small shops hand out."""
    form = _Form(sale.font, 916 + _Form.STEP * (len(sale.items) + len(sale.discounts)))
    form.write(450, 105, "영    수    증", "mm", 64, True)
    date = f"{sale.date.year}년 {sale.date.month}월 {sale.date.day}일"
    labels = ("등록번호", "상    호", "주    소", "전화번호", "작성일자")
    for label, value in zip(labels, (_BUSINESS_NUMBER, sale.store, sale.address, _PHONE, date), strict=True):
        form.box(Cell(label, 150, "middle"), Cell(value, 272), edges=(250,))
    form.y += 34
    edges = (500, 620)
    form.box(
        Cell("품    목", 275, "middle"),
        Cell("수량", 560, "middle"),
        Cell("금    액", 735, "middle"),
        edges=edges,
        bold=True,
    )
    rows = [(item.name or "", str(item.count), item.price or 0) for item in sale.items]
    rows += [(discount.name, "", discount.amount) for discount in sale.discounts]
    for name, count, amount in rows:
        form.box(Cell(name, 70), Cell(count, 560, "middle"), Cell(_won(amount), 830, "right"), edges=edges)
    form.box(Cell("합    계", 70), Cell(f"₩ {_won(sale.paid)}", 830, "right"), bold=True)
    form.write(450, form.y + 54, f"(공급가액 {_won(sale.paid - sale.vat)}  부가세 {_won(sale.vat)})", "mm", 29)
    form.write(450, form.y + 114, "위 금액을 정히 영수함", "mm", 32)
    return form.sheet


def _english(sale: Sale) -> Image.Image:
    """An American till slip, amounts in cents."""
    roll = Roll(sale.font)

    def money(cents: int) -> str:
        return f"{'-' if cents < 0 else ''}${abs(cents) / 100:,.2f}"

    roll.text(sale.store, "middle", size=38, bold=True)
    roll.text(sale.address, "middle", size=29)
    roll.text("(000) 000-0000", "middle", size=29)
    roll.gap(14)
    roll.pair(f"{sale.date:%m/%d/%Y} {sale.time}", "Reg 02")
    roll.rule()
    for item in sale.items:
        roll.pair(item.name or "", money(item.price or 0))
        if (item.count or 1) > 1:
            roll.row(Cell(f"{item.count} @ {money(_unit(item))}", roll.size * 1.5))
    roll.rule()
    roll.pair("Subtotal", money(sale.gross))
    for discount in sale.discounts:
        roll.pair(discount.name, money(discount.amount))
    roll.pair("Sales Tax 0%", money(0))
    roll.pair("TOTAL", money(sale.paid), size=40, bold=True, tall=True)
    roll.pair("CARD ****0000", money(sale.paid))
    roll.gap(20)
    roll.bars(hashlib.sha256(sale.store.encode()).digest() + b"\0")
    roll.text("Thank you! Come back with your pup.", "middle", size=28)
    return roll.ink()


_LAYOUTS: Final[dict[LayoutName, Callable[[Sale], Image.Image]]] = {
    "columns": _columns,
    "stacked": _stacked,
    "clinic": _clinic,
    "cafe": _cafe,
    "form": _form,
    "english": _english,
}
