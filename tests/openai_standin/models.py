"""The models that the stand-in plays: how they reason, what they see, how much they write, when they end.

Efforts: what Chat Completions accepts, as its own refusals list it (`max` is known to the Responses API alone). Sight:
OpenAI, "Images and vision", calculating costs. Ends: OpenAI's page of deprecations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True)
class Tiles:
    """Sees tiles of 512 pixels, after fitting into 2048 x 2048 and bringing the shorter side to 768; in tokens."""

    base: int
    each: int


@dataclass(frozen=True)
class Patches:
    """Sees patches of 32 pixels, `most` of them, on a picture whose longer side is at most `longest` pixels."""

    most: int | None = None
    longest: int | None = None
    tokens_each: float = 1.0


@dataclass(frozen=True)
class Model:
    """What the rules ask about a model. One without `efforts` knows nothing of reasoning."""

    sees: Tiles | Patches
    efforts: tuple[str, ...] = ()
    effort: str = "none"
    """What it does when nobody says."""
    most_read: int = 922_000
    """Tokens of the longest prompt."""
    most_written: int = 128_000
    ends: str | None = None
    snapshot: str | None = None
    """The name under which it answers."""

    def effort_of(self, asked: str | None) -> str:
        """The effort of a request that says `asked`."""
        return asked or self.effort


EFFORTS: Final = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
"""Every name of an effort that the API knows (openai-openapi, ReasoningEffort)."""

_END: Final = "2027-01-14"
_FOUR_O: Final = Model(Tiles(85, 170), most_read=128_000, most_written=16_384, ends=_END)
_CAN_STOP: Final = ("none", "low", "medium", "high", "xhigh")
_MUST: Final = ("low", "medium", "high", "xhigh")
_WHOLE: Final = Patches()
_SMALL: Final = Patches(1536, 2048, 1.62)

MODELS: Final[dict[str, Model]] = {
    "gpt-4o": replace(_FOUR_O, snapshot="gpt-4o-2024-08-06"),
    "gpt-4o-2024-08-06": _FOUR_O,
    "gpt-4o-2024-11-20": _FOUR_O,
    "gpt-4o-mini": replace(_FOUR_O, sees=Tiles(2833, 5667)),
    "gpt-4.1": Model(Tiles(85, 170), most_written=32_768, ends=_END),
    "gpt-4.1-mini": Model(_SMALL, most_written=32_768, ends=_END),
    "gpt-5": Model(Tiles(70, 140), ("minimal", "low", "medium", "high"), "medium", 272_000, ends="2026-12-11"),
    "gpt-5.1": Model(Tiles(70, 140), ("none", "low", "medium", "high"), most_read=272_000, ends="2027-04-01"),
    "gpt-5.4-mini": Model(_SMALL, _CAN_STOP),
    "gpt-5.6-luna": Model(_WHOLE, _CAN_STOP, "medium"),
    "gpt-6-luna": Model(_WHOLE, _CAN_STOP, "medium"),
    "gpt-6-sol": Model(_WHOLE, _CAN_STOP, "medium"),
    "gpt-6-astra": Model(_WHOLE, _MUST, "medium"),
    "gpt-6.1-terra": Model(_WHOLE, _CAN_STOP, "medium"),
    "gpt-6.1-sol": Model(_WHOLE, _MUST, "medium"),
}

LOCAL: Final = Model(Patches(1536, 2048), most_written=32_768)
"""What is taken of a model that is not in the table: servers of one's own run any."""


def model_of(name: str) -> Model:
    """The model of this name; LOCAL for any that OpenAI does not have."""
    return MODELS.get(name, LOCAL)
