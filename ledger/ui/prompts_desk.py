"""The Prompts page before one is chosen: which is active for whom, every version, what was active before, a file in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from ledger.errors import PromptError, PromptNotFound
from ledger.experiments.datasets import labels_of_versions
from ledger.prompts.activation import Active
from ledger.prompts.families import family_of
from ledger.prompts.files import imported
from ledger.prompts.taking_in import take_in
from ledger.prompts.words import PromptStatus, StoredPrompt
from ledger.ui.plain_table import show_table
from ledger.ui.plain_table import text as html
from ledger.ui.sections import choose_section
from ledger.ui.shell import Desk
from ledger.ui.texts import Texts, mark, markdown_text

PAGE: Final = "pages/5_prompts.py"
VERSIONS: Final = "versions"
PROPOSALS: Final = "proposals"
SECTIONS: Final = {VERSIONS: mark("Versions"), PROPOSALS: mark("Proposals")}
_OPEN: Final = "prompt"

STATUSES: Final = {
    PromptStatus.DRAFT: mark("draft"),
    PromptStatus.USED: mark("used"),
    PromptStatus.ACTIVE: mark("active"),
    PromptStatus.RETIRED: mark("retired"),
}
_HEAD: Final = (mark("Version"), mark("State"), mark("Made from"), mark("Made"), mark("Note"))
_WIDTHS: Final = (3, 3, 3, 3, 5)
_FILE_MEGABYTES: Final = 20


def opened(desk: Desk) -> StoredPrompt | None:
    """The version that the address names."""
    asked = st.query_params.get(_OPEN)
    if asked is None:
        return None
    try:
        return desk.services.prompts.named(asked)
    except PromptNotFound as error:
        st.warning(desk.t.error(error))
        return None


def chosen_section(desk: Desk) -> str:
    """Which part of the page is wanted."""
    return choose_section(desk, SECTIONS, "prompts_section", "part")


def open_one(name: str) -> None:
    """Go to a version; the run ends."""
    st.query_params[_OPEN] = name
    st.rerun()


def address(name: str | None = None) -> dict[str, Any]:
    """Where a version stands on this page; without one, where all of them do."""
    others = {key: value for key, value in st.query_params.to_dict().items() if key != _OPEN}
    return others | ({_OPEN: name} if name else {})


def status_text(t: Texts, stored: StoredPrompt) -> str:
    """What a version is, and for whom."""
    if stored.status != PromptStatus.ACTIVE:
        return t(STATUSES[stored.status])
    if stored.families:
        return t("active for {families}", families=", ".join(stored.families))
    return t("active where nothing was promoted")


def show_active(desk: Desk) -> None:
    """What each family of models is asked with, each with its way back."""
    prompts = desk.services.prompts
    holding = {each.family: each for each in prompts.history() if each.ended_at is None}
    families = sorted({family_of(desk.services.asked_of_models().model), *holding})
    with st.container(border=True, key="active_prompts"):
        for family in families:
            _active_row(desk, family, prompts.active(family), holding.get(family))


def _active_row(desk: Desk, family: str, version: str, active: Active | None) -> None:
    t = desk.t
    with st.container(horizontal=True, vertical_alignment="center"):
        if active is None:
            st.write(t("{family} is asked with the built-in {prompt}.", family=family, prompt=version))
            return
        st.write(
            t(
                "{family} is asked with {prompt} since {time}, promoted by {operator}{reason}.",
                family=family,
                prompt=version,
                time=t.time(active.created_at),
                operator=active.operator,
                reason=_reason(t.plain, active.reason),
            )
        )
        _evidence_link(desk, active)
        passed_over = t("One that was put away is passed over.")
        if st.button(t("Back to the prompt before"), icon=":material/undo:", key=f"back_{active.id}", help=passed_over):
            _take_back(desk, active)


def _take_back(desk: Desk, active: Active) -> None:
    """Say which one is active then: that may be one of long before."""
    t, prompts = desk.t, desk.services.prompts
    if prompts.take_back(active.id, desk.operator):
        st.toast(
            t("{family} is asked with {prompt} again.", family=active.family, prompt=prompts.active(active.family))
        )
    st.rerun()


def _evidence_link(desk: Desk, active: Active) -> None:
    """The way to the experiment that spoke for it, or against it."""
    if experiment := active.reason.get("experiment"):
        label, where = desk.t("The whole report of the experiment"), {"experiment": str(experiment)}
        st.page_link("pages/6_experiments.py", label=label, icon=":material/science:", query_params=where)


def _reason(t: Texts, reason: Mapping[str, Any]) -> str:
    """The evidence that was given, in a few words."""
    told = []
    if experiment := reason.get("name") or reason.get("experiment"):
        told.append(t("experiment {experiment}", experiment=experiment))
    if override := reason.get("override"):
        told.append(t("in spite of it: {override}", override=override))
    return f" ({', '.join(told)})" if told else ""


def show_list(desk: Desk) -> None:
    """Every version, the newest first."""
    t, found = desk.t, desk.services.prompts.all()
    for place, text in zip(st.columns(_WIDTHS), _HEAD, strict=True):
        place.caption(t(text))
    for each in found:
        _row(desk, each)
    if all(each.is_built_in for each in found):
        st.info(
            t(
                "Nobody has made a prompt yet. See under Proposals what corrections speak for, or open the built-in one"
                " and make a draft from it."
            )
        )


def _row(desk: Desk, each: StoredPrompt) -> None:
    t = desk.t
    name, status, parent, made, note = st.columns(_WIDTHS, vertical_alignment="center")
    name.page_link(PAGE, label=markdown_text(each.name), query_params=address(each.name))
    status.write(status_text(t, each))
    parent.write(markdown_text((each.parent or "—").partition("@")[0]))
    at = f", {t.time(each.created_at)}" if each.created_at else ""
    made.write(f"{markdown_text(each.author)}{at}")
    note.write(markdown_text(each.note or "—"))


def show_history(desk: Desk) -> None:
    """What was active for whom, and until when."""
    t, found = desk.t, desk.services.prompts.history()
    st.subheader(t("What was active"))
    if not found:
        st.caption(t("No prompt was promoted yet: every family of models is asked with the built-in one."))
        return
    rows = [
        [
            html(each.family),
            html(each.version),
            html(t.plain.time(each.created_at)),
            html(each.operator + _reason(t.plain, each.reason)),
            html(f"{t.plain.time(each.ended_at)}, {each.ended_by}") if each.ended_at else html(t("still active")),
        ]
        for each in found
    ]
    head = [t("Family of models"), t("Version"), t("From"), t("Promoted by"), t("Until")]
    show_table(t("Promotions, the newest first"), head, rows)


def show_import(desk: Desk) -> None:
    """A file in: a draft out of what somebody took along."""
    t = desk.t
    st.subheader(t("Bring a version in"))
    file = st.file_uploader(
        t("File of an exported prompt"), type=["md"], key="prompt_file", max_upload_size=_FILE_MEGABYTES
    )
    other = st.text_input(t("Name (empty: its own)"), key="prompt_file_name", max_chars=64)
    if not st.button(t("Make a draft of it"), disabled=file is None, key="prompt_import") or file is None:
        return
    try:
        filed = imported(file.getvalue(), labels_of_versions(desk.services.database))
        made = take_in(desk.services.prompts, filed, desk.operator, name=other.strip() or None)
    except PromptError as error:
        st.error(t.error(error))
        return
    open_one(made.name)
