"""Proposals for a prompt from what it is still corrected for, what became of them, and the drafts they make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from ledger.database import Database
from ledger.errors import NothingAccepted
from ledger.prompts.families import family_of
from ledger.prompts.shelf import Prompts
from ledger.prompts.words import StoredPrompt
from ledger.review.pairs import newest_pairs
from ledger.tables import ExtractionRow
from ledger.tuning import lexicon
from ledger.tuning.blind import unseen_by, unseen_versions
from ledger.tuning.drafting import as_changes, with_changes, with_schema_notes
from ledger.tuning.insight import Insight, insight
from ledger.tuning.proposals import Kind, Proposal, newer_names_proposal, proposals
from ledger.tuning.tables import ProposalRow

MOST_PAIRS: Final = 5_000
"""Receipts that proposals are made from, the newest ones: what was corrected long ago may be read well by now."""

ACCEPTED: Final = "accepted"
EDITED: Final = "edited"
DROPPED: Final = "dropped"
RESTORED: Final = "restored"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed for a prompt, and what it was made from."""

    parent: StoredPrompt
    proposals: Sequence[Proposal]
    dropped: Sequence[Proposal]
    """What would be proposed too, if nobody had dropped it."""
    unseen: Sequence[int]
    """Ids of the dataset versions whose test split it was not made from."""
    insight: Insight
    """All that these receipts say."""

    @property
    def receipts(self) -> int:
        """Corrected or not, read with this prompt by a model of the family, and of no test split."""
        return self.insight.receipts


def propose(database: Database, prompts: Prompts, family: str, told: Callable[[int], object] | None = None) -> Proposed:
    """What would mend the active prompt of a family of models. Raises DatabaseError.

    The lexicon is counted first where it is old; `told` hears then how many receipts were looked at.
    """
    parent = prompts.stored(prompts.active(family))
    unseen = unseen_versions(database)
    asked = ExtractionRow.prompt_version == parent.version
    pairs = newest_pairs(database, asked, *unseen_by(database), limit=MOST_PAIRS, with_doubts=False)
    found = insight(pair for pair in pairs[::-1] if family_of(pair.model) == family)
    named = lexicon.frozen(database, told=told)
    said = "\n".join([parent.prompt.text, *(parent.prompt.schema_notes or {}).values()])
    made = proposals(found, said, named["shops"])
    made += newer_names_proposal(found, parent.prompt, named)
    gone = _dropped(database)
    kept, dropped = ([each for each in made if (each.key in gone) is side] for side in (False, True))
    return Proposed(parent, kept, dropped, unseen, found)


def draft(
    database: Database,
    prompts: Prompts,
    proposed: Proposed,
    accepted: Sequence[Proposal],
    *,
    name: str,
    note: str | None,
    operator: str,
    now: dt.datetime,
) -> StoredPrompt:
    """A draft with the accepted changes, which may be in other words than proposed.

    Raises NothingAccepted, PromptInvalid, PromptNameTaken and DatabaseError.
    """
    if not accepted:
        raise NothingAccepted
    before = proposed.parent.prompt
    kinds = {each.kind for each in accepted}
    made = prompts.draft(
        name,
        with_changes(before.text, accepted),
        schema_notes=with_schema_notes(before.schema_notes, accepted),
        lexicon=lexicon.frozen(database) if kinds & {Kind.NAMES, Kind.NEWER_NAMES} else before.lexicon,
        examples=[*before.examples, *(dict(line) for each in accepted for line in each.lines)],
        parent=proposed.parent.version,
        changes=as_changes(accepted),
        unseen=proposed.unseen,
        note=note,
        operator=operator,
    )
    as_proposed = {each.key: each.text for each in (*proposed.proposals, *proposed.dropped)}
    rows = [_row(each, as_proposed, made.version) for each in accepted]
    _decide(database, rows, operator, now)
    return made


def drop(database: Database, dropped: Sequence[Proposal], operator: str, now: dt.datetime) -> None:
    """Have these not proposed again. Raises DatabaseError."""
    _decide(database, [_decision(each, DROPPED, None, None) for each in dropped], operator, now)


def restore(database: Database, dropped: Sequence[Proposal], operator: str, now: dt.datetime) -> None:
    """Have what was dropped proposed again. Raises DatabaseError."""
    _decide(database, [_decision(each, RESTORED, None, None) for each in dropped], operator, now)


def _row(accepted: Proposal, as_proposed: Mapping[str, str], version: str) -> dict[str, Any]:
    same = as_proposed.get(accepted.key) == accepted.text
    return _decision(accepted, ACCEPTED if same else EDITED, accepted.text, version)


def _decision(of: Proposal, decision: str, text: str | None, version: str | None) -> dict[str, Any]:
    told = {"key": of.key, "decision": decision, "text": text, "prompt_version": version}
    return told | {"evidence": of.evidence.as_json()}


def _decide(database: Database, rows: Sequence[Mapping[str, Any]], operator: str, now: dt.datetime) -> None:
    with database.write() as session:
        session.add_all(ProposalRow(**row, operator=operator, created_at=now) for row in rows)


def _dropped(database: Database) -> set[str]:
    """Keys whose newest decision is that they were dropped."""
    newest = sa.select(sa.func.max(ProposalRow.id)).group_by(ProposalRow.key)
    gone = sa.select(ProposalRow.key).where(ProposalRow.id.in_(newest), ProposalRow.decision == DROPPED)
    with database.read() as session:
        return set(session.scalars(gone))
