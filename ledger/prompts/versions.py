"""A prompt version is a name and what is in it, so a reading can always say what it was asked. Built-in ones are files.

Those that people make lie in the database: `ledger.prompts.shelf`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

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
    lexicon: Mapping[str, Any] | None = None
    """Names by shop that are offered where the shop is recognised; see `ledger.prompts.frozen` for the shape."""
    examples: tuple[Mapping[str, Any], ...] = ()
    """Slips of before, of which those that are like a photo are shown."""
    schema_notes: Mapping[str, str] | None = None
    """What is said of single fields of the answer, by the field; see `ledger.prompts.schema_notes`."""

    @classmethod
    def of(
        cls,
        name: str,
        text: str,
        lexicon: Mapping[str, Any] | None = None,
        examples: Iterable[Mapping[str, Any]] = (),
        schema_notes: Mapping[str, str] | None = None,
    ) -> PromptVersion:
        """The version with this content, and the hash of all of it; what it has none of is not in the hash."""
        kept = tuple(examples)
        hashed = text
        if lexicon or kept or schema_notes:
            whole = [text, lexicon, kept, *([schema_notes] if schema_notes else [])]
            hashed = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        sha256 = hashlib.sha256(hashed.encode()).hexdigest()
        return cls(name, text, sha256, lexicon or None, kept, schema_notes or None)

    @property
    def version(self) -> str:
        """What is stored with a reading. What is edited gets another version without anyone having to remember it."""
        return version_string(self.name, self.sha256)


def version_string(name: str, sha256: str) -> str:
    """A version as it is known everywhere: its name, and the beginning of the hash of what is in it."""
    return f"{name}@{sha256[:_HASH_DIGITS]}"


def names() -> tuple[str, ...]:
    """The built-in prompts."""
    return tuple(sorted(entry.name[:-3] for entry in _TEMPLATES.iterdir() if entry.name.endswith(".md")))


def load(name: str = CURRENT) -> PromptVersion:
    """The built-in prompt as it is now. Raises ConfigurationError where there is none of that name."""
    # Looked up among the files that exist, so that a name can never point outside the folder.
    if name not in names():
        raise ConfigurationError(setting="prompt", why=Note(NO_PROMPT, {"name": name, "names": ", ".join(names())}))
    return PromptVersion.of(name, _TEMPLATES.joinpath(f"{name}.md").read_text(encoding="utf-8"))


def load_version(version: str) -> PromptVersion:
    """The built-in prompt that was stored as `version`. Raises ConfigurationError where its words are not at hand."""
    prompt = load(version.partition("@")[0])
    if prompt.version != version:
        why = Note(PROMPT_EDITED, {"version": version, "current": prompt.version})
        raise ConfigurationError(setting="prompt", why=why)
    return prompt
