"""A case's picture, cut to where the fields stand that are spoken of."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import streamlit as st

from ledger.errors import LedgerError
from ledger.experiments.pictures import picture
from ledger.experiments.words import Case
from ledger.extraction.look import Look, Quad
from ledger.extraction.places.finder import places_of
from ledger.extractors import build_engine
from ledger.inbox.images import open_photo, upright_image
from ledger.inbox.object_store import photo_name
from ledger.services import Services
from ledger.ui.cutting import cut
from ledger.ui.shell import Desk

log = logging.getLogger(__name__)


def crop(desk: Desk, case: Case, paths: Sequence[str]) -> None:
    """Show the part of the picture with these fields; all of it where they were not found."""
    t = desk.t
    try:
        with st.spinner(t("Looking for the place …")):
            shown, found = _cut(desk.services, case, tuple(paths))
    except LedgerError as error:
        st.warning(t.error(error))
        return
    st.image(shown, width="stretch", alt=t("The place on the photo"))
    if not found:
        st.caption(t("The place was not found, so the whole picture is shown."))


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Services: id, Case: lambda case: case.image_sha256})
def _cut(services: Services, case: Case, paths: tuple[str, ...]) -> tuple[bytes, bool]:
    photo = open_photo(picture(services, case), photo_name(case.object_key))
    look = _look(services, case, photo.data)
    upright = upright_image(photo, look.quarter_turns if look else 0)
    quads = _quads(case, paths, look)
    return cut(upright, quads, (look.width, look.height) if look else upright.size), bool(quads)


def _look(services: Services, case: Case, data: bytes) -> Look | None:
    """What OCR sees on it. Where it sees nothing the whole picture is shown."""
    try:
        return build_engine(services.settings).look(open_photo(data, photo_name(case.object_key)))
    except LedgerError as error:
        log.warning("%s: %s", case.object_key, error)
        return None


def _quads(case: Case, paths: tuple[str, ...], look: Look | None) -> list[Quad]:
    """The places of all that was found."""
    places = places_of(case.truth, look) if look else {}
    return [quad for path in paths if (quad := places.get(path)) is not None]
