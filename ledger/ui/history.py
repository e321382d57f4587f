"""The history of a receipt in a dialog: what happened, and for each field the values that it had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from ledger.errors import DatabaseError
from ledger.notes import Note
from ledger.receipt import Category
from ledger.review.history import Event, FieldHistory, Kind, Step, history
from ledger.ui.form_data import OVERRIDE_REASONS, REASONS
from ledger.ui.plain_table import show_table, text
from ledger.ui.shell import Desk
from ledger.ui.texts import FIELDS, mark

KINDS: Final = {
    Kind.READ: mark("Read"),
    Kind.FAILED: mark("Could not be read"),
    Kind.DRAFTED: mark("Draft saved"),
    Kind.CONFIRMED: mark("Confirmed"),
    Kind.AUTO_CONFIRMED: mark("Confirmed without a person"),
    Kind.AMENDED: mark("Amended"),
    Kind.REJECTED: mark("Rejected"),
    Kind.UNDONE: mark("Undone"),
}
_NAMES: Final = FIELDS | {"note": mark("Note")}


def show_history(desk: Desk, receipt_id: int, closing: Callable[[], None]) -> None:
    """Open the dialog; `closing` is called when it is closed."""
    t = desk.t

    @st.dialog(t("History of receipt {number}", number=receipt_id), width="large", on_dismiss=closing)
    def dialog() -> None:
        try:
            found = history(desk.services.database, receipt_id)
        except DatabaseError as error:
            st.error(t.error(error))
            return
        if not found.events:
            st.info(t("Nothing happened to this receipt yet: it waits to be read."))
            return
        happened, who, when = t("What happened"), t("Who"), t("Time")
        lines = [_event_cells(desk, event) for event in found.events]
        show_table(t("Events, newest last"), [happened, who, when, t("Details")], lines)
        fields = [[text(_name(desk, each)), _chain(desk, each)] for each in found.fields]
        show_table(t("Values by field, newest last"), [t("Field"), t("Values and who set them")], fields)

    dialog()


def _event_cells(desk: Desk, event: Event) -> list[str]:
    kind = text(desk.t(KINDS[event.kind]))
    return [kind, text(event.who), text(desk.t.time(event.at)), text(" · ".join(_details(desk, event)))]


def _details(desk: Desk, event: Event) -> list[str]:
    if event.kind in (Kind.READ, Kind.FAILED):
        return _reading_details(desk, event)
    t, facts = desk.t.plain, event.facts
    if event.kind is Kind.UNDONE:
        return [t(KINDS[Kind(facts["decision"])])]
    reasons = REASONS if event.kind is Kind.REJECTED else OVERRIDE_REASONS
    why = [t(reasons.get(facts["reason"], facts["reason"]))] if facts.get("reason") else []
    why += [facts["text"]] if facts.get("text") else []
    return why + [t.note(Note(**note)) for note in facts.get("warnings", [])]


def _reading_details(desk: Desk, event: Event) -> list[str]:
    t, facts = desk.t.plain, event.facts
    details = [f"{facts['latency_ms'] / 1000:.1f} s"]
    if facts["temperature"] is not None:
        details.insert(0, t("temperature {temperature}", temperature=f"{facts['temperature']:g}"))
    if facts["prompt"]:
        details.append(t("prompt {version}", version=facts["prompt"]))
    return details + ([t.stored_error(*facts["error"])] if "error" in facts else [])


def _name(desk: Desk, each: FieldHistory) -> str:
    name = desk.t.plain(_NAMES[each.name])
    return name if each.row is None else desk.t.plain("{field}, row {row}", field=name, row=each.row + 1)


def _chain(desk: Desk, each: FieldHistory) -> str:
    *before, now = [_step(desk, each, step) for step in each.steps]
    return " → ".join([*before, f'<span class="now">{now}</span>'])


def _step(desk: Desk, each: FieldHistory, step: Step) -> str:
    if step.value is None:
        value = desk.t("removed")
    elif each.name == "category" and step.value in tuple(Category):
        value = desk.t.category(step.value)
    else:
        value = step.value or "—"
    return f"{text(value)} <small>({text(step.event.who)})</small>"
