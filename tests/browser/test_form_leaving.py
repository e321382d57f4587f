"""The review form by itself: whoever has gone on to another page hears no more of it."""

from __future__ import annotations

import pytest

from tests.browser.form_alone import THREE, FormAlone

CLAIM = {"address": "http://localhost/claims/1", "version": 1}
LEAVE = "() => void dismantle(theForm())"
LINK = """() => {
    window.followed = 0;
    const link = Object.assign(document.createElement("a"), { href: "/inbox" });
    link.addEventListener("click", (event) => (event.preventDefault(), (followed += 1)));
    document.body.append(link);
}"""
RENEWALS_FAIL_WHEN_TOLD = "() => (window.fetch = () => new Promise((_, fail) => (window.failNow = fail)))"


@pytest.mark.parametrize(("leaves", "followed"), [(False, 1), (True, 0)])
def test_the_way_to_the_list_is_given_up_by_who_takes_another(
    timed_form: FormAlone, leaves: bool, followed: int
) -> None:
    timed_form.show(THREE)
    timed_form.page.evaluate(LINK)
    timed_form.press("a", "Alt+l")  # The list waits until the server has what was typed.
    if leaves:
        timed_form.page.evaluate(LEAVE)
    timed_form.pass_ms(3000)
    assert timed_form.page.evaluate("followed") == followed


@pytest.mark.parametrize("ahead", [False, True])
def test_a_claim_whose_renewal_fails_after_the_page_was_left_is_tended_no_more(
    timed_form: FormAlone, ahead: bool
) -> None:
    timed_form.show(THREE, claim=CLAIM)
    timed_form.page.evaluate("ahead => void (theForm().ahead = ahead)", {"claim": CLAIM} if ahead else None)
    timed_form.page.evaluate(RENEWALS_FAIL_WHEN_TOLD)
    timed_form.pass_ms(30_000)
    timed_form.page.evaluate(LEAVE)
    for _ in ("the one ahead", "the one on the desk"):
        timed_form.page.evaluate("failNow()")
    assert timed_form.page.evaluate("theForm().claimTimer") is None
