"""A prompt goes live: with the gate's evidence, or with a written reason in its place."""

from __future__ import annotations

from typing import Any, Final

from ledger.errors import PromotionRefused
from ledger.notes import Note
from ledger.prompts.families import family_of
from ledger.prompts.shelf import Prompts
from ledger.tuning.gate import Gate

SHORTEST_REASON: Final = 10
"""Characters of a written reason: enough for one that tells somebody else something."""

NO_GATE: Final = "no gate has decided about {draft}. Run it, or write why it is promoted all the same."
REFUSED: Final = "the gate refused {draft}: {why} Write why it is promoted all the same, or leave it."
UNDECIDED: Final = "the gate has not decided about {draft} yet. Wait for its experiment to end."
SHORT: Final = "the reason has less than {least} characters. Write what the next reader has to know."
OTHER: Final = "the gate compared {draft} with {active}, which is not what is to be decided now. Run it again."
SENTENCES: Final = (NO_GATE, REFUSED, UNDECIDED, SHORT, OTHER)


def promote(
    prompts: Prompts, version: str, family: str, gate: Gate | None, operator: str, *, override: str | None = None
) -> int:
    """Make a version the active one of a family; the id of the promotion.

    Raises PromotionRefused where no gate was passed and no reason is written, or where the gate decided about something
    else, as when another prompt was promoted meanwhile; and PromptNotFound.
    """
    if gate is not None and not _is_about(gate, version, family, prompts.active(family)):
        raise PromotionRefused(why=Note(OTHER, {"draft": gate.draft, "active": gate.active}))
    override = (override or "").strip() or None
    if gate is None or not gate.passed:
        _need_reason(version, gate, override)
    return prompts.promote(family, version, _reason(gate, override), operator)


def _is_about(gate: Gate, version: str, family: str, active: str) -> bool:
    model = gate.experiment.baseline.settings.model
    return (gate.draft, gate.active, family_of(model)) == (version, active, family)


def _need_reason(version: str, gate: Gate | None, override: str | None) -> None:
    if gate is not None and gate.passed is None:
        raise PromotionRefused(why=Note(UNDECIDED, {"draft": version}))
    if override is None:
        note = Note(NO_GATE, {"draft": version})
        if gate is not None:
            note = Note(REFUSED, {"draft": version, "why": gate.why[0]})
        raise PromotionRefused(why=note)
    if len(override) < SHORTEST_REASON:
        raise PromotionRefused(why=Note(SHORT, {"least": SHORTEST_REASON}))


def _reason(gate: Gate | None, override: str | None) -> dict[str, Any]:
    """The evidence as it is kept with the promotion."""
    if gate is None:
        return {"override": override}
    promise = gate.promise
    return {
        "experiment": gate.experiment.id,
        "name": gate.experiment.name,
        "passed": bool(gate.passed),
        "receipts": gate.report.receipts,
        "promise": {"value": promise.value, "low": promise.low, "high": promise.high},
        "override": None if gate.passed else override,
    }
