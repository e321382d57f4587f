"""From a key to the next receipt: its fields filled and its photo painted, beside a click in the smallest app."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, Page

from benchmarks.parts.figures import Figure
from benchmarks.parts.waiting_desk import WaitingDesk, chromium, minimal_app, waiting_desk

WAITING = 1_000
GROWTH_MB = 30
REVIEWED = 1_000
NEXT_MS = 150
TIMES_MINIMAL = 4
OPEN_MS = 250
_SAMPLES = 60
_OPENED = 30
_WARM = 4
_WARM_UP = 100
_LOOK_MS = 300

_WATCH = """() => {
    const seen = window.seen = { from: null, started: 0, painted: 0 };
    const form = () => document.querySelector('[data-receipt-id]');
    const receipt = () => form()?.dataset.receiptId ?? "";
    const begin = () => Object.assign(seen, { from: receipt(), started: performance.now(), painted: 0, answered: 0 });
    addEventListener('keydown', (event) => event.code === 'Enter' && event.ctrlKey && begin(), true);
    addEventListener('ledger:answered', () => seen.answered ||= performance.now());
    addEventListener('pointerdown', begin, true);
    const look = () => {
        const receipt = form()?.dataset;
        const photo = document.querySelector('[data-photo-id]')?.dataset;
        const filled = receipt && receipt.state === 'idle' && receipt.receiptId !== seen.from;
        if (seen.started && !seen.painted && filled && photo?.photoId === receipt.receiptId && photo.state === 'shown')
            requestAnimationFrame(() => setTimeout(() => { seen.painted ||= performance.now(); }));
        requestAnimationFrame(look);
    };
    look();
}"""
"""Looks at each frame; a receipt is there in the frame after the one in which everything of it stands on the page."""

_READY = """() => {
    const form = document.querySelector('[data-receipt-id]')?.dataset;
    const photo = document.querySelector('[data-photo-id]')?.dataset;
    return form && photo && form.ahead && form.ahead !== form.receiptId && form.state === 'idle'
        && photo.photoId === form.receiptId && photo.state === 'shown'
        && performance.now() - Math.max(Number(photo.shownAt), Number(form.filledAt)) > 700;
}"""
"""The receipt was there for longer than a glance, without which nothing is confirmed."""

_CLICK = """() => {
    const click = window.click = { started: 0, shown: 0 };
    addEventListener('pointerdown', () => Object.assign(click, { started: performance.now(), shown: 0 }), true);
    new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => { click.shown ||= performance.now(); })))
        .observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def figures() -> Iterator[Figure]:
    """Measure the smallest app and the desk in one run, one after the other."""
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        with minimal_app(folder) as url:
            click = _clicks(browser, url)
        with waiting_desk(folder, WAITING + REVIEWED) as desk:
            opened = _openings(browser, desk)
            following, answers = _confirms(browser, desk)
            growth = _growth(browser, desk)
    _tell("click in the smallest app", click)
    _tell("row of the list to the receipt", opened)
    _tell("Ctrl+Enter to the next receipt", following)
    _tell("Ctrl+Enter to the server's answer, behind it", answers)
    yield Figure("ms from Ctrl+Enter to the next receipt, median", median(following), NEXT_MS, at_least=False)
    ratio = median(following) / median(click)
    yield Figure("times a click in the smallest app, median", ratio, TIMES_MINIMAL, at_least=False)
    yield Figure("ms from a row of the list to the receipt, median", median(opened), OPEN_MS, at_least=False)
    yield Figure(f"MB more after {REVIEWED} receipts in one session", growth, GROWTH_MB, at_least=False)


def _clicks(browser: Browser, url: str) -> list[float]:
    page = browser.new_page()
    page.goto(url)
    button = page.get_by_role("button", name="Click", exact=True)
    button.wait_for()
    page.evaluate(_CLICK)
    took = []
    for number in range(1, _WARM + _SAMPLES + 1):
        button.click()
        page.get_by_text(f"count={number}", exact=True).wait_for()
        page.wait_for_function("click.shown > 0")
        took.append(page.evaluate("click.shown - click.started"))
        page.wait_for_timeout(150)
    page.close()
    return took[_WARM:]


def _confirms(browser: Browser, desk: WaitingDesk) -> tuple[list[float], list[float]]:
    """Milliseconds until the next receipt was there, and until the server had confirmed the one before."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="ko-KR")
    page.goto(f"{desk.url}/review")
    page.wait_for_function(_READY)
    page.evaluate(_WATCH)
    took = [_confirm(page) for _ in range(_WARM + _SAMPLES)][_WARM:]
    page.close()
    return [shown for shown, _ in took], [answered for _, answered in took]


def _confirm(page: Page) -> tuple[float, float]:
    page.wait_for_function(_READY)
    page.keyboard.press("Control+Enter")
    page.wait_for_function("seen.painted > 0 && seen.answered > 0")
    shown, answered = page.evaluate("[seen.painted - seen.started, seen.answered - seen.started]")
    return float(shown), float(answered)


def _openings(browser: Browser, desk: WaitingDesk) -> list[float]:
    page = list_page(browser, desk.url)
    took = [opening(page, number) for number in range(_WARM + _OPENED)]
    page.close()
    return took[_WARM:]


def list_page(browser: Browser, url: str) -> Page:
    """The list of the desk, watched."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="ko-KR")
    page.goto(f"{url}/inbox")
    page.evaluate(_WATCH)
    return page


def opening(page: Page, number: int) -> float:
    """Milliseconds from a row of the list, which was looked at as long as a glance takes, to its receipt; then back."""
    row = page.locator("tbody[data-id]").nth(number)
    row.hover()
    page.wait_for_timeout(_LOOK_MS)
    row.locator("td").nth(2).click()
    page.wait_for_function("seen.painted > 0")
    took = float(page.evaluate("seen.painted - seen.started"))
    page.wait_for_timeout(500)
    page.get_by_role("link", name="접수함").click()
    page.locator("tbody[data-id]").first.wait_for()
    page.wait_for_timeout(500)
    return took


def _growth(browser: Browser, desk: WaitingDesk) -> float:
    """Memory that the desk has more after many receipts of one session, megabytes; the first hundred warm it up."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="ko-KR")
    page.goto(f"{desk.url}/review")
    page.wait_for_function(_READY)
    before = 0.0
    for number in range(_WARM_UP + REVIEWED):
        if number == _WARM_UP:
            before = desk.resident_mb
        _type_and_confirm(page)
    growth = desk.resident_mb - before
    print(f"memory of the desk: {before:.0f} MB, and {growth:.1f} MB more after {REVIEWED} receipts")
    page.close()
    return growth


def _type_and_confirm(page: Page) -> None:
    """A key in the note makes the receipt looked at, so that it can be confirmed without waiting for a glance."""
    form = "document.querySelector('[data-receipt-id]').dataset"
    before = page.evaluate(f"{form}.receiptId")
    page.locator('.form [data-field="note"]').press("a")
    page.keyboard.press("Control+Enter")
    page.wait_for_function(f"{form}.receiptId !== '{before}' && {form}.state === 'idle'")


def _tell(what: str, took: list[float]) -> None:
    p95 = quantiles(took, n=20)[-1]
    print(f"{what}: median {median(took):.0f} ms, p95 {p95:.0f} ms, n {len(took)}")
