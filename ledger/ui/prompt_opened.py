"""One version on the Prompts page: its words, what it offers, what sets it apart, and what can be done with it."""

from __future__ import annotations

from itertools import islice
from typing import Final

import streamlit as st

from ledger.errors import PromptError
from ledger.experiments.datasets import labels_of_versions
from ledger.prompts.files import exported, file_name
from ledger.prompts.offers import offered_names
from ledger.prompts.schema_notes import FIELDS
from ledger.prompts.words import LONGEST_NAME, LONGEST_NOTE, PromptStatus, StoredPrompt, next_name
from ledger.ui import model_draft_desk, prompt_editor
from ledger.ui.plain_table import show_table
from ledger.ui.plain_table import text as html
from ledger.ui.prompt_diff import show_diff
from ledger.ui.prompts_desk import PAGE, address, open_one, status_text
from ledger.ui.shell import Desk
from ledger.ui.texts import markdown_text

_FIRST_NAMES: Final = 8
_MOST_ROWS: Final = 50
"""Shops, and examples, that are listed; the file has all of them."""


def head(desk: Desk, stored: StoredPrompt) -> None:
    """What a version is, where it came from, and what can be done with it."""
    _head(desk, stored)
    _buttons(desk, stored)


def content(desk: Desk, stored: StoredPrompt) -> None:
    """What a version says, what it offers, and what sets it apart."""
    words, offers, difference = st.tabs([desk.t("Wording"), desk.t("What it offers"), desk.t("What sets it apart")])
    with words:
        if stored.is_editable:
            prompt_editor.edit(desk, stored)
        else:
            st.code(stored.prompt.text, language=None, wrap_lines=True)
            _schema_notes(desk, stored)
    with offers:
        _offers(desk, stored)
    with difference:
        _difference(desk, stored)


def _schema_notes(desk: Desk, stored: StoredPrompt) -> None:
    """What is said of single fields, where anything is."""
    t, told = desk.t, stored.prompt.schema_notes or {}
    if told:
        rows = (
            [html(prompt_editor.field_label(t.plain, field)), html(told[field])] for field in FIELDS if field in told
        )
        show_table(t("Schema notes"), [t("Field"), t("What is said of it")], rows)


def _head(desk: Desk, stored: StoredPrompt) -> None:
    t = desk.t
    st.page_link(PAGE, label=t("All prompts"), icon=":material/arrow_back:", query_params=address())
    st.subheader(markdown_text(stored.version))
    told = [status_text(t, stored), t("by {operator}", operator=stored.author)]
    if stored.created_at:
        told.append(t.time(stored.created_at))
    if stored.parent:
        told.append(t("made from {prompt}", prompt=stored.parent))
    st.caption(" · ".join(told))
    if stored.note:
        st.write(markdown_text(stored.note))
    model_draft_desk.told(desk, stored)


def _buttons(desk: Desk, stored: StoredPrompt) -> None:
    t, prompts = desk.t, desk.services.prompts
    with st.container(horizontal=True, key="prompt_buttons"):
        with st.popover(t("New draft from this"), icon=":material/edit_square:"):
            _new_draft(desk, stored)
        st.download_button(
            t("Take it along"),
            exported(stored, labels_of_versions(desk.services.database)),
            file_name(stored),
            "text/markdown",
            icon=":material/download:",
        )
        if _can_be_put_away(stored) and st.button(t("Put it away"), icon=":material/archive:", key="prompt_retire"):
            prompts.retire(stored.version)
            st.rerun()


def _can_be_put_away(stored: StoredPrompt) -> bool:
    return not stored.is_built_in and stored.status in (PromptStatus.DRAFT, PromptStatus.USED)


def _new_draft(desk: Desk, stored: StoredPrompt) -> None:
    t, prompts = desk.t, desk.services.prompts
    proposed = next_name(stored.name, {each.name for each in prompts.all()})
    with st.form("new_draft", border=False):
        name = st.text_input(t("Name"), value=proposed, max_chars=LONGEST_NAME, key=f"draft_name_{proposed}")
        note = st.text_input(t("Why it is made"), max_chars=LONGEST_NOTE, key=f"draft_note_{proposed}")
        if not st.form_submit_button(t("Make the draft"), type="primary"):
            return
    try:
        made = prompts.draft(
            name,
            stored.prompt.text,
            schema_notes=stored.prompt.schema_notes,
            lexicon=stored.prompt.lexicon,
            examples=stored.prompt.examples,
            parent=stored.version,
            note=note,
            operator=desk.operator,
        )
    except PromptError as error:
        st.error(t.error(error))
        return
    open_one(made.name)


def _offers(desk: Desk, stored: StoredPrompt) -> None:
    t, shops = desk.t, (stored.prompt.lexicon or {}).get("shops", {})
    names, examples = sum(len(shop["names"]) for shop in shops.values()), stored.prompt.examples
    for place, label, count in zip(
        st.columns(3), (t("Shops"), t("Item names"), t("Examples")), (len(shops), names, len(examples)), strict=True
    ):
        place.metric(label, t.number(count))
    if not shops and not examples:
        st.info(t("This version offers nothing of its own: its words are the same for every photo."))
    if shops:
        rows = (
            [html(shop["name"]), t.number(len(shop["names"])), html(", ".join(offered_names(shop)[:_FIRST_NAMES]))]
            for shop in islice(shops.values(), _MOST_ROWS)
        )
        show_table(
            t("Names that are offered where the shop is recognised"), [t("Shop"), t("Names"), t("Among them")], rows
        )
    if examples:
        rows = ([html(one["read"]), html(one["right"]), html(one["shop"] or "—")] for one in examples[:_MOST_ROWS])
        show_table(t("Slips of before"), [t("Read as"), t("Printed"), t("Shop")], rows)
    _changes(desk, stored)


def _changes(desk: Desk, stored: StoredPrompt) -> None:
    proposed = [change for change in stored.changes if not model_draft_desk.is_by_model(change)]
    if proposed:
        st.caption(desk.t("Proposals that went into it"))
        st.markdown("\n".join(f"- {markdown_text(str(c.get('text') or c.get('key') or ''))}" for c in proposed))


def _difference(desk: Desk, stored: StoredPrompt) -> None:
    t = desk.t
    prompts = desk.services.prompts
    model_draft_desk.edits(desk, stored)
    others = [each.version for each in prompts.all() if each.name != stored.name]
    if not others:
        st.info(t("There is no other version to compare it with."))
        return
    versions = sorted(others, key=lambda version: version != stored.parent)
    own_parent = t("its parent")
    told = st.selectbox(
        t("Compared with"),
        options=versions,
        format_func=lambda version: f"{version} · {own_parent}" if version == stored.parent else version,
        key=f"compared_{stored.name}",
    )
    show_diff(desk, prompts.stored(told), stored)
