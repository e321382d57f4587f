"""The photo beside the form: zoom, drag, rotate and fit in the browser, without a round trip to the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypedDict

from ledger.ui.components import register

LABELS: Final[dict[str, str]] = {
    "photo": "Photo of the receipt",
    "tools": "View of the photo",
    "loading": "The photo is loading",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "rotate_left": "Rotate left",
    "rotate_right": "Rotate right",
    "whole": "Whole photo",
    "width": "Full width",
    "real_size": "Real size",
    "places": "All fields on the photo",
    "gone": "The photo cannot be shown: it is no longer in the store.",
    "refused": "The photo cannot be shown: the store does not let us read it.",
    "ended": "The photo's address has ended. Reload the page.",
    "failed": "The photo cannot be shown: the store does not answer as it should.",
    "unreachable": "The photo cannot be shown: the server cannot be reached.",
    "not_a_picture": "The photo cannot be shown: the file is not a picture that a browser knows.",
    "try_again": "Try again",
}
"""Every text the viewer shows, in English. The page translates the values."""

SCRIPTS: Final = ("shared/page", "shared/keeping", "loading", "looking", "places", "gestures", "ahead", "viewer")
"""From what the others stand on to the viewer itself, which holds the default export and so comes last."""

STYLES: Final = ("shared/look", "viewer")

_mount = register("photo_viewer", scripts=SCRIPTS, styles=STYLES)


class Places(TypedDict):
    """Where fields stand on a photo of `size` (width, height) pixels: four corners (x, y) each, by their paths.

    `quarter_turns` is how often the photo was turned counter-clockwise, after EXIF, before they were found.
    """

    size: Sequence[int]
    quarter_turns: int
    fields: Mapping[str, Sequence[Sequence[int]] | None]


class PhotoData(TypedDict):
    """One photo: whose it is, its address, and where its fields stand.

    The address must stay the same from run to run: another address is another photo to the browser.
    """

    photo_id: str
    url: str
    places: Places | None


def photo_viewer(photo: PhotoData, *, labels: Mapping[str, str], key: str) -> None:
    """Show one photo. Zoom and view are kept per `photo_id`; what comes next is fetched when `ahead` names it.

    The place of the field that is worked on, by its path in the reading, is framed on the photo, and a click on a place
    goes to its field in the form.
    """
    _mount(key=key, data={**photo, "labels": dict(labels)})
