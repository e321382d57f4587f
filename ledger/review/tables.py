"""The table of the item names that are confirmed in each shop."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ledger.columns import Table, exact


class ShopItemRow(Table):
    """An item name that was confirmed in one shop."""

    __tablename__ = "shop_item"
    __table_args__ = ({"comment": "Item names confirmed in each shop", "mysql_charset": "utf8mb4"},)

    shop: Mapped[str] = mapped_column(exact(255), primary_key=True, comment="The shop's key, see review/shop_items.py")
    name: Mapped[str] = mapped_column(exact(255), primary_key=True, comment="Item name as confirmed")
    times: Mapped[int] = mapped_column(sa.Integer, comment="Confirmed receipts' lines with this name")


sa.Index("ix_shop_item_shop_times", ShopItemRow.shop, ShopItemRow.times.desc())
