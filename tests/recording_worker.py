"""A worker that writes down what it was asked to do: python -m tests.recording_worker URL FILE THREADS"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ledger.broker import work


class Recorder:
    """Its methods are tasks."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def do(self, *args: int) -> None:
        self._write("do", *args)

    def fail(self, *args: int) -> None:
        self._write("fail", *args)
        raise ZeroDivisionError

    def take_long(self, *args: int) -> None:
        self._write("begun", *args)
        time.sleep(2)
        self._write("ended", *args)

    def _write(self, *words: object) -> None:
        with self._file.open("a") as file:
            file.write(" ".join(map(str, words)) + "\n")


if __name__ == "__main__":
    recorder = Recorder(Path(sys.argv[2]))
    work(sys.argv[1], (recorder.do, recorder.fail, recorder.take_long), int(sys.argv[3]))
