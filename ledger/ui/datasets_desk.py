"""Dataset versions on the Experiments page: what there is, freezing confirmed receipts, importing files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from ledger.clock import utc_now
from ledger.database import Database
from ledger.errors import LedgerError
from ledger.experiments.datasets import LONGEST_NAME, dataset_versions
from ledger.experiments.freezing import Matching, freeze, matching
from ledger.experiments.importing import TEST_SHARE, import_dataset
from ledger.notes import Note
from ledger.review.confirmed import Search
from ledger.ui.dataset_route import dataset_url
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts, markdown_text

_MOST_MEGABYTES: Final = 500
"""Of an upload, which the server holds in memory whole."""
_FROZEN: Final = "dataset_frozen"
_IMPORTED: Final = "dataset_imported"
_EDITION: Final = "dataset_edition"
"""Grows with each version that was made: fields of the next one begin empty."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What became of a button: a version, or the reason why there is none."""

    name: str = ""
    cases: int = 0
    tests: int = 0
    of: int = 0
    share: float = 0
    """Of receipts to test, as it was wished."""
    notes: tuple[Note, ...] = ()
    error: LedgerError | None = None


def dataset_list(desk: Desk) -> None:
    """All versions, each with its zip."""
    t, versions = desk.t, dataset_versions(desk.services.database)
    if not versions:
        st.info(
            t("There is no dataset version yet. Freeze confirmed receipts below, or import some with their truth."),
            icon=":material/ac_unit:",
        )
        return
    zipped = t("Download")
    table = {
        t("Version"): [f"**{markdown_text(version.name)}**" for version in versions],
        t("Receipts"): [t.number(version.cases) for version in versions],
        t("To tune on"): [t.number(version.cases - version.tests) for version in versions],
        t("To test"): [t.number(version.tests) for version in versions],
        t("Made from"): [_made_from(t, version.origin) for version in versions],
        t("By"): [markdown_text(version.operator) for version in versions],
        t("At"): [markdown_text(t.time(version.created_at)) for version in versions],
        t("File"): [f"[{zipped}]({dataset_url(desk.services, version)})" for version in versions],
    }
    st.table(pd.DataFrame(table), hide_index=True, alt=t("All dataset versions"))


def freeze_form(desk: Desk) -> None:
    """Freeze confirmed receipts under a name."""
    t = desk.t
    st.subheader(t("Freeze confirmed receipts"))
    _report(desk, st.session_state.pop(_FROZEN, None))
    if not _found(desk.services.database, Search()).receipts:
        st.info(t("No receipt has been confirmed yet. Confirm the first one in review."))
        return
    name = _name(desk, "freeze")
    search = _search(desk)
    found = _found(desk.services.database, search)
    st.caption(
        t("Confirmed receipts that match: {receipts}, of shops: {shops}.", receipts=found.receipts, shops=found.shops)
        if found.receipts
        else t("No confirmed receipt matches. Try fewer letters or a longer time.")
    )
    size, seed = st.columns(2)
    wanted = size.number_input(
        t("Sample size"),
        min_value=1,
        value=None,
        key="freeze_size",
        placeholder=t("All that match"),
        help=t("A sample has each shop, and within it sure and doubtful readings, in proportion."),
    )
    number = seed.number_input(
        t("Seed"), value=0, key="freeze_seed", help=t("The same seed chooses the same receipts and the same split.")
    )
    share = _share(desk, "freeze")
    if st.button(t("Freeze"), key="freeze", type="primary", icon=":material/ac_unit:", disabled=not found.receipts):
        with st.spinner(t("Freezing …")):
            st.session_state[_FROZEN] = _freeze(desk, name, search, wanted, int(number), share)
        _start_afresh(_FROZEN)


def import_form(desk: Desk) -> None:
    """Import a zip: an exported version, or pictures with their truths."""
    t = desk.t
    st.subheader(t("Import a zip"))
    _report(desk, st.session_state.pop(_IMPORTED, None))
    st.caption(
        t(
            "A version that was exported, or pictures (a.jpg), each with its truth beside it (a.json). Larger ones, and"
            " folders, with: python -m ledger dataset import"
        )
    )
    file = st.file_uploader(
        t("Zip"), type="zip", key=_keyed("import_file"), max_upload_size=_MOST_MEGABYTES, label_visibility="collapsed"
    )
    name = _name(desk, "import", t("Its own"))
    share = _share(desk, "import")
    if st.button(t("Import"), key="import", type="primary", icon=":material/upload:", disabled=file is None):
        assert file is not None
        with st.spinner(t("Checking every picture and every truth …")):
            st.session_state[_IMPORTED] = _import(desk, file, name, share)
        _start_afresh(_IMPORTED)


