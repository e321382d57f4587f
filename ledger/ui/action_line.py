"""The line above the form: which receipt is on the desk, what of the list is followed, what leads back."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ledger.inbox.object_store import photo_name
from ledger.ui import following, past_bar
from ledger.ui.opened_receipt import Opened
from ledger.ui.plain_table import text
from ledger.ui.seen import show_seen
from ledger.ui.shell import Desk

_KEPT_END: Final = 10
"""Characters at the end of a photo's name that are never cut: two photos of one day differ there."""


def action_line(desk: Desk, opened: Opened) -> None:
    """Draw the line."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="action_line"):
        st.html(facts(desk, opened))
        following.filter_chip(desk)
        if opened.judged.was_shown and st.button(desk.t("What the model saw"), type="tertiary"):
            show_seen(desk, opened.judged.reading_id)
        past_bar.past_buttons(desk, opened)


def facts(desk: Desk, opened: Opened) -> str:
    """Number, photo, status and reader, as HTML in one line: where there is no room a name loses its middle."""
    name, status = photo_name(opened.receipt.object_key), desk.t.plain.status(opened.receipt.status)
    begin, end = text(name[:-_KEPT_END]), text(name[-_KEPT_END:])
    more = " · ".join((status, opened.reader))
    return (
        f'<p class="facts"><span>#{opened.receipt.id} ·&nbsp;</span>'
        f'<span class="name" title="{text(name)}">{begin}</span><span title="{text(name)}">{end}</span>'
        f'<span class="more" title="{text(more)}">&nbsp;· {text(more)}</span></p>'
    )
