"""The receipt ahead: held while an operator works, and in the browser before it is asked for."""

from __future__ import annotations

import logging
from typing import Final

from ledger.errors import LedgerError
from ledger.ui import review_desk
from ledger.ui.components.ahead import AheadData
from ledger.ui.form_data import receipt_data
from ledger.ui.opened_receipt import Opened
from ledger.ui.photos import photo_data, photo_url
from ledger.ui.shell import Desk

log = logging.getLogger(__name__)

NOTHING: Final[AheadData] = {"form": None, "photo": None, "preload": []}


def look_ahead(desk: Desk, opened: Opened) -> AheadData:
    """Hold the next receipt, unless one is held already, and tell the browser what it is and which photo follows."""
    try:
        held = review_desk.hold_next(desk, opened)
    except LedgerError as error:
        log.info("nothing is held ahead: %s", error)
        return NOTHING
    if held is None:
        return NOTHING
    return {
        "form": receipt_data(desk, held.opened),
        "photo": photo_data(desk.services, held.opened),
        "preload": [photo_url(desk.services, held.later)] if held.later else [],
    }
