"""Who holds the receipt on the desk: this opening of it, or somebody else, since when and until when."""

from __future__ import annotations

from ledger.clock import utc_now
from ledger.receipt import OPEN_STATUSES
from ledger.review import claims
from ledger.tables import ReceiptRow
from ledger.ui.claim_routes import claim_address
from ledger.ui.components.form_messages import ClaimData, HolderData
from ledger.ui.opened_receipt import Holder, Opened
from ledger.ui.shell import Desk


def holder_of(desk: Desk, opened: Opened, row: ReceiptRow) -> Holder | None:
    """Who holds the receipt instead of this opening; None when this one does, or nothing is left to hold.

    An opening that let go, as when another page was looked at, takes hold again if nobody took it since.
    """
    if row.status not in OPEN_STATUSES:
        return None
    if row.claim_token == opened.load and (row.claim_until is not None or _hold_again(desk, opened)):
        opened.version = row.version
        return None
    held = row.claim_until is not None and row.claim_until > utc_now()
    name = row.claim_operator or ""
    return Holder(name, row.claim_until if held else None, same_person=held and name == desk.operator)


def _hold_again(desk: Desk, opened: Opened) -> bool:
    return claims.renew(desk.services.database, opened.receipt.id, opened.load, utc_now())


def claim_data(opened: Opened) -> ClaimData | None:
    """What the form holds the receipt with; None when it does not."""
    if opened.closed or opened.holder or not opened.version:
        return None
    return {"address": claim_address(opened.receipt.id), "version": opened.version}


def holder_data(desk: Desk, opened: Opened) -> HolderData | None:
    """Who holds the receipt instead, for the form."""
    holder = opened.holder
    if holder is None or opened.closed:
        return None
    return {
        "sentence": _sentence(desk, opened, holder),
        "may_go_on": holder.until is None or holder.same_person,
        "may_take_over": holder.until is not None and not holder.same_person and desk.is_admin,
    }


def _sentence(desk: Desk, opened: Opened, holder: Holder) -> str:
    t, name = desk.t.plain, holder.operator
    if holder.until is None:
        return t("Nobody works on this receipt any more.")
    if holder.same_person:
        return t("You opened this receipt in another window. It goes on there; what you typed here is kept.")
    if opened.version:
        return t(
            "{operator} took this receipt over. It is shown, not changed; what you typed is kept here.", operator=name
        )
    until = t.clock(holder.until)
    return t(
        "{operator} works on this receipt, until {time} or longer. It is shown, not changed.", operator=name, time=until
    )