def _name(desk: Desk, form: str, placeholder: str = "") -> str:
    label = desk.t("Name of the version")
    return st.text_input(label, key=_keyed(f"{form}_name"), max_chars=LONGEST_NAME, placeholder=placeholder) or ""


def _search(desk: Desk) -> Search:
    """What is to be frozen, as on the Confirmed page."""
    t = desk.t
    wanted = st.text_input(
        t("Search"), key="freeze_text", placeholder=t("Shop, place or item"), icon=":material/search:"
    )
    since, until = st.columns(2)
    first: dt.date | None = since.date_input(t("From"), value=None, key="freeze_since", format="YYYY-MM-DD")
    last: dt.date | None = until.date_input(t("To"), value=None, key="freeze_until", format="YYYY-MM-DD")
    return Search(wanted or "", first, last)


def _share(desk: Desk, form: str) -> float:
    t = desk.t
    helped = t(
        "Receipts that no prompt is tuned on: of shops that are held out whole, and the newest of the others. Only"
        " receipts that come without a split are split."
    )
    percent = st.slider(
        t("Share to test (%)"), 0, 100, round(TEST_SHARE * 100), step=5, key=f"{form}_share", help=helped
    )
    return percent / 100


@st.cache_data(ttl=30, max_entries=100, show_spinner=False, hash_funcs={Database: id})
def _found(database: Database, search: Search) -> Matching:
    """Counted anew twice a minute: a million receipts take longer than a key press."""
    return matching(database, search)


def _freeze(desk: Desk, name: str, search: Search, size: int | None, seed: int, share: float) -> _Made:
    def made() -> _Made:
        report = freeze(
            desk.services.database,
            name=name,
            search=search,
            size=size,
            seed=seed,
            test_share=share,
            operator=desk.operator,
            now=utc_now(),
        )
        return _Made(report.name, report.cases, report.tests, report.candidates, share, report.left_out)

    return _or_why(made)


def _import(desk: Desk, file: Any, name: str, share: float) -> _Made:
    def made() -> _Made:
        imported = import_dataset(
            desk.services.database,
            desk.services.datasets,
            file,
            label=file.name,
            operator=desk.operator,
            now=utc_now(),
            name=name,
            test_share=share,
        )
        version = imported.version
        wished = version.origin.get("test_share", 0.0)  # none where the files said which split each is of
        return _Made(version.name, version.cases, version.tests, version.cases, wished, imported.notes)

    return _or_why(made)


def _or_why(made: Callable[[], _Made]) -> _Made:
    try:
        return made()
    except LedgerError as error:
        return _Made(error=error)


def _report(desk: Desk, made: _Made | None) -> None:
    """What became of the last button."""
    if made is None:
        return
    t = desk.t
    if made.error is not None:
        st.error(t.error(made.error), icon=":material/error:")
        return
    parts = {"cases": t.number(made.cases), "tunes": t.number(made.cases - made.tests), "tests": t.number(made.tests)}
    sentences = [
        t("“{name}” is there. Receipts: {cases}, to tune on: {tunes}, to test: {tests}.", name=made.name, **parts)
    ]
    if made.of > made.cases:
        sentences.append(t("It is a sample of {count}.", count=t.number(made.of)))
    st.success("  \n".join([*sentences, *map(t.note, made.notes)]), icon=":material/check:")
    if not made.tests and made.share:
        st.warning(
            t("None is to be tested: they are of one day, and of shops too large to be held out. Take more of them.")
        )


def _start_afresh(kept: str) -> None:
    """Show it, and begin the next one with empty fields; after an error what was typed stays."""
    if st.session_state[kept].error is None:
        st.session_state[_EDITION] = st.session_state.get(_EDITION, 0) + 1
        _found.clear()
    st.rerun()


def _keyed(name: str) -> str:
    return f"{name}_{st.session_state.get(_EDITION, 0)}"


def _made_from(t: Texts, origin: Mapping[str, Any]) -> str:
    """How a version was made, in words."""
    if origin.get("made") == "imported":
        return t("File {file}", file=origin.get("file"))
    return " · ".join([t("Confirmed receipts"), *_filter(t, origin)])


def _filter(t: Texts, origin: Mapping[str, Any]) -> Sequence[str]:
    parts = [f"“{markdown_text(origin['text'])}”"] if origin.get("text") else []
    if origin.get("since") or origin.get("until"):
        parts.append(f"{markdown_text(origin.get('since') or '')} – {markdown_text(origin.get('until') or '')}")
    if origin.get("size"):
        sample = t("sample of {count}, seed {seed}", count=t.number(origin["candidates"]), seed=origin.get("seed"))
        parts.append(sample)
    return parts
