"""deploy/debian-packages.sh: a start without network waits for packages once."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "deploy" / "debian-packages.sh"


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """A machine of root on which nothing is installed and nothing can be."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (tmp_path / ".venv").mkdir()
    for name, body in {"dpkg-query": "exit 1", "apt-get": "echo asked >>asked; exit 100", "id": "echo 0"}.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    return folder


def run(commands: Path, *words: str) -> tuple[int, str, int]:
    """Exit code, what was complained about, and how often apt-get was asked so far."""
    path = f"{commands}:{os.environ['PATH']}"
    done = subprocess.run(
        [SCRIPT, *words], cwd=commands.parent, env={"PATH": path}, capture_output=True, text=True, check=False
    )
    asked = commands.parent / "asked"
    return done.returncode, done.stderr, len(asked.read_text().splitlines()) if asked.exists() else 0


def test_a_failed_attempt_is_not_repeated_and_the_command_is_said_again(commands: Path) -> None:
    for _ in range(2):
        code, said, asked = run(commands, "some-package")
        assert (code, asked) == (0, 1)
        assert "sudo apt-get install -y some-package" in said


def test_other_packages_are_tried_and_required_ones_always(commands: Path) -> None:
    run(commands, "some-package")
    assert run(commands, "some-package", "another")[2] == 2
    assert run(commands, "--required", "some-package", "another")[::2] == (1, 3)
