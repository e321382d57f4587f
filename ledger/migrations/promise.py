"""What a migration promises to versions that do not know it: which of them work with the schema that it makes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

_PROMISES = sa.table("schema_promise", sa.column("revision", sa.String), sa.column("oldest", sa.String))


def works_since(revision: str, oldest: str) -> None:
    """Promise that versions whose newest migration is `oldest`, or a later one, work with the schema of `revision`.

    A migration that only adds what an INSERT need not name repeats the promise of the one before it. One that takes
    away or renames, or whose rows older versions would take for something else, names itself.
    """
    op.execute(_PROMISES.delete().where(_PROMISES.c.revision == revision))  # of a run that was interrupted
    op.execute(_PROMISES.insert().values(revision=revision, oldest=oldest))
