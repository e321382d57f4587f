"""A change that the model itself drafts: asked for beside the proposals, and told with its reasons in the draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from ledger.bootstrap import build_rewriter
from ledger.errors import NoDraft, PromptError
from ledger.extraction.extractor import Usage
from ledger.notes import Note
from ledger.prompts.words import LONGEST_NAME, LONGEST_NOTE, StoredPrompt, next_name
from ledger.tuning.proposing import Proposed
from ledger.tuning.rewriting import BY_MODEL, Rewriter, check_name, draft_rewritten
from ledger.ui.plain_table import show_table
from ledger.ui.plain_table import text as html
from ledger.ui.prompts_desk import open_one
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts

_MOST_EDITS: Final = 50
"""Edits that are listed; a file from elsewhere may name any number."""


def show(desk: Desk, found: Proposed) -> None:
    """What the model would be sent, and the button that sends it."""
    t = desk.t
    with st.expander(t("Let the model draft the change"), icon=":material/edit_note:"):
        try:
            rewriter = build_rewriter(desk.services)
            corrections = rewriter.corrections(found)
        except NoDraft as error:
            why = error.fields["why"]
            st.info(t.note(why) if isinstance(why, Note) else t.error(error))
            return
        st.write(
            t(
                "{model} is sent the words of {prompt}, and below them what was corrected on three receipts or more:"
                " no photos, and names of people and numbers of cards are hidden. What it would change becomes a draft,"
                " which you read and edit, and which the gate measures like any other.",
                model=rewriter.settings.model,
                prompt=found.parent.name,
            )
        )
        with st.popover(t("What is told of corrections"), icon=":material/visibility:"):
            st.code(corrections, language=None, wrap_lines=True)
        _ask(desk, found, rewriter)


def told(desk: Desk, stored: StoredPrompt) -> None:
    """One line that a model drafted it, which, and what that cost; nothing where none did."""
    t = desk.t
    for change in _by_model(stored):
        st.caption(
            t(
                "Drafted by {model} from {receipts} receipts, {cost}. Its reasons stand under “What sets it apart”.",
                model=str(change.get("model")),
                receipts=str(change.get("receipts")),
                cost=_cost(t, change.get("cost_microusd")),
            )
        )


def edits(desk: Desk, stored: StoredPrompt) -> None:
    """What a model would change, why, and what could not be changed."""
    t = desk.t.plain
    found = [edit for change in _by_model(stored) for edit in change["edits"] if isinstance(edit, dict)]
    if not found:
        return
    rows = [
        [
            html(number),
            html(edit.get("why") or "—"),
            _as_lines(edit.get("find")),
            _as_lines(edit.get("replace")),
            html(_outcome(t, edit.get("left"))),
        ]
        for number, edit in enumerate(found[:_MOST_EDITS], 1)
    ]
    show_table(
        t("What the model would change, before anybody edited it"),
        ["#", t("Reason"), t("Instead of"), t("New words"), t("What became of it")],
        rows,
    )


def is_by_model(change: Mapping[str, Any]) -> bool:
    """Whether a change of a version is what a model drafted, and no proposal."""
    return change.get("kind") == BY_MODEL and isinstance(change.get("edits"), list)


def _by_model(stored: StoredPrompt) -> list[Mapping[str, Any]]:
    return [change for change in stored.changes if is_by_model(change)]


def _ask(desk: Desk, found: Proposed, rewriter: Rewriter) -> None:
    t, prompts = desk.t, desk.services.prompts
    proposed = next_name(found.parent.name, {each.name for each in prompts.all()})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(t("Name of the draft"), value=proposed, max_chars=LONGEST_NAME, key=f"model_{proposed}")
        note = st.text_input(t("Why it is made"), max_chars=LONGEST_NOTE, key="model_note")
        asked = st.button(t("Have it drafted"), type="primary", icon=":material/send:", key="model_draft")
    if not asked:
        return
    try:
        check_name(prompts, name)
        model = rewriter.settings.model
        with st.spinner(t("{model} is drafting. If you leave the page, no draft is made …", model=model)):
            rewritten = rewriter.rewrite(found)
        made = draft_rewritten(prompts, found, rewritten, name=name, note=note, operator=desk.operator)
    except PromptError as error:
        st.error(t.error(error), icon=":material/error:")
        if isinstance(error, NoDraft) and isinstance(error.usage, Usage):
            st.caption(t("It cost {cost}.", cost=_cost(t, error.usage.cost_microusd)))
        return
    open_one(made.name)


def _cost(t: Texts, microusd: object) -> str:
    return t.dollars(microusd) if isinstance(microusd, int) else t.plain("cost not known")


def _as_lines(words: object) -> str:
    return f'<span style="white-space: pre-wrap">{html(words or "—")}</span>'


def _outcome(t: Texts, left: object) -> str:
    """Made, or why not; a file from elsewhere may tell anything."""
    if not isinstance(left, dict):
        return t("made")
    try:
        return t("Left out: {why}", why=Note(str(left["sentence"]), dict(left["fields"])))
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return t("left out")
