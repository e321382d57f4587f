"""A file that is taken away while it is written, so that a long one needs no room."""

from __future__ import annotations

import io
from typing import Any


class TakenFile(io.RawIOBase):
    """What a writer of files writes to: bytes to be taken, never looked at again."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._written += data
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._written)
        self._written.clear()
        return taken
