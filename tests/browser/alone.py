"""A component in Chromium without the desk around it: a page of its styles, its scripts and what a test says to it."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

from ledger.ui import components
from ledger.ui.components import joined


def page_of(component: ModuleType, script: str) -> str:
    """The page: `script` comes after the component's own, which stand under `root`."""
    name = component.__name__.rpartition(".")[2]
    parts = joined(name, "js", component.SCRIPTS).replace("export default function", "function")
    html = (Path(components.__file__).parent / name / f"{name}.html").read_text("utf-8")
    styled = f"<style>{joined(name, 'css', component.STYLES)}</style>{html}"
    return f"""<!doctype html><meta charset="utf-8"><div id="host"></div><script>{parts}
const root = document.getElementById("host").attachShadow({{ mode: "open" }});
root.innerHTML = {json.dumps(styled)};
{script}</script>"""
