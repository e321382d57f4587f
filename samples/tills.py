"""Receipts as tills print them on a roll."""

from __future__ import annotations

import hashlib
import zlib

from samples.amounts import BUSINESS_NUMBER, PHONE, unit_price, won
from samples.paper import Cell, Roll, Sheet
from samples.sale import Discount, Sale


def _under(sale: Sale, index: int | None) -> list[Discount]:
    return [discount for discount in sale.discounts if discount.after == index]


def _summary(roll: Roll, sale: Sale) -> None:
    """Net, VAT and free of VAT, as Korean tills print them below the items."""
    taxed = sale.paid - sale.untaxed - sale.vat
    if sale.untaxed:
        roll.pair("면세 물품가액", won(sale.untaxed))
    roll.pair("과세 물품가액", won(taxed))
    roll.pair("부   가   세", won(sale.vat))


def _paid(roll: Roll, sale: Sale, label: str) -> None:
    summary = _under(sale, None)
    if summary:
        roll.pair("총 구매금액", won(sale.paid - sum(discount.amount for discount in summary)))
    for discount in summary:
        roll.pair(discount.name, won(discount.amount))
    roll.pair(label, roll.end(won(sale.paid), "total_amount"), size=round(roll.size * 1.12), bold=True, tall=True)


def columns(sale: Sale) -> Sheet:
    """Name, unit price, count and amount on one row; a long name goes on below."""
    roll = Roll(sale.font)
    roll.text("[ 영 수 증 ]", "middle", size=44, bold=True)
    roll.gap(12)
    roll.text(sale.store, size=36, bold=True, field="location")
    roll.text(sale.address, field="location")
    roll.text(f"사업자번호 {BUSINESS_NUMBER}   TEL {PHONE}", size=28)
    roll.row(Cell(sale.date.isoformat(), field="date", before="거래일시 ", after=f" {sale.time}"), size=30)
    roll.rule("=")
    unit, count, end = roll.inner * 0.66, roll.inner * 0.755, roll.inner
    heads = (Cell("상품명"), Cell("단가", unit, "right"), Cell("수량", count, "middle"), Cell("금액", end, "right"))
    roll.row(*heads)
    roll.rule()
    for index, item in enumerate(sale.items):
        first, *rest = roll.wrap(item.name or "", roll.inner * 0.5)
        roll.row(
            Cell(first, field=f"items.{index}.name"),
            Cell(won(unit_price(item)), unit, "right"),
            Cell(str(item.count), count, "middle", f"items.{index}.count"),
            Cell(won(item.price or 0), end, "right", f"items.{index}.price"),
        )
        for line in rest:
            roll.row(Cell(line, roll.size / 2, field=f"items.{index}.name"))
        for discount in _under(sale, index):
            roll.pair(f"  └ {discount.name}", won(discount.amount))
    roll.rule()
    _summary(roll, sale)
    roll.rule()
    _paid(roll, sale, "합  계")
    roll.pair("신용카드", won(sale.paid))
    roll.rule("=")
    roll.text("카드번호 ****-****-****-0000", size=28)
    roll.text(f"승인번호 00000000  일시불  {sale.date:%y/%m/%d}", size=28)
    roll.gap(16)
    roll.text("이용해 주셔서 감사합니다", "middle", size=30)
    return roll.sheet()


def stacked(sale: Sale) -> Sheet:
    """The name on a row of its own, the amounts on the next."""
    roll = Roll(sale.font)
    roll.text(sale.store, "middle", size=42, bold=True, tall=True, field="location")
    roll.gap(8)
    roll.text(sale.address, "middle", size=30, field="location")
    roll.text(f"사업자 {BUSINESS_NUMBER} / 전화 {PHONE}", "middle", size=27)
    roll.gap(10)
    sold = Cell(sale.date.isoformat(), field="date", before="[판매] ", after=f" {sale.time[:5]}")
    roll.row(sold, roll.end("POS:01-0007"), size=29)
    roll.rule()
    middle, right = roll.inner * 0.44, roll.inner * 0.64
    heads = (Cell("단가", middle, "right"), Cell("수량", right, "right"), Cell("금액", roll.inner, "right"))
    roll.row(Cell("상품명"), *heads)
    roll.rule()
    for index, item in enumerate(sale.items):
        star = "*" if item.name in sale.exempt else ""
        roll.text(item.name or "", field=f"items.{index}.name", before=f"{index + 1:03} {star}")
        roll.row(
            Cell(won(unit_price(item)), middle, "right"),
            Cell(str(item.count), right, "right", f"items.{index}.count"),
            roll.end(won(item.price or 0), f"items.{index}.price"),
        )
        for discount in _under(sale, index):
            roll.row(Cell(discount.name, roll.inner * 0.08), Cell(won(discount.amount), roll.inner, "right"))
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
    return roll.sheet()


