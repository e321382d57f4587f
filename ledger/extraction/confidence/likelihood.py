"""How sure a reader was of one field, and what else it had in mind. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alternative:
    """What a field's value, as text, would have been with a runner-up in one of its places; 0 to 1."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Likelihood:
    """Probabilities from 0 to 1 that a reader gave to the value of one field."""

    probability: float
    """Of the whole value: the product over its pieces."""
    weakest: float
    """Of the piece it was least sure of."""
    alternatives: tuple[Alternative, ...] = ()
    """Other values it had in mind, the likeliest first; never the value itself."""
