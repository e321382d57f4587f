"""The two parts of the Review page that run in the browser, each a .py, .html, .css and .js of the same name."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).parent


def register(name: str) -> ComponentRenderer:
    """Register the component whose files are called `name`. Call once, at import: Streamlit keeps one per name.

    The texts are read here and given whole, because Streamlit takes a string without a line break for a path.
    """
    html, css, js = ((_HERE / f"{name}.{kind}").read_text("utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component(f"ledger_{name}", html=html, css=css, js=js)
