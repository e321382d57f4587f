"""What comes next, brought to the browser while the operator still looks at the receipt before it. Nothing is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from ledger.ui.components import register
from ledger.ui.components.form_messages import ReceiptData
from ledger.ui.components.photo_viewer import PhotoData


class AheadData(TypedDict):
    """The next receipt's form and photo, or None while nothing is held; and photos that come after it."""

    form: ReceiptData | None
    photo: PhotoData | None
    preload: Sequence[str]


_mount = register("ahead", scripts=("ahead",), styles=("ahead",))


def ahead(data: AheadData, key: str) -> None:
    """Hand it over. Draw it last: preparing it takes time that the open receipt must not wait for."""
    _mount(key=key, data=data)
