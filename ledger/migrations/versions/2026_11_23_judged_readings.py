"""What is known of a reading beyond its values: how sure it is, where its fields stand, what the model was shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "8d1f0c62a9b4"
down_revision = "4bae0bf6311d"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    # MySQL commits each statement by itself: an interrupted run leaves some columns behind, and they are kept.
    existing = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("extraction")}
    for column in _columns():
        if column.name not in existing:
            op.add_column("extraction", column)


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("risk", sa.Double(), nullable=True, comment="0 to 1 that a field is wrong; NULL if not judged"),
        sa.Column("doubts", _JSON, nullable=True, comment="By field: risk, reasons, other readings"),
        sa.Column("places", _JSON, nullable=True, comment="By field: corners on the upright picture, its size"),
        sa.Column("sight", _JSON, nullable=True, comment="Pictures the model was shown: frames, bytes, ms"),
        sa.Column("measures", _JSON, nullable=True, comment="Sharpness, light and so on of the photo"),
    ]


def downgrade() -> None:
    for column in reversed(_columns()):
        op.drop_column("extraction", str(column.name))
