"""A version out of a file, put on the shelf as a draft."""

from __future__ import annotations

from ledger.errors import PromptNotFound
from ledger.prompts.files import FiledPrompt
from ledger.prompts.shelf import Prompts
from ledger.prompts.words import StoredPrompt


def take_in(prompts: Prompts, filed: FiledPrompt, operator: str, *, name: str | None = None) -> StoredPrompt:
    """A new draft out of a file. A parent that is not at hand is not named. Raises as `Prompts.draft` does."""
    try:
        parent = prompts.stored(filed.parent).version if filed.parent else None
    except PromptNotFound:
        parent = None
    return prompts.draft(
        name or filed.prompt.name,
        filed.prompt.text,
        schema_notes=filed.prompt.schema_notes,
        lexicon=filed.prompt.lexicon,
        examples=filed.prompt.examples,
        parent=parent,
        changes=filed.changes,
        unseen=filed.unseen,
        note=filed.note,
        operator=operator,
    )
