"""Auto-confirm on the Operations page: what it is, what people's decisions allow, and what they found out since."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from ledger.auto_confirm.audit import Audit
from ledger.auto_confirm.held_out import HeldOut
from ledger.auto_confirm.standing import AUDIT_SHARE, AUDIT_SHARES, BOUND, BOUNDS, CONFIDENCE, CONFIDENCES, AutoConfirm
from ledger.auto_confirm.tables import AutoConfirmRow
from ledger.auto_confirm.threshold import Choice, needed
from ledger.errors import LedgerError
from ledger.notes import Note
from ledger.ui.auto_confirm_chart import curve
from ledger.ui.plain_table import show_table, text
from ledger.ui.shell import Desk
from ledger.ui.texts import mark

_SECONDS_KEPT: Final = 60
"""Thousands of decisions are looked at, and each click draws the page anew."""

_WHAT_IT_IS: Final = mark(
    "Some photos are read so surely that nobody need look. Auto-confirm confirms those by itself: their risk is below a"
    " threshold, they are complete, nothing about them is to be asked, and they look like no other receipt. The"
    " threshold comes from receipts that people decided upon, so that no more are wrong than you allow. A share drawn"
    " by lot still goes to people, who are not told which; if they find too many errors, auto-confirm switches itself"
    " off. What nobody looked at is never taken for truth: datasets, prompts, item names and rates leave it out."
)
_FALSE_ALARM: Final = mark(
    "As soon as people's findings show that the bound is broken, auto-confirm switches itself off. If it is kept, that"
    " happens in at most one of twenty cases, however long auto-confirm is on."
)

_CAPTION: Final = mark("When auto-confirm was on before")
_BEFORE: Final = (
    *(mark("On from"), mark("Off from"), mark("Switched on by")),
    *(mark("Risk at most"), mark("Wrong at most (confidence)"), mark("Switched off by, or why")),
)


def banner(desk: Desk) -> AutoConfirmRow | None:
    """Say that it is on, or that it switched itself off; what holds now."""
    t, auto = desk.t, desk.services.auto_confirm
    standing = auto.standing()
    newest = next(iter(auto.history()), None)
    if standing is not None:
        st.info(
            t(
                "Auto-confirm is on since {time}, switched on by {operator}: receipts with a risk of at most {risk} are"
                " confirmed without a person.",
                time=t.time(standing.created_at),
                operator=standing.operator,
                risk=_percent(standing.threshold),
            ),
            icon=":material/done_all:",
        )
    elif newest is not None and newest.end_reason and newest.ended_at:
        why = Note(**newest.end_reason)
        st.warning(t("Auto-confirm switched itself off at {time}. {why}", time=t.time(newest.ended_at), why=why))
    return standing


def section(desk: Desk, standing: AutoConfirmRow | None) -> None:
    """What it is, and either what it did or what it could do."""
    st.subheader(desk.t("Auto-confirm"))
    st.write(desk.t(_WHAT_IT_IS))
    if standing is not None:
        _what_it_did(desk, standing, desk.services.auto_confirm.audit(standing))
    else:
        _what_it_could_do(desk)
    _before(desk, [row for row in desk.services.auto_confirm.history() if row.ended_at is not None])


def _what_it_did(desk: Desk, standing: AutoConfirmRow, found: Audit) -> None:
    t = desk.t
    by_itself, mended, left, wrong = st.columns(4)
    by_itself.metric(t("Confirmed without a person"), t.number(found.confirmed))
    mended.metric(t("of them mended by people"), t.number(found.mended))
    decided = t("{count} of them decided", count=t.number(found.decided))
    left.metric(t("Left to people to check"), t.number(found.left), delta=decided, delta_color="off", delta_arrow="off")
    share = _percent(found.wrong / found.decided) if found.decided else "—"
    wrong.metric(
        t("Wrong ones among those"),
        share,
        delta=_interval(desk, found),
        delta_color="off",
        delta_arrow="off",
        help=t(_FALSE_ALARM),
    )
    st.caption(
        t(
            "Bound: at most {bound} wrong with {confidence} confidence. Shown by {receipts} receipts, {wrong} of them"
            " wrong; {share} of receipts are left to people.",
            bound=_percent(standing.bound),
            confidence=_percent(standing.confidence),
            receipts=t.number(standing.evidence.get("receipts", 0)),
            wrong=t.number(standing.evidence.get("wrong", 0)),
            share=_percent(standing.audit_share),
        )
    )
    if st.button(t("Switch auto-confirm off"), icon=":material/back_hand:"):
        desk.services.auto_confirm.switch_off(desk.operator)
        st.rerun()


def _before(desk: Desk, ended: Sequence[AutoConfirmRow]) -> None:
    """When it was on before, by whom, and why no more."""
    if not ended:
        return
    t = desk.t
    with st.expander(t("When it was on before: {count}", count=t.number(len(ended)))):
        head = [t.plain(each) for each in _BEFORE]
        show_table(t.plain(_CAPTION), head, ([text(cell) for cell in _told(desk, row)] for row in ended))


def _told(desk: Desk, row: AutoConfirmRow) -> list[str]:
    t = desk.t.plain
    limits = _percent(row.threshold), f"{_percent(row.bound)} ({_percent(row.confidence)})"
    why = t("By itself: {why}", why=Note(**row.end_reason)) if row.end_reason else row.ended_by or "—"
    return [t.time(row.created_at), t.time(row.ended_at or row.created_at), row.operator, *limits, why]


def _what_it_could_do(desk: Desk) -> None:
    t = desk.t
    asked, shown = st.columns([3, 7])
    with asked:
        bound = _share_input(t("At most so many wrong, %"), BOUND, BOUNDS, 0.5, "auto_bound")
        confidence = _share_input(t("Confidence, %"), CONFIDENCE, CONFIDENCES, 1.0, "auto_confidence")
        audit_share = _share_input(t("Left to people to check, %"), AUDIT_SHARE, AUDIT_SHARES, 5.0, "auto_audit")
    auto = desk.services.auto_confirm
    choice = auto.allowed(bound, confidence, _evidence(auto))
    with shown:
        if choice.steps:
            curve(desk, choice)
        st.write(possible(desk, choice))
    with asked:
        _switch(desk, choice, audit_share)


def possible(desk: Desk, choice: Choice) -> str:
    """In words what can be chosen, or why nothing can yet."""
    t, chosen, stopped = desk.t, choice.chosen, choice.stopped_at
    if chosen is not None:
        return t(
            "About {count} of 100 receipts, with at most {upper} wrong at {confidence} confidence: those with a risk of"
            " at most {risk}. Of {receipts} such receipts that people decided upon, {wrong} were wrong.",
            count=t.number(round(100 * choice.share(chosen))),
            upper=_percent(chosen.upper),
            confidence=_percent(choice.confidence),
            risk=_percent(chosen.threshold),
            receipts=t.number(chosen.receipts),
            wrong=t.number(chosen.wrong),
        )
    if stopped is not None:
        return t(
            "No threshold can be chosen: of the {receipts} receipts with the lowest risk {wrong} were wrong, so it may"
            " be up to {upper}. If no further one is wrong, {missing} more of so low a risk are needed.",
            receipts=t.number(stopped.receipts),
            wrong=t.number(stopped.wrong),
            upper=_percent(stopped.upper),
            missing=t.number(choice.missing),
        )
    return t(
        "No threshold can be chosen yet. Even if none is wrong it takes {needed} receipts that people decided upon,"
        " read with the model and prompt of now, complete and with nothing to ask; there are {receipts}, so {missing}"
        " more are needed.",
        needed=t.number(needed(choice.bound, choice.confidence)),
        receipts=t.number(choice.receipts),
        missing=t.number(choice.missing),
    )


def _switch(desk: Desk, choice: Choice, audit_share: float) -> None:
    t = desk.t
    if not desk.is_admin:
        st.caption(t("Only administrators switch it on."))
        return
    if not st.button(t("Switch auto-confirm on"), type="primary", disabled=choice.chosen is None, width="stretch"):
        return
    try:
        desk.services.auto_confirm.switch_on(choice.bound, choice.confidence, audit_share, desk.operator)
    except LedgerError as error:
        st.error(t.error(error))
        return
    st.rerun()


def _share_input(label: str, value: float, limits: tuple[float, float], step: float, key: str) -> float:
    least, most = (round(100 * limit, 1) for limit in limits)
    given = st.number_input(label, least, most, 100 * value, step, format="%.1f", key=key)
    return round(given / 100, 4)


def _interval(desk: Desk, found: Audit) -> str | None:
    if found.interval is None:
        return None
    low, high = map(_percent, found.interval)
    return desk.t("{low} to {high}", low=low, high=high)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


@st.cache_data(
    ttl=_SECONDS_KEPT, max_entries=4, show_spinner=False, hash_funcs={AutoConfirm: AutoConfirm.whose_evidence}
)
def _evidence(auto: AutoConfirm) -> HeldOut:
    return auto.evidence()
