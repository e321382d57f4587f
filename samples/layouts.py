"""How shops arrange a receipt. Each layout turns a `Sale` into the ink of one sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PIL import Image

from samples.sale import LayoutName, Sale
from samples.sheets import clinic, form
from samples.tills import cafe, columns, english, stacked

_LAYOUTS: Final[dict[LayoutName, Callable[[Sale], Image.Image]]] = {
    "columns": columns,
    "stacked": stacked,
    "clinic": clinic,
    "cafe": cafe,
    "form": form,
    "english": english,
}


def print_receipt(sale: Sale) -> Image.Image:
    """The ink of the whole receipt."""
    return _LAYOUTS[sale.layout](sale)
