"""A table for reading: native HTML, so that it can be marked, copied and read aloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

import streamlit as st

_STYLE: Final = """<style>
.plain-table { width: 100%; border-collapse: collapse; word-break: keep-all; overflow-wrap: anywhere; }
.plain-table caption { text-align: left; font-weight: 600; padding: .25rem 0; }
.plain-table th, .plain-table td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
.plain-table thead th { font-weight: 600; opacity: .75; white-space: nowrap; }
.plain-table tbody th { font-weight: 400; white-space: nowrap; }
.plain-table small { opacity: .75; }
.plain-table .now { font-weight: 600; }
.plain-table .differs { font-weight: 600; background: color-mix(in srgb, #f0a818 26%, transparent); }
</style>"""


def show_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table whose first column names its rows. The cells are HTML: `text` makes them of what comes from outside."""
    first = "".join(f'<th scope="col">{text(cell)}</th>' for cell in head)
    lines = "".join(_line(row) for row in rows)
    st.html(
        f'{_STYLE}<table class="plain-table"><caption>{text(caption)}</caption>'
        f"<thead><tr>{first}</tr></thead><tbody>{lines}</tbody></table>"
    )


def text(value: object) -> str:
    """A value as it has to be written in HTML, so that people see its characters and nothing else."""
    return escape(str(value))


def _line(cells: Sequence[str]) -> str:
    first, *others = cells
    return f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in others) + "</tr>"
