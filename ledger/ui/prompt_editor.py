"""A draft being edited: its words, checked as they are typed, and saved over the version that was opened."""

from __future__ import annotations

import streamlit as st

from ledger.errors import PromptError
from ledger.prompts.placeholders import EXAMPLES, NAMES, SHOP, asked_for
from ledger.prompts.words import LONGEST_NOTE, StoredPrompt, good_text
from ledger.ui.shell import Desk
from ledger.ui.texts import mark

MEANINGS = {
    SHOP: mark("the shop that was recognised on the photo"),
    NAMES: mark("its item names, to decide between look-alikes"),
    EXAMPLES: mark("names that were misread before, like those on the photo"),
}


def edit(desk: Desk, stored: StoredPrompt) -> None:
    """The words of a draft to be changed. What somebody else saved meanwhile is never written over."""
    t = desk.t
    text_key, note_key, base_key = (f"prompt_{part}_{stored.name}" for part in ("text", "note", "base"))
    if text_key not in st.session_state:
        st.session_state[base_key] = stored.version
        st.session_state[text_key], st.session_state[note_key] = stored.prompt.text, stored.note or ""
    text = st.text_area(t("Wording"), key=text_key, height=420, label_visibility="collapsed")
    _placeholders(desk)
    note = st.text_input(t("Why it is made"), key=note_key, max_chars=LONGEST_NOTE)
    base = str(st.session_state[base_key])
    sound = _checked(desk, text)
    changed = text != stored.prompt.text or note != (stored.note or "")
    with st.container(horizontal=True, vertical_alignment="center"):
        saved = st.button(t("Save"), type="primary", disabled=not (sound and changed), key="prompt_save")
        anew = base != stored.version and st.button(t("Load it anew"), key="prompt_anew")
        st.caption(t("Until something is read with it, it stays a draft."))
    if base != stored.version:
        st.warning(t("Somebody else saved this draft meanwhile. Take your words along before you load it anew."))
    if anew:
        _forget(text_key, note_key)
    if saved:
        _save(desk, base, text, note, base_key)


def _placeholders(desk: Desk) -> None:
    head = desk.t("Filled for each photo; where there is nothing to say, the paragraph is left out:")
    st.caption(" · ".join([head, *(f"`{{{{{name}}}}}` {desk.t(meaning)}" for name, meaning in MEANINGS.items())]))


def _checked(desk: Desk, text: str) -> bool:
    """Whether the words can be kept; says why not, or what is filled in them."""
    try:
        good_text(text)
    except PromptError as error:
        st.error(desk.t.error(error), icon=":material/error:")
        return False
    if found := asked_for(text):
        st.caption(desk.t("Filled in these words: {placeholders}", placeholders=", ".join(found)))
    return True


def _save(desk: Desk, base: str, text: str, note: str, base_key: str) -> None:
    try:
        edited = desk.services.prompts.edit(base, text=text, note=note)
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
