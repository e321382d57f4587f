"""What an operator asked for, and what becomes of decisions: auto-confirmed, exported."""

from __future__ import annotations

from ledger.errors.root import LedgerError


class AutoConfirmRefused(LedgerError):
    sentence = "Auto-confirm was not switched on: {why}"


class ExportNotWritten(LedgerError):
    sentence = "The export cannot be written to {path}: {why}. Choose another place."


class ReviewError(LedgerError):
    """An operator's wish that cannot be carried out."""


class ReceiptNotFound(ReviewError):
    sentence = "There is no receipt {receipt_id}. It may have been removed; go back to the inbox."


class ReceiptClosed(ReviewError):
    sentence = "Receipt {receipt_id} is already {status}. Nothing was changed; your text is kept in this browser."


class ReceiptHeld(ReviewError):
    sentence = "{operator} is working on receipt {receipt_id} now. Take another one, or come back later."


class ClaimLost(ReviewError):
    sentence = (
        "Receipt {receipt_id} was opened by {operator} in another window meanwhile. Nothing was changed; your text is"
        " kept in this browser."
    )


class DraftConflict(ReviewError):
    sentence = (
        "{operator} saved other text for receipt {receipt_id} meanwhile. What you typed was not saved over it; it stays"
        " in this browser."
    )


class PhotoChanged(ReviewError):
    sentence = "The photo of receipt {receipt_id} was replaced while you were typing. Look at it again, then confirm."


class DocumentInvalid(ReviewError):
    """`problems` is a tuple of ledger.review.document.Problem, one a field."""

    sentence = "Not saved yet: {summary}"


class TimePassed(ReviewError):
    sentence = "That time is not ahead. Choose a later one."


class ItemsChanged(ReviewError):
    sentence = "Receipt {receipt_id} was changed by someone else meanwhile. Load it again, then repeat your change."


class DecisionNotFound(ReviewError):
    sentence = "There is no decision {review_id}, so nothing was undone. Load the page again."


class LedgerRowInUse(ReviewError):
    sentence = (
        "The app refers to the ledger's row of receipt {receipt_id}, so it cannot be taken back. Change names and"
        " categories on the Confirmed page instead."
    )


class NothingToUndo(ReviewError):
    sentence = "Nothing that was decided here is left to undo. Older decisions stand under the button “Undo”."
