"""The parts of pages that run in the browser: a .py each, and a folder of what the browser is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).parent


def register(name: str, *, scripts: Sequence[str], styles: Sequence[str]) -> ComponentRenderer:
    """Register the component in the folder `name`. Call once, at import: Streamlit keeps one per name."""
    return st.components.v2.component(
        f"ledger_{name}",
        html=(_HERE / name / f"{name}.html").read_text("utf-8"),
        css=joined(name, "css", styles),
        js=joined(name, "js", scripts),
    )


def joined(name: str, kind: Literal["js", "css"], parts: Sequence[str]) -> str:
    """The component's parts as one text, in the order given; one named shared/… belongs to several components.

    The scripts are one ES module of one scope, without a build step: no part imports, no two declare the same name, and
    the one export is the default of the last. The styles are one cascade, in which later rules win. Streamlit
    is given the text whole, because it takes a string without a line break for a path.
    """
    files = [(_HERE if part.startswith("shared/") else _HERE / name) / f"{part}.{kind}" for part in parts]
    return "\n".join(file.read_text("utf-8") for file in files)


def sent(key: str) -> Mapping[str, Any]:
    """What a component sent, before it is shown: carried out first, so that the run that answers it shows it too."""
    return st.session_state.get(key) or {}


def nothing() -> None:
    """Declares a value of a component; the page reads the result instead."""
