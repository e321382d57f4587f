"""A case's picture, cut to where the fields stand that are spoken of."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import Final

import streamlit as st
from PIL import Image

from ledger.bootstrap import Services, build_engine
from ledger.errors import LedgerError
from ledger.experiments.pictures import picture
from ledger.experiments.words import Case
from ledger.extraction.look import Look, Quad
from ledger.extraction.places.finder import places_of
from ledger.inbox.images import open_photo, upright_image
from ledger.inbox.object_store import photo_name
from ledger.ui.shell import Desk

log = logging.getLogger(__name__)

_WIDEST: Final = 900
"""Pixels of what is shown: enough to read it on half a screen."""
_MARGIN: Final = 0.06
"""Of the picture's longer side around what was found: the line above and the line below."""


def crop(desk: Desk, case: Case, paths: Sequence[str]) -> None:
    """Show the part of the picture with these fields; all of it where they were not found."""
    t = desk.t
    try:
        with st.spinner(t("Looking for the place …")):
            shown, found = _cut(desk.services, case, tuple(paths))
    except LedgerError as error:
        st.warning(t.error(error))
        return
    st.image(shown, width="stretch")
    if not found:
        st.caption(t("The place was not found, so the whole picture is shown."))


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Services: id, Case: lambda case: case.image_sha256})
def _cut(services: Services, case: Case, paths: tuple[str, ...]) -> tuple[bytes, bool]:
    photo = open_photo(picture(services, case), photo_name(case.object_key))
    look = _look(services, case, photo.data)
    upright = upright_image(photo, look.quarter_turns if look else 0)
    box = _box(case, paths, look)
    return _as_jpeg(upright.crop(box) if box else upright), box is not None


def _look(services: Services, case: Case, data: bytes) -> Look | None:
    """What OCR sees on it. Where it sees nothing the whole picture is shown."""
    try:
        return build_engine(services.settings).look(open_photo(data, photo_name(case.object_key)))
    except LedgerError as error:
        log.warning("%s: %s", case.object_key, error)
        return None


def _box(case: Case, paths: tuple[str, ...], look: Look | None) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom in pixels around all that was found, over the whole width."""
    if look is None:
        return None
    places = places_of(case.truth, look)
    quads: list[Quad] = [quad for path in paths if (quad := places.get(path)) is not None]
    if not quads:
        return None
    margin = _MARGIN * max(look.width, look.height)
    rows = [y for quad in quads for _, y in quad]
    return 0, round(max(min(rows) - margin, 0)), look.width, round(min(max(rows) + margin, look.height))


def _as_jpeg(part: Image.Image) -> bytes:
    part.thumbnail((_WIDEST, 2 * _WIDEST))
    out = io.BytesIO()
    part.save(out, "JPEG", quality=85)
    return out.getvalue()
