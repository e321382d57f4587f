"""What every page opens with: the guard, the language, who works here, and plain sentences instead of tracebacks."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from ledger.bootstrap import build_services
from ledger.config import Settings, load_settings
from ledger.errors import DatabaseError, LedgerError, NotSignedIn
from ledger.loaded import keep_what_is_loaded
from ledger.services import Services
from ledger.ui.plain_table import text
from ledger.ui.texts import LANGUAGES, Texts, markdown_text

log = logging.getLogger(__name__)

_given: list[Services] = []
"""Services that the server was started with; a page run without our server builds its own."""

_LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page works with."""

    services: Services
    t: Texts
    operator: str

    @property
    def is_admin(self) -> bool:
        """Whether this operator may take over what somebody else holds. A typed name proves nothing: see the header."""
        admins = self.services.settings.admins
        return admins is None or self.operator in admins


def use_services(services: Services) -> None:
    """Make these the services of all pages in this process."""
    _given[:] = [services]
    _checked.clear()


def is_probe() -> bool:
    """Whether a probe of the server's health runs this, and not somebody's browser."""
    return not st.context.headers


def session_texts() -> Texts:
    """Texts in this session's language, whatever else may be wrong: `open_desk` says what."""
    try:
        default = _services().settings.language
    except Exception:
        default = "ko"
    return Texts(_language(default))


def open_desk() -> Desk:
    """The guard: every page begins with it, and app.py before anything is shown but the way to the pages.

    Stops the run with a sentence when settings, database or schema do not allow work.
    """
    texts = session_texts()
    with plain_sentences(texts):
        services = _services()
        _check(services)
        operator = _operator(services.settings) or services.settings.operator
    return Desk(services, texts, operator)


@contextmanager
def plain_sentences(texts: Texts) -> Iterator[None]:
    """Show what goes wrong inside as one sentence, with a button to try again; the log has the rest.

    A probe of the server's health is not told a sentence: without database or schema nobody is to be sent here.
    """
    try:
        yield
    except LedgerError as error:
        if isinstance(error, DatabaseError) and is_probe():
            raise
        log.warning("%s", error)
        _stop_with(texts, texts.error(error))
    except Exception as error:
        if isinstance(error, RerunException | StopException):
            raise  # not failures: Streamlit reruns and stops by them
        log.exception("a page failed")
        _stop_with(texts, texts("Something went wrong here. Nothing was lost; the server's log has the details."))


def guarded_fragment(*, run_every: str) -> Callable[[Callable[[Desk], None]], Callable[[Desk], None]]:
    """A fragment that runs again by itself, outside app.py; what goes wrong then is one sentence too."""

    def guarded(draw: Callable[[Desk], None]) -> Callable[[Desk], None]:
        @st.fragment(run_every=run_every)
        @functools.wraps(draw)
        def fragment(desk: Desk) -> None:
            with plain_sentences(desk.t):
                draw(desk)

        return fragment

    return guarded


def top_bar(desk: Desk) -> None:
    """Who reads, who works, which language: in the line of the pages' names where it has room, else below it."""
    st.html(f"<style>{_STYLE}{_BESIDE_NAMES.substitute(_ROOM[desk.t.language])}</style>")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="top_bar"):
        reader = text(reader_text(desk.t.plain, desk.services))
        st.html(f'<p title="{reader}">{reader}</p>')
        _operator_name(desk)
        st.segmented_control(
            desk.t("Language"),
            options=list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key="language",
            required=True,
            label_visibility="collapsed",
            width="content",
        )


def _operator_name(desk: Desk) -> None:
    """Who works here: to be typed, unless a sign-in proxy says it."""
    if desk.services.settings.operator_header:
        st.caption(f":material/person: {markdown_text(desk.operator)}", width="content")
        return
    st.text_input(
        desk.t("Operator"),
        key="operator",
        placeholder=desk.t("Operator: {name}", name=desk.operator),
        label_visibility="collapsed",
        max_chars=_LONGEST_NAME,
        width=180,
    )


def reader_text(t: Texts, services: Services) -> str:
    """Who reads the photos, in words; nothing while the database is away, which the page itself says."""
    if services.extractor.engine == "offline":
        return t("Read by the offline engine (OCR on this machine, no language model)")
    try:
        settings = services.production.current()
    except DatabaseError:
        return ""
    parts = [t("Read by {model}", model=settings.model)]
    if settings.temperature is not None:
        parts.append(t("temperature {temperature}", temperature=settings.temperature))
    if end := services.retirement(settings):
        parts.append(t("until {date}", date=t.date(end.ends)))
    return ", ".join(parts)


def _services() -> Services:
    return _given[0] if _given else _own_services()


@st.cache_resource(show_spinner=False)
def _own_services() -> Services:
    return build_services(load_settings())


_checked: Final[set[int]] = set()
_STYLE: Final = Path(__file__).with_name("page.css").read_text("utf-8")
_BESIDE_NAMES: Final = Template(Path(__file__).with_name("top_bar.css").read_text("utf-8"))
_ROOM: Final = {"ko": {"names": "35rem", "wide": "76rem"}, "en": {"names": "47.5rem", "wide": "93rem"}}
"""How much the names of the pages take in each language, and from which width on all the rest fits beside them."""


def _check(services: Services) -> None:
    """Once per process: is the schema ours? Later outages are named by the pages' own queries."""
    if id(services) in _checked:
        return
    services.database.check()
    keep_what_is_loaded()
    _checked.add(id(services))


def _language(default: str) -> str:
    if "language" not in st.session_state:
        asked = st.query_params.get("lang", default)
        st.session_state["language"] = asked if asked in LANGUAGES else default
    chosen = str(st.session_state["language"] or default)
    if chosen != default:
        st.query_params["lang"] = chosen
    elif "lang" in st.query_params:
        del st.query_params["lang"]
    return chosen


def _operator(settings: Settings) -> str:
    """Who works here: as the sign-in proxy says, or else as typed. A typed name is part of the address, so that it
    outlives a reload. Raises NotSignedIn.
    """
    if header := settings.operator_header:
        if not (name := _utf8(str(st.context.headers.get(header, ""))).strip()):
            raise NotSignedIn(header=header)
        return name[:_LONGEST_NAME]
    name = str(st.session_state.setdefault("operator", st.query_params.get("operator", "")[:_LONGEST_NAME])).strip()
    if name:
        st.query_params["operator"] = name
    elif "operator" in st.query_params:
        del st.query_params["operator"]
    return name


def _utf8(header: str) -> str:
    """A header's value: its bytes come as Latin-1 (RFC 9110, 5.5), and a proxy sends a Hangul name as UTF-8."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _stop_with(texts: Texts, sentence: str) -> None:
    st.error(sentence, icon=":material/error:")
    st.button(texts("Try again"), key="try_again", type="primary")
    st.stop()
