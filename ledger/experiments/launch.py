"""Starts an experiment in a process of its own: it reads many photos at once, and the desk has to answer meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

_children: list[subprocess.Popen[bytes]] = []
"""Started here; looked after so that none stays behind as a zombie."""


def launch(experiment_id: int, environment: Mapping[str, str]) -> int:
    """Start it and return the process's id. What it does is seen in the database; what goes wrong, in our log.

    It is in our process group: who ends the desk at its terminal ends it too, and it lets its last answers come in.
    """
    _children[:] = [child for child in _children if child.poll() is None]
    command = [sys.executable, "-m", "ledger", "experiment", "run", str(experiment_id), "--quiet", "--started"]
    child = subprocess.Popen(command, env=dict(environment), stdin=subprocess.DEVNULL)  # noqa: S603 -- all of it is ours
    _children.append(child)
    return child.pid
