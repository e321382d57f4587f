"""What a prompt must not be made from: the receipts that it will be judged on.

A receipt that is in the test split of any dataset version is left out of everything that goes into a prompt, by its id
and by the bytes of its photo: an imported picture has no receipt's id, and one photo may have come in twice.
"""

from __future__ import annotations

import sqlalchemy as sa

from ledger.database import Database
from ledger.experiments.tables import DatasetCaseRow, DatasetVersionRow
from ledger.experiments.words import Split
from ledger.tables import ExtractionRow, ReceiptRow


def unseen_by(database: Database) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions for `each_pair` that leave out each receipt of a test split of any dataset version there is; none
    where there is no version. Raises DatabaseError.
    """
    if not unseen_versions(database):
        return ()
    tested = sa.exists().where(DatasetCaseRow.split == Split.TEST)
    by_id = tested.where(DatasetCaseRow.receipt_id == ReceiptRow.id).correlate(ReceiptRow)
    by_photo = tested.where(DatasetCaseRow.image_sha256 == ExtractionRow.image_sha256).correlate(ExtractionRow)
    return ~by_id, ~by_photo


def unseen_versions(database: Database) -> list[int]:
    """Ids of all dataset versions there are now. To be asked before `unseen_by`: one that comes meanwhile is not among
    them, so nobody takes it for one that was not seen. Raises DatabaseError.
    """
    with database.read() as session:
        return list(session.scalars(sa.select(DatasetVersionRow.id).order_by(DatasetVersionRow.id)))
