"""Prompts are files; a version is the file's name and what is in it, so a reading can always say what it was asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import Final

from ledger.errors import ConfigurationError
from ledger.notes import Note

CURRENT: Final = "receipt-v1"
"""The prompt that is used when nobody asks for another."""

NO_PROMPT: Final = "there is no prompt '{name}'. Choose one of: {names}."
PROMPT_EDITED: Final = "'{version}' has been edited since; what is at hand now is '{current}'."
SENTENCES: Final = (NO_PROMPT, PROMPT_EDITED)

_HASH_DIGITS: Final = 12
_TEMPLATES: Final = resources.files("ledger.prompts").joinpath("templates")


@dataclass(frozen=True, slots=True)
class PromptVersion:
    """One prompt, with the words it had when it was loaded."""

    name: str
    text: str
    sha256: str

    @property
    def version(self) -> str:
        """What is stored with a reading. An edited file gets another version without anyone having to remember it."""
        return f"{self.name}@{self.sha256[:_HASH_DIGITS]}"


def names() -> tuple[str, ...]:
    """The prompts at hand."""
    return tuple(sorted(entry.name[:-3] for entry in _TEMPLATES.iterdir() if entry.name.endswith(".md")))


def load(name: str = CURRENT) -> PromptVersion:
    """The prompt as it is now. Raises ConfigurationError where there is none of that name."""
    # Looked up among the files that exist, so that a name can never point outside the folder.
    if name not in names():
        raise ConfigurationError(setting="prompt", why=Note(NO_PROMPT, {"name": name, "names": ", ".join(names())}))
    text = _TEMPLATES.joinpath(f"{name}.md").read_text(encoding="utf-8")
    return PromptVersion(name, text, hashlib.sha256(text.encode()).hexdigest())


def load_version(version: str) -> PromptVersion:
    """The prompt that was stored as `version`. Raises ConfigurationError where its words are no longer at hand."""
    prompt = load(version.partition("@")[0])
    if prompt.version != version:
        why = Note(PROMPT_EDITED, {"version": version, "current": prompt.version})
        raise ConfigurationError(setting="prompt", why=why)
    return prompt
