"""Commands as tests run them: what was said and what came of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.commands import main

Run = Callable[..., tuple[int, str, str]]


def runner(capsys: pytest.CaptureFixture[str], *before: str) -> Run:
    """Runs a command with these words before its own: exit code, what was printed, what was complained about."""

    def run(*argv: object) -> tuple[int, str, str]:
        code = main([*before, *map(str, argv)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run
