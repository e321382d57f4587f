"""Prompt versions as rows of the database, and as the words in which the rest of the program speaks of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ledger.prompts import versions
from ledger.prompts.tables import PromptVersionRow
from ledger.prompts.versions import PromptVersion
from ledger.prompts.words import BUILT_IN_AUTHOR, PromptStatus, StoredPrompt

Families = Mapping[str, tuple[str, ...]]
"""The families that are asked with a version, by the version."""


def content(prompt: PromptVersion) -> dict[str, Any]:
    """The columns of what a version says."""
    return {
        "text": prompt.text,
        "schema_notes": dict(prompt.schema_notes) if prompt.schema_notes else None,
        "lexicon": dict(prompt.lexicon) if prompt.lexicon else None,
        "examples": list(prompt.examples) or None,
        "sha256": prompt.sha256,
    }


def same(prompt: PromptVersion) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions that find a version with the very words."""
    return PromptVersionRow.name == prompt.name, PromptVersionRow.sha256 == prompt.sha256


def stored_file(prompt: PromptVersion, families: Families) -> StoredPrompt:
    """A built-in version. The current one is active: for every family that nothing was promoted for."""
    active = prompt.name == versions.CURRENT or prompt.version in families
    status = PromptStatus.ACTIVE if active else PromptStatus.USED
    return StoredPrompt(prompt, status, BUILT_IN_AUTHOR, families.get(prompt.version, ()))


def stored_row(row: PromptVersionRow, families: Families, *, is_whole: bool = True) -> StoredPrompt:
    """A version that somebody made; without names and examples where the row was fetched without them."""
    offers = (row.lexicon, tuple(row.examples or ())) if is_whole else (None, ())
    prompt = PromptVersion(row.name, row.text, row.sha256, *offers, row.schema_notes)
    own = families.get(prompt.version, ())
    return StoredPrompt(
        prompt,
        _status(row, own),
        row.operator,
        own,
        row.id,
        row.parent,
        row.note,
        tuple(row.changes or ()),
        None if row.unseen is None else tuple(row.unseen),
        row.created_at,
        row.used_at,
        row.retired_at,
    )


def _status(row: PromptVersionRow, families: Sequence[str]) -> PromptStatus:
    if families:
        return PromptStatus.ACTIVE
    if row.retired_at is not None:
        return PromptStatus.RETIRED
    return PromptStatus.DRAFT if row.used_at is None else PromptStatus.USED
