"""How sure the engine on this machine was of the signs of each field it read. Pure."""

from __future__ import annotations

from ledger.extraction.look import Look
from ledger.extraction.places.finder import spots_of
from ledger.extraction.places.lines import lines_of


def sign_confidences(look: Look) -> dict[str, float]:
    """By path the confidence, 0 to 1, in the least sure sign of each field that is found on the page again."""
    lines = lines_of(look)
    found = {
        path: [value for spot in spots for value in lines[spot.line].confidences(spot.start, spot.end)]
        for path, spots in spots_of(look.receipt, lines).items()
    }
    return {path: min(values) for path, values in found.items() if values}
