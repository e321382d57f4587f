"""Laws of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "pages").glob("*.py"))
SOURCES = sorted([*ROOT.glob("*.py"), *PAGES, *(ROOT / "ledger").rglob("*.py"), *(ROOT / "samples").glob("*.py")])
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_a_page_draws_and_leaves_work_to_the_stages(page: Path) -> None:
    forbidden = ("openai", "boto3", "botocore", "sqlalchemy", "ledger.database", "ledger.tables", "os", "threading")

    assert [
        name for name in imported(page) if name.startswith(tuple(f"{f}." for f in forbidden)) or name in forbidden
    ] == []


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_a_page_opens_with_the_guard(page: Path) -> None:
    statements = ast.parse(page.read_text("utf-8")).body
    after_imports = [node for node in statements[1:] if not isinstance(node, ast.Import | ast.ImportFrom)]

    assert ast.get_docstring(ast.Module(statements, []))
    assert ast.unparse(after_imports[0]) == "desk = open_desk()"


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_a_page_is_short(page: Path) -> None:
    assert len(page.read_text("utf-8").splitlines()) <= 80


def test_there_are_pages() -> None:
    assert len(PAGES) >= 4


def test_only_the_settings_read_the_environment() -> None:
    reading = re.compile(r"\benviron\b(?!\.setdefault)|\bgetenv\b")  # the package itself sets one for ONNX Runtime

    assert names([path for path in SOURCES if reading.search(path.read_text("utf-8"))]) == ["ledger/config.py"]


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    pytests = r"pytest\.skip\b|from pytest import|\bskip(if|test)\s*\(|mark\.(skip|xfail)|importorskip|\bxfail\("
    marks = re.compile(pytests, re.IGNORECASE)  # receipts are skipped, too
    here = Path(__file__)

    assert names([path for path in TESTS if path != here and marks.search(path.read_text("utf-8"))]) == []


def test_no_module_is_named_after_nothing() -> None:
    assert [path for path in names(SOURCES) if re.search(r"\b(utils?|helpers?|common|misc)\b", path)] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path
        for path in SOURCES
        if path.read_text("utf-8") and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]

    assert names(silent) == []


def test_every_text_is_composed_hangul() -> None:
    files = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    )
    texts = [ROOT / name for name in files if name.endswith((".py", ".md", ".po", ".js", ".css", ".html", ".json"))]

    apart = [path for path in texts if path.exists() and not unicodedata.is_normalized("NFC", path.read_text("utf-8"))]

    assert names(apart) == []


def test_a_command_that_needs_no_server_loads_none() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, ledger.commands; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert {"streamlit", "uvicorn", "starlette"} & set(loaded) == set()