def cafe(sale: Sale) -> Sheet:
    """A cafe's till: the order number in large figures, then name, count and amount."""
    roll = Roll(sale.font, size=31)
    number = zlib.crc32(sale.store.encode()) % 90 + 10
    roll.text(f"주문번호 {number}", "middle", size=58, bold=True)
    roll.gap(14)
    roll.text(sale.store, "middle", size=38, bold=True, field="location")
    roll.text(sale.address, "middle", size=29, field="location")
    roll.text(f"TEL {PHONE}", "middle", size=27)
    roll.gap(12)
    roll.row(Cell(f"{sale.date:%Y.%m.%d}", field="date", after=f" {sale.time[:5]}"), roll.end("매장"), size=29)
    roll.rule()
    roll.row(Cell("메뉴"), Cell("수량", roll.inner * 0.72, "middle"), Cell("금액", roll.inner, "right"), bold=True)
    roll.rule()
    for index, item in enumerate(sale.items):
        roll.gap(4)
        roll.row(
            Cell(item.name or "", field=f"items.{index}.name"),
            Cell(str(item.count), roll.inner * 0.72, "middle", f"items.{index}.count"),
            roll.end(won(item.price or 0), f"items.{index}.price"),
        )
    roll.rule()
    for discount in sale.discounts:
        roll.pair(discount.name, won(discount.amount))
    roll.pair("합계", roll.end(won(sale.paid), "total_amount", after="원"), size=42, bold=True)
    roll.pair("(부가세 포함", f"{won(sale.vat)})", size=28)
    roll.rule()
    roll.pair("결제수단", "신용카드", size=29)
    roll.pair("카드번호", "****-****-****-0000", size=29)
    roll.gap(22)
    roll.text("영수증을 지참하시면 1시간 무료주차", "middle", size=27)
    return roll.sheet(bottom=120)


def english(sale: Sale) -> Sheet:
    """An American till slip, amounts in cents."""
    roll = Roll(sale.font)

    def money(cents: int, field: str = "") -> Cell:
        return roll.end(f"{abs(cents) / 100:,.2f}", field, before="-$" if cents < 0 else "$")

    roll.text(sale.store, "middle", size=38, bold=True, field="location")
    roll.text(sale.address, "middle", size=29, field="location")
    roll.text("(000) 000-0000", "middle", size=29)
    roll.gap(14)
    roll.row(Cell(f"{sale.date:%m/%d/%Y}", field="date", after=f" {sale.time}"), roll.end("Reg 02"))
    roll.rule()
    for index, item in enumerate(sale.items):
        roll.row(Cell(item.name or "", field=f"items.{index}.name"), money(item.price or 0, f"items.{index}.price"))
        if (item.count or 1) > 1:
            each = f" @ {money(unit_price(item)).printed}"
            roll.row(Cell(str(item.count), roll.size * 1.5, field=f"items.{index}.count", after=each))
    roll.rule()
    roll.pair("Subtotal", money(sale.gross))
    for discount in sale.discounts:
        roll.pair(discount.name, money(discount.amount))
    roll.pair("Sales Tax 0%", money(0))
    roll.pair("TOTAL", money(sale.paid, "total_amount"), size=40, bold=True, tall=True)
    roll.pair("CARD ****0000", money(sale.paid))
    roll.gap(20)
    roll.bars(hashlib.sha256(sale.store.encode()).digest() + b"\0")
    roll.text("Thank you! Come back with your pup.", "middle", size=28)
    return roll.sheet()
