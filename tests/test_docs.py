"""README and .env.example name every variable, command and page, and nothing that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

from ledger.config import Settings, variable

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
VARIABLES = {variable(name) for name in Settings.model_fields}


def test_readme_has_a_row_for_every_variable_and_no_other() -> None:
    rows = set(re.findall(r"^\| `(LEDGER_\w+)` \|", README, re.MULTILINE))
    assert rows == {name for name in VARIABLES if name.startswith("LEDGER_")}


def test_readme_says_the_defaults_as_they_are() -> None:
    rows = dict(re.findall(r"^\| `(LEDGER_\w+)` \| `([^`]+)` \|", README, re.MULTILINE))
    defaults = {variable(name): field.default for name, field in Settings.model_fields.items()}
    assert rows == {name: str(value) for name, value in defaults.items() if value is not None}


def test_the_example_has_every_variable() -> None:
    assert set(re.findall(r"^(LEDGER_\w+|OPENAI_API_KEY|OTEL_\w+)=", EXAMPLE, re.MULTILINE)) == VARIABLES


def test_readme_names_every_command_and_target() -> None:
    commands = re.findall(r'_add\(commands, "(\w+)"', (ROOT / "ledger/commands.py").read_text("utf-8"))
    assert commands
    assert [name for name in commands if f"python -m ledger {name}" not in README] == []


def test_files_that_the_documents_point_to_exist() -> None:
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        text = document.read_text("utf-8")
        named = {ROOT / path for path in re.findall(r"`((?:ledger|docs|tests|samples)/[\w/.-]+\.\w+)`", text)}
        linked = {document.parent / path for path in re.findall(r"\]\(([\w/.-]+)\)", text)}
        assert {path for path in named | linked if not path.exists()} == set(), document.name
