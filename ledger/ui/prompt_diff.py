"""What sets two prompts apart, as people read it: removed in red, added in green, each with its sign."""

from __future__ import annotations

from typing import Final

import streamlit as st

from ledger.prompts.diff import ADDED, GAP, REMOVED, Line, Part, compared
from ledger.prompts.words import StoredPrompt
from ledger.ui.plain_table import text as html
from ledger.ui.shell import Desk
from ledger.ui.texts import mark

PARTS: Final = {
    Part.WORDING: mark("Wording"),
    Part.SCHEMA_NOTES: mark("Schema notes"),
    Part.NAMES: mark("Names that are offered"),
    Part.EXAMPLES: mark("Examples"),
}
_MOST_LINES: Final = 1_000
_CLASSES: Final = {ADDED: "added", REMOVED: "removed", GAP: "gap"}
_STYLE: Final = """<style>
.prompt-diff { margin: 0; font-size: .9rem; line-height: 1.6; word-break: keep-all; overflow-wrap: anywhere; }
.prompt-diff div { display: flex; padding: 0 .5rem; min-height: 1.6em; white-space: pre-wrap; }
.prompt-diff .sign { flex: none; width: 1.5rem; font-family: monospace; user-select: none; }
.prompt-diff .added { background: color-mix(in srgb, #1a9a50 18%, transparent); }
.prompt-diff .removed { background: color-mix(in srgb, #d8402f 18%, transparent); }
.prompt-diff mark { color: inherit; border-radius: 2px; }
.prompt-diff .added mark { background: color-mix(in srgb, #1a9a50 42%, transparent); }
.prompt-diff .removed mark { background: color-mix(in srgb, #d8402f 42%, transparent); }
.prompt-diff .gap { opacity: .7; }
</style>"""


def show_diff(desk: Desk, before: StoredPrompt, after: StoredPrompt) -> None:
    """The lines that differ, with some around them, below the part that they are of."""
    t, parts = desk.t, compared(before.prompt, after.prompt)
    if not parts:
        st.info(t("Both say the same."))
        return
    lines = [line for part in parts.values() for line in part]
    removed, added = (sum(1 for line in lines if line.sign == sign) for sign in (REMOVED, ADDED))
    st.caption(
        t(
            "Lines removed from {before}: {removed}. Lines added in {after}: {added}.",
            before=before.name,
            removed=t.number(removed),
            after=after.name,
            added=t.number(added),
        )
    )
    words = {ADDED: t("added"), REMOVED: t("removed")}
    for part, some in parts.items():
        st.markdown(f"##### {t(PARTS[part])}")
        shown = "".join(_line(line, words) for line in some[:_MOST_LINES])
        st.html(f'{_STYLE}<div class="prompt-diff">{shown}</div>')


def _line(line: Line, words: dict[str, str]) -> str:
    pieces = "".join(f"<mark>{html(piece)}</mark>" if changed else html(piece) for piece, changed in line.pieces)
    label = f' aria-label="{html(words[line.sign])}"' if line.sign in words else ""
    sign = f'<span class="sign" role="img"{label}>{html(line.sign)}</span>' if label else _plain_sign(line)
    return f'<div class="{_CLASSES.get(line.sign, "same")}">{sign}<span>{pieces}</span></div>'


def _plain_sign(line: Line) -> str:
    return f'<span class="sign" aria-hidden="true">{html(line.sign)}</span>'
