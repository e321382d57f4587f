"""The prompts at hand: built-in ones, and those that people made, which never change once they were read with."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ledger.clock import utc_now
from ledger.database import Database, rows_changed
from ledger.errors import PromptActive, PromptNameTaken, PromptNotFound, PromptUsed
from ledger.notes import Note
from ledger.prompts import versions
from ledger.prompts.activation import Activations, Active
from ledger.prompts.frozen import examples_of, lexicon_of
from ledger.prompts.rows import Families, content, same, stored_file, stored_row
from ledger.prompts.schema_notes import schema_notes_of
from ledger.prompts.tables import PromptVersionRow
from ledger.prompts.versions import PROMPT_EDITED, PromptVersion, version_string
from ledger.prompts.words import (
    StoredPrompt,
    common,
    good_name,
    good_note,
    good_text,
)

log = logging.getLogger(__name__)

NO_VERSION: Final = "there is none of that name. The Prompts page lists them, and: python -m ledger prompt list."
PUT_AWAY: Final = "it was put away. Make a new draft from it."
SENTENCES: Final = (NO_VERSION, PUT_AWAY)


class Prompts:
    """All prompt versions, and which of them is active. Safe to use from several threads at once."""

    def __init__(self, database: Database, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._activations = Activations(database, clock)
        self._used: dict[str, PromptVersion] = {}
        """Versions that are known to be used: they never change, so nobody has to be asked again."""
        self._told: set[str] = set()

    # ---- Found

    def get(self, version: str) -> PromptVersion:
        """The version, built-in or made by somebody. Raises PromptNotFound, also where its words were changed since."""
        return self._used.get(version) or self.stored(version).prompt

    def stored(self, version: str) -> StoredPrompt:
        """The version with all that is known of it. Raises PromptNotFound."""
        found = self._named(version.partition("@")[0])
        if found is None:
            raise PromptNotFound(version=version, why=Note(NO_VERSION))
        if found.version != version:
            why = Note(PROMPT_EDITED, {"version": version, "current": found.version})
            raise PromptNotFound(version=version, why=why)
        return found

    def named(self, told: str) -> StoredPrompt:
        """What a person means who tells a version, or only its name. Raises PromptNotFound."""
        found = None if "@" in told else self._named(told)
        return found or self.stored(told)

    def all(self) -> list[StoredPrompt]:
        """Every version: what people made, the newest first, then the built-in ones.

        Without names and examples, which may be megabytes each: `stored` has them.
        """
        families, row = self._families(), PromptVersionRow
        query = sa.select(row).options(*_BARE).order_by(row.id.desc())
        with self._database.read() as session:
            made = [stored_row(each, families, is_whole=False) for each in session.scalars(query)]
        return made + [stored_file(versions.load(name), families) for name in versions.names()]

    def choices(self) -> list[str]:
        """The versions that can be chosen, in the order of `all`: those that nobody put away."""
        row = PromptVersionRow
        query = sa.select(row.name, row.sha256).where(row.retired_at.is_(None)).order_by(row.id.desc())
        with self._database.read() as session:
            made = [version_string(name, sha256) for name, sha256 in session.execute(query)]
        return made + [versions.load(name).version for name in versions.names()]

    def _named(self, name: str) -> StoredPrompt | None:
        families = self._families()
        if name in versions.names():
            return stored_file(versions.load(name), families)
        with self._database.read() as session:
            row = session.scalar(sa.select(PromptVersionRow).where(PromptVersionRow.name == name))
        return stored_row(row, families) if row else None

    def _families(self) -> Families:
        families: dict[str, tuple[str, ...]] = {}
        for active in self._activations.all_holding():
            families[active.version] = (*families.get(active.version, ()), active.family)
        return families

    # ---- Made

    def draft(
        self,
        name: str,
        text: str,
        *,
        schema_notes: Mapping[str, str] | None = None,
        lexicon: Mapping[str, Any] | None = None,
        examples: Iterable[Mapping[str, Any]] = (),
        parent: str | None = None,
        changes: Sequence[Mapping[str, Any]] = (),
        unseen: Collection[int] | None = None,
        note: str | None = None,
        operator: str,
    ) -> StoredPrompt:
        """A new draft. What its parent saw it has seen too. Raises PromptInvalid, PromptNameTaken, PromptNotFound."""
        name = good_name(name)
        offers = lexicon_of(lexicon), examples_of(examples)
        prompt = PromptVersion.of(name, good_text(text), *offers, schema_notes_of(schema_notes))
        if parent is not None:
            unseen = common(unseen, self.stored(parent).unseen)
        row = PromptVersionRow(
            name=name,
            **content(prompt),
            parent=parent,
            changes=list(changes) or None,
            unseen=None if unseen is None else sorted(unseen),
            note=good_note(note),
            operator=operator,
            created_at=self._clock(),
        )
        if name in versions.names():
            raise PromptNameTaken(name=name)
        try:
            with self._database.write() as session:
                session.add(row)
        except sa.exc.IntegrityError as error:
            raise PromptNameTaken(name=name) from error
        return stored_row(row, {})

    def edit(
        self,
        version: str,
        *,
        text: str | None = None,
        schema_notes: Mapping[str, str] | None = None,
        lexicon: Mapping[str, Any] | None = None,
        examples: Iterable[Mapping[str, Any]] | None = None,
        changes: Sequence[Mapping[str, Any]] | None = None,
        unseen: Collection[int] | None = None,
        note: str | None = None,
    ) -> StoredPrompt:
        """Change a draft that nothing was read with; what is None stays, and `unseen` only ever becomes less.

        It is another version then. Raises PromptUsed, PromptInvalid, PromptNotFound.
        """
        before = self.stored(version)
        prompt = PromptVersion.of(
            before.name,
            before.prompt.text if text is None else good_text(text),
            before.prompt.lexicon if lexicon is None else lexicon_of(lexicon),
            before.prompt.examples if examples is None else examples_of(examples),
            before.prompt.schema_notes if schema_notes is None else schema_notes_of(schema_notes),
        )
        values = content(prompt) | {
            "changes": list(before.changes if changes is None else changes) or None,
            "unseen": common(unseen, before.unseen),
            "note": before.note if note is None else good_note(note),
        }
        changed = sa.update(PromptVersionRow).where(*same(before.prompt), *_DRAFT).values(**values)
        with self._database.write() as session:
            if before.is_built_in or rows_changed(session, changed) != 1:
                raise PromptUsed(version=version)
        return self.stored(prompt.version)

    def retire(self, version: str) -> None:
        """Put a version away, so that it is not offered any more. Raises PromptActive, PromptNotFound, PromptUsed."""
        found = self.stored(version)
        if found.is_built_in:
            raise PromptUsed(version=version)
        if found.families:
            raise PromptActive(version=version, families=", ".join(found.families))
        away = sa.update(PromptVersionRow).where(*same(found.prompt), PromptVersionRow.retired_at.is_(None))
        with self._database.write() as session:
            session.execute(away.values(retired_at=self._clock()))

    # ---- Used

    def mark_used(self, version: str) -> None:
        """Have a version never change from now on. Raises PromptNotFound where it was changed meanwhile."""
        self.used(version)

    def used(self, version: str) -> PromptVersion:
        """The version, to be read with: from now on it never changes. Asks the database once in a process."""
        if version in self._used:
            return self._used[version]
        prompt = self.get(version)
        if prompt.name not in versions.names():
            self._database.retry(self._mark, prompt)
        self._used[version] = prompt
        return prompt

    def _mark(self, session: Session, prompt: PromptVersion) -> None:
        first = sa.update(PromptVersionRow).where(*same(prompt), PromptVersionRow.used_at.is_(None))
        session.execute(first.values(used_at=self._clock()))
        if session.scalar(sa.select(PromptVersionRow.id).where(*same(prompt))) is None:
            raise PromptNotFound(version=prompt.version, why=Note(NO_VERSION))

    # ---- Active

    def active(self, family: str) -> str:
        """The version that a family of models is asked with: what was promoted for it, else the built-in one."""
        return self.promoted(family) or versions.load().version

    def promoted(self, family: str) -> str | None:
        """The version that was promoted for a family; None where nothing was."""
        holding = self._activations.holding(family)
        try:
            return self.get(holding.version).version if holding else None
        except PromptNotFound as error:  # a built-in one of another version of the program
            if str(error) not in self._told:
                self._told.add(str(error))
                log.warning("%s is asked with the built-in prompt: %s", family, error)
            return None

    def promote(self, family: str, version: str, reason: Mapping[str, Any], operator: str) -> int:
        """Have a family of models asked with this version from now on; the id of the promotion.

        Raises PromptNotFound, also for one that was put away.
        """
        if self.stored(version).retired_at is not None:
            raise PromptNotFound(version=version, why=Note(PUT_AWAY))
        self.mark_used(version)
        return self._activations.promote(family, version, reason, operator)

    def take_back(self, active_id: int, operator: str) -> bool:
        """End a promotion; False where it is active no longer.

        What it replaced is active again, or what came before that where it was put away meanwhile.
        """
        return self._activations.take_back(active_id, operator)

    def history(self, family: str | None = None) -> list[Active]:
        """What a family was asked with, the newest first; without one, of all families."""
        return self._activations.history(family)


_BARE: Final = (sa.orm.defer(PromptVersionRow.lexicon), sa.orm.defer(PromptVersionRow.examples))
_DRAFT: Final = (PromptVersionRow.used_at.is_(None), PromptVersionRow.retired_at.is_(None))
