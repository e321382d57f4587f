"""What a model is shown of a photo: one picture, or the labelled parts of a tall strip. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Frame = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels of the upright picture; right and bottom are one past the last."""


@dataclass(frozen=True, slots=True)
class Part:
    """One picture of a request: JPEG bytes of `width` x `height` pixels that show `frame` of the upright picture."""

    jpeg: bytes
    width: int
    height: int
    frame: Frame


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything a model is shown of one photo, from top to bottom, and what it cost to make."""

    parts: tuple[Part, ...]
    milliseconds: int
    preparation: str = "none"
    """As applied."""
    quarter_turns: int = 0
    """How often the picture was turned counter-clockwise by 90 degrees, after EXIF."""

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(len(part.jpeg) for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        """What is stored with the run: everything but the pictures, which can be made again from the photo."""
        parts = [
            {"frame": list(part.frame), "width": part.width, "height": part.height, "bytes": len(part.jpeg)}
            for part in self.parts
        ]
        made = {"milliseconds": self.milliseconds, "preparation": self.preparation, "quarter_turns": self.quarter_turns}
        return {"parts": parts} | made
