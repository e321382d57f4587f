"""Drafts: what an operator types goes to the server, and only what was stored is acknowledged."""

from __future__ import annotations

import logging

from ledger.clock import utc_now
from ledger.errors import ClaimLost, DraftConflict, LedgerError, ReceiptClosed
from ledger.review import drafts
from ledger.ui import review_desk
from ledger.ui.components.form_messages import Draft
from ledger.ui.opened_receipt import Opened
from ledger.ui.shell import Desk

log = logging.getLogger(__name__)


def keep_draft(desk: Desk, opened: Opened, draft: Draft | None) -> Opened:
    """Store what was typed and return what is on the desk then. Only what was stored is acknowledged."""
    if draft is None or opened.closed or not _is_new(opened, draft):
        return opened
    opened.typed = True
    try:
        save(desk, opened, draft)
    except ReceiptClosed:
        return review_desk.reopen(desk, opened)
    except (ClaimLost, DraftConflict) as error:
        opened.conflict = {"seq": draft["seq"], "message": desk.t.error(error)}
    except LedgerError as error:
        opened.unsure = True
        log.warning("draft of receipt %s not stored: %s", opened.receipt.id, error)
    return opened


def _is_new(opened: Opened, draft: Draft) -> bool:
    """True for a text that was not stored yet, of this form or of one that a server before this one had filled."""
    if draft["receipt_id"] != opened.receipt.id:
        return False
    if draft["load"] == opened.load:
        return draft["seq"] > opened.acked_seq
    of_a_form_before = review_desk.was_filled_here(draft["load"])
    stored = draft["client_id"] == opened.saved_client and draft["t"] <= opened.saved_ms
    return not of_a_form_before and not stored


def save(desk: Desk, opened: Opened, draft: Draft) -> None:
    """Store a text and remember that it is stored. Raises as `save_draft` does."""
    mine, now = draft["load"] == opened.load, utc_now()
    token, version = opened.claim_on(draft["receipt_id"])
    opened.revision = drafts.save_draft(
        desk.services.database,
        draft["receipt_id"],
        draft["document"],
        extraction_id=draft["reading_id"],
        operator=desk.operator,
        client_id=draft["client_id"],
        client_ms=draft["t"],
        now=now,
        seen_revision=opened.revision if mine else 0,
        same_browser=opened.unsure or not mine,
        token=token,
        version=version,
    )
    # The form may be mounted again, after a look at another page; then it is filled from here.
    opened.document, opened.typed, opened.unsure, opened.conflict = draft["document"], True, False, None
    opened.saved_ms, opened.saved_client, opened.saved_operator = draft["t"], draft["client_id"], desk.operator
    if mine:
        opened.acked_seq, opened.acked_at = draft["seq"], desk.t.clock(now)
