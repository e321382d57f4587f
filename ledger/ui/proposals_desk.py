"""Proposals for the active prompt: each with its evidence, to be accepted, put in other words, or dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import sqlalchemy as sa
import streamlit as st

from ledger.clock import utc_now
from ledger.errors import PromptError
from ledger.experiments.tables import DatasetVersionRow
from ledger.prompts.families import family_of
from ledger.prompts.words import LONGEST_NOTE, next_name
from ledger.tables import ReviewRow
from ledger.tuning.newer_names import NewerNames
from ledger.tuning.proposals import KINDS, LEAST_RECEIPTS, Kind, Proposal, pair_of
from ledger.tuning.proposing import Proposed, draft, drop, propose, restore
from ledger.tuning.tables import LexiconBuildRow, ProposalRow
from ledger.ui import correction_examples, model_draft_desk
from ledger.ui.confusions_desk import shops_text
from ledger.ui.prompt_editor import field_label
from ledger.ui.prompts_desk import open_one
from ledger.ui.shell import Desk
from ledger.ui.texts import mark, markdown_text

ACCEPT: Final = mark("Accept")
DROP: Final = mark("Drop")
LATER: Final = mark("Later")
_WORDED: Final = (Kind.LOOK_ALIKE, Kind.RULE)
"""Kinds whose words may be changed; the others are placeholders that each photo fills."""
_FIRST_NAMES: Final = 12
_FOUND: Final = "proposals_found"


def show(desk: Desk) -> None:
    """What is proposed, and the way to a draft, which is opened as soon as it is made."""
    t, family = desk.t, family_of(desk.services.asked_of_models().model)
    found = _proposed(desk, family)
    st.caption(
        t(
            "From {receipts} confirmed receipts that {family} read with {prompt}. What test splits hold is left out.",
            receipts=t.number(found.receipts),
            family=family,
            prompt=found.parent.name,
        )
    )
    if not found.unseen:
        _no_test(desk)
    model_draft_desk.show(desk, found)
    if found.proposals:
        above = st.container()  # what is accepted is known below, and the button stands where it is seen
        accepted = [each for each in (_one(desk, proposal) for proposal in found.proposals) if each is not None]
        with above:
            _make(desk, found, accepted)
    else:
        _nothing(desk)
    if found.dropped:
        _dropped(desk, found.dropped)


def forget() -> None:
    """Have proposals made anew: people edited the lexicon, which no row of theirs tells."""
    st.session_state.pop(_FOUND, None)


def _proposed(desk: Desk, family: str) -> Proposed:
    """Made anew when something was confirmed, decided or frozen since: some thousand receipts take seconds."""
    seen = (family, desk.services.prompts.active(family), desk.t.language, *_newest(desk))
    if (kept := st.session_state.get(_FOUND)) is None or kept[0] != seen:
        with st.spinner(desk.t("Looking through what was corrected …")):
            place = st.empty()
            kept = seen, propose(desk.services.database, desk.services.prompts, family, _counting(desk, place))
            place.empty()
        st.session_state[_FOUND] = kept
    found: Proposed = kept[1]
    return found


def _counting(desk: Desk, place: st.delta_generator.DeltaGenerator) -> Callable[[int], object]:
    """Tells how far the lexicon is counted, where that has to be done first; it is kept for a day."""
    t = desk.t
    return lambda count: place.caption(
        t("The lexicon is counted first. Receipts looked at: {count}", count=t.number(count))
    )


def _newest(desk: Desk) -> tuple[int, ...]:
    with desk.services.database.read() as session:
        rows = ReviewRow, ProposalRow, DatasetVersionRow, LexiconBuildRow
        newest = [session.scalar(sa.select(sa.func.max(row.id))) for row in rows]
    return tuple(id_ or 0 for id_ in newest)


def _no_test(desk: Desk) -> None:
    t = desk.t
    st.warning(
        t(
            "No dataset version was frozen yet, so no gate can judge a draft that is made now. Freeze confirmed"
            " receipts first: half of them are kept for the gate, and proposals never see those."
        ),
        icon=":material/ac_unit:",
    )
    st.page_link("pages/6_experiments.py", label=t("Freeze confirmed receipts"), icon=":material/ac_unit:")


def _nothing(desk: Desk) -> None:
    t = desk.t
    st.info(
        t(
            "Nothing is proposed. A change is proposed when the same was corrected on {least} receipts or more.",
            least=t.number(LEAST_RECEIPTS),
        )
    )
    st.page_link("pages/4_corrections.py", label=t("Go to corrections"), icon=":material/edit_note:")


def _one(desk: Desk, proposal: Proposal) -> Proposal | None:
    """One proposal with its evidence; as accepted, in the words that stand there now."""
    t = desk.t
    with st.container(border=True, key=f"proposal_{_key(proposal)}"):
        head, choice = st.columns([3, 2], vertical_alignment="center")
        head.markdown(f"**{markdown_text(_title(desk, proposal))}**")
        head.caption(_evidence(desk, proposal))
        key = f"decision_{_key(proposal)}"
        st.session_state.setdefault(key, LATER)
        decided = choice.segmented_control(
            t("Decision"),
            options=[LATER, ACCEPT, DROP],
            format_func=t,
            required=True,
            key=key,
            label_visibility="collapsed",
        )
        text = _words(desk, proposal)
        if proposal.evidence.examples:
            with st.expander(t("Examples"), key=f"examples_{_key(proposal)}", on_change="rerun") as opened:
                if opened.open:
                    correction_examples.show(desk, proposal.evidence.examples, _key(proposal))
    if decided == DROP:
        drop(desk.services.database, [proposal], desk.operator, utc_now())
        st.rerun()
    return proposal.edited(text) if decided == ACCEPT and text.strip() else None


def _dropped(desk: Desk, dropped: Sequence[Proposal]) -> None:
    """What was dropped, each with the way back."""
    t = desk.t
    with st.expander(t("Dropped before: {count}", count=t.number(len(dropped)))):
        for each in dropped:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.write(markdown_text(_title(desk, each)))
                if st.button(t("Propose it again"), key=f"again_{_key(each)}", icon=":material/undo:"):
                    st.session_state[f"decision_{_key(each)}"] = LATER
                    restore(desk.services.database, [each], desk.operator, utc_now())
                    st.rerun()


def _title(desk: Desk, proposal: Proposal) -> str:
    """Of which kind it is, and of look-alikes which they are."""
    title = desk.t.plain(KINDS[proposal.kind])
    return f"{title}: {' / '.join(pair_of(proposal))}" if proposal.kind is Kind.LOOK_ALIKE else title


def _words(desk: Desk, proposal: Proposal) -> str:
    """What would be added, to be changed where it is words; where each photo decides, what it would be shown."""
    t = desk.t
    if proposal.kind in _WORDED:
        label = t("As it goes into the prompt")
        if proposal.field is not None:
            label = t("As it goes into the schema note of: {field}", field=field_label(t.plain, proposal.field))
        return st.text_area(label, value=proposal.text, key=f"words_{_key(proposal)}", height="content")
    if proposal.newer is not None:
        _newer_names(desk, proposal.newer)
    elif proposal.kind is Kind.NAMES:
        st.write(
            t(
                "Each photo comes with the names confirmed most often in the shop that OCR recognised on it, to be used"
                " only where the model is unsure, and never invented."
            )
        )
    else:
        st.write(
            t(
                "Each photo comes with the names that were misread before in its shop, or that are like what stands on"
                " it: {count} are kept.",
                count=t.number(len(proposal.lines)),
            )
        )
    if not desk.services.settings.local_ocr:
        st.warning(
            t(
                "OCR does not look at photos here (LEDGER_LOCAL_OCR is off): nothing of this reaches the model, and a"
                " gate shows no difference."
            ),
            icon=":material/visibility_off:",
        )
    return proposal.text


def _newer_names(desk: Desk, newer: NewerNames) -> None:
    t = desk.t
    st.write(
        t(
            "The lexicon has changed since this prompt took its names from it, in {shops} shops: {came} names would"
            " come, {gone} would go.",
            shops=t.number(len(newer.shops)),
            came=t.number(len(newer.came)),
            gone=t.number(len(newer.gone)),
        )
    )
    for label, names in (
        (t("Would come"), [*dict.fromkeys(newer.came)]),
        (t("Would go"), [*dict.fromkeys(newer.gone)]),
    ):
        if names:
            more = " …" if len(names) > _FIRST_NAMES else ""
            st.caption(f"{label}: {markdown_text(', '.join(names[:_FIRST_NAMES]))}{more}")


def _key(proposal: Proposal) -> str:
    return "_".join(f"{ord(sign):x}" if not sign.isascii() else sign for sign in proposal.key if sign not in ":>")


def _evidence(desk: Desk, proposal: Proposal) -> str:
    t, evidence = desk.t, proposal.evidence
    if not evidence.count:
        return t("No correction speaks for it: only the lexicon has changed.")
    return t(
        "{count} corrections on {receipts} receipts: {shops}",
        count=t.number(evidence.count),
        receipts=t.number(evidence.receipts),
        shops=shops_text(desk, evidence.shops),
    )


def _accept_all(proposed: Sequence[Proposal]) -> None:
    for each in proposed:
        st.session_state[f"decision_{_key(each)}"] = ACCEPT


def _make(desk: Desk, found: Proposed, accepted: Sequence[Proposal]) -> None:
    t, services = desk.t, desk.services
    taken = {each.name for each in services.prompts.all()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(t("Name of the draft"), value=next_name(found.parent.name, taken), key="proposed_name")
        note = st.text_input(t("Why it is made"), max_chars=LONGEST_NOTE, key="proposed_note")
        st.button(t("Accept all"), icon=":material/done_all:", on_click=_accept_all, args=(found.proposals,))
        made = st.button(
            t("Make a draft with {count} changes", count=t.number(len(accepted))),
            type="primary",
            icon=":material/add:",
            disabled=not accepted,
        )
    if not made:
        return
    try:
        drafted = draft(
            services.database,
            services.prompts,
            found,
            accepted,
            name=name,
            note=note,
            operator=desk.operator,
            now=utc_now(),
        )
    except PromptError as error:
        st.error(t.error(error))
        return
    open_one(drafted.name)
