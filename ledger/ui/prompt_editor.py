"""A draft being edited: words and schema notes, checked as they are typed, saved over the version that was opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from ledger.errors import PromptError
from ledger.prompts.placeholders import EXAMPLES, NAMES, SHOP, asked_for
from ledger.prompts.schema_notes import FIELDS, LONGEST_SCHEMA_NOTE, schema_notes_of
from ledger.prompts.words import LONGEST_NOTE, StoredPrompt, good_text
from ledger.ui.shell import Desk
from ledger.ui.texts import FIELDS as FIELD_NAMES
from ledger.ui.texts import Texts, mark, markdown_text

_TWO_LINES: Final = 68
"""Pixels of the lowest box that there is; whoever writes more pulls it larger."""
MEANINGS = {
    SHOP: mark("the shop that was recognised on the photo"),
    NAMES: mark("its item names, to decide between look-alikes"),
    EXAMPLES: mark("names that were misread before, like those on the photo"),
}


def edit(desk: Desk, stored: StoredPrompt) -> None:
    """What a draft says, to be changed. What somebody else saved meanwhile is never written over."""
    t = desk.t
    text_key, note_key, base_key = (f"prompt_{part}_{stored.name}" for part in ("text", "note", "base"))
    if text_key not in st.session_state:
        st.session_state[base_key] = stored.version
        st.session_state[text_key], st.session_state[note_key] = stored.prompt.text, stored.note or ""
        st.session_state.update(_kept_schema_notes(stored))
    text = st.text_area(t("Wording"), key=text_key, height=420, label_visibility="collapsed")
    _placeholders(desk)
    schema_notes = _schema_notes(desk, stored)
    note = st.text_input(t("Why it is made"), key=note_key, max_chars=LONGEST_NOTE)
    base = str(st.session_state[base_key])
    sound = _checked(desk, text, schema_notes)
    before = stored.prompt.text, stored.prompt.schema_notes or {}, stored.note or ""
    changed = (text, schema_notes, note) != before
    with st.container(horizontal=True, vertical_alignment="center"):
        saved = st.button(t("Save"), type="primary", disabled=not (sound and changed), key="prompt_save")
        anew = base != stored.version and st.button(t("Load it anew"), key="prompt_anew")
        st.caption(t("Until something is read with it, it stays a draft."))
    if base != stored.version:
        st.warning(t("Somebody else saved this draft meanwhile. Take your words along before you load it anew."))
    if anew:
        _forget(text_key, note_key, *_kept_schema_notes(stored))
    if saved:
        _save(desk, base, base_key, text=text, schema_notes=schema_notes, note=note)


def _placeholders(desk: Desk) -> None:
    head = desk.t("Filled for each photo; where there is nothing to say, the paragraph is left out:")
    st.caption(" · ".join([head, *(f"`{{{{{name}}}}}` {desk.t(meaning)}" for name, meaning in MEANINGS.items())]))


def _kept_schema_notes(stored: StoredPrompt) -> dict[str, str]:
    """The notes as they are kept, by the keys under which they are edited."""
    kept = stored.prompt.schema_notes or {}
    return {f"prompt_field_{stored.name}_{field}": kept.get(field, "") for field in FIELDS}


def field_label(t: Texts, field: str) -> str:
    """A field of the answer by its name here, with the one that the model knows."""
    name = t("Items") if field == "items" else t(FIELD_NAMES[field.rpartition(".")[2]])
    return f"{name} · {field}"


def _schema_notes(desk: Desk, stored: StoredPrompt) -> dict[str, str]:
    """A box for each field of the answer; what stands in them now."""
    t, kept = desk.t, stored.prompt.schema_notes or {}
    label = t("Schema notes: {count}", count=t.number(len(kept)))
    with st.expander(label, expanded=bool(kept), key=f"schema_notes_{stored.name}"):
        st.caption(
            t("What is said of single fields of the answer. It goes along with the schema, as their description.")
        )
        typed = {
            field: _schema_note(field_label(t.plain, field), key)
            for field, key in zip(FIELDS, _kept_schema_notes(stored), strict=True)
        }
    return {field: told for field, told in typed.items() if told.strip()}


def _schema_note(label: str, key: str) -> str:
    """One field's box, beside its name: nine boxes below their names would be a page of their own."""
    name, box = st.columns([1, 4], vertical_alignment="center")
    name.write(markdown_text(label))
    typed = box.text_area(
        label, key=key, max_chars=LONGEST_SCHEMA_NOTE, height=_TWO_LINES, label_visibility="collapsed"
    )
    return typed or ""


def _checked(desk: Desk, text: str, schema_notes: Mapping[str, str]) -> bool:
    """Whether all of it can be kept; says why not, or what is filled in the words."""
    try:
        good_text(text)
        schema_notes_of(schema_notes)
    except PromptError as error:
        st.error(desk.t.error(error), icon=":material/error:")
        return False
    if found := asked_for(text):
        st.caption(desk.t("Filled in these words: {placeholders}", placeholders=", ".join(found)))
    return True


def _save(desk: Desk, base: str, base_key: str, **changed: Any) -> None:
    try:
        edited = desk.services.prompts.edit(base, **changed)
    except PromptError as error:
        st.error(desk.t.error(error), icon=":material/error:")
        return
    st.session_state[base_key] = edited.version
    st.toast(desk.t("Saved as {prompt}.", prompt=edited.version))
    st.rerun()


def _forget(*keys: str) -> None:
    for key in keys:
        del st.session_state[key]
    st.rerun()
