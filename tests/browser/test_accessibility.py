"""Nothing on any page keeps people with a screen reader, a keyboard or weak eyes from working: axe-core looks at it.

Each page is looked at twice, in Korean on a light ground and in English on a dark one: what the two languages and the
two grounds have in common is seen twice, and no page has four faces.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from ledger.inbox.s3_store import S3Store
from ledger.prompts.shelf import Prompts
from ledger.prompts.versions import load
from tests.browser.conftest import Desk
from tests.browser.operator import Operator
from tests.experiments.drawn_up import drawn_up

PHOTO: Final = (Path(__file__).parents[2] / "samples/photos/vet_haneulbit.jpg").read_bytes()
FACES: Final[tuple[tuple[str, Literal["light", "dark"]], ...]] = (("ko", "light"), ("en", "dark"))
PANELS: Final = {"reject": "Alt+x", "postpone": "Alt+p", "help": "Alt+/"}
PAGES: Final = {
    "inbox": '.list tbody tr, [data-testid="stDataFrame"] canvas',
    "confirmed": '[data-testid="stDataFrame"] canvas',
    "corrections": '[data-testid="stMetric"]',
    "prompts": '[data-testid="stFileUploader"]',
    "experiments": '[data-testid="stPageLink"]',
    "operations": '[data-testid="stTable"]',
}
"""What of each page is drawn last."""
GRAVE: Final = ("serious", "critical")


def grave_findings(page: Page, within: str | None = None) -> list[str]:
    """What axe calls serious or critical, a line for each node."""
    found = Axe().run(page, context=within).response["violations"]
    return [_line(each, node) for each in found if each["impact"] in GRAVE for node in each["nodes"]]


def _line(finding: dict[str, Any], node: dict[str, Any]) -> str:
    why = " ".join(check["message"] for check in [*node["any"], *node["all"], *node["none"]])
    return f"{finding['id']}: {node['html'][:200]}: {why}"


@pytest.mark.timeout(240)  # twenty-eight looks of axe-core, each at every node of a page
def test_no_page_has_a_grave_finding_in_either_language_and_theme(
    desk: Desk, store: S3Store, operator: Operator
) -> None:
    waiting = _something_on_every_page(desk, store, operator)
    found = {}
    for language, theme in FACES:
        operator.page.emulate_media(color_scheme=theme)
        operator.open(f"/review?receipt={waiting}&lang={language}")
        operator.receipt_on_desk(waiting)
        found["review", language] = grave_findings(operator.page)
        for panel, keys in PANELS.items():
            found[panel, language] = _in_panel(operator, panel, keys)
        for path, last in PAGES.items():
            operator.page.locator(f'a[href*="/{path}"]').first.click()
            operator.page.locator(last).first.wait_for()
            found[path, language] = grave_findings(operator.page)
        operator.open(f"/corrections?part=confusions&lang={language}")
        operator.page.locator('[data-testid="stImage"] img').first.wait_for()
        found["confusions", language] = grave_findings(operator.page)
        operator.open(f"/confirmed?view=members&lang={language}")
        operator.page.locator('[data-testid="stPageLink"]').last.wait_for()
        found["member", language] = grave_findings(operator.page)
        operator.open(f"/prompts?prompt=receipt-v2&lang={language}")
        operator.page.get_by_role("tab").last.click()
        operator.page.locator(".prompt-diff mark").first.wait_for()
        found["difference", language] = grave_findings(operator.page)
        operator.open(f"/experiments?experiment=1&lang={language}")
        operator.page.locator('[data-testid="stDownloadButton"]').last.wait_for()
        found["report", language] = grave_findings(operator.page)

    assert {where: lines for where, lines in found.items() if lines} == {}


def _something_on_every_page(desk: Desk, store: S3Store, operator: Operator) -> int:
    """A receipt that failed, one that was corrected and confirmed, and one that waits: its id."""
    for name, photo in (("a", PHOTO), ("b", PHOTO), ("c", b"no picture")):
        store.put(f"ledger/{name}.jpg", photo, "image/jpeg")
    desk.wait_for("SELECT status FROM receipt ORDER BY id", [("extracted",), ("extracted",), ("failed",)])
    operator.open("/review")
    confirmed = operator.receipt_on_desk()
    operator.field("items.0.name").fill("감자 간식")
    operator.press("Control+Enter")
    operator.is_confirmed(desk, confirmed)
    drawn_up(desk.database, "X" * 9 + "O" * 11, "O" * 19 + "F")
    _a_prompt_of_somebodys(desk)
    return 3 - confirmed


def _a_prompt_of_somebodys(desk: Desk) -> None:
    """A version that is active, and differs from the built-in one it was made from."""
    prompts, built_in = Prompts(desk.database), load()
    text = built_in.text.replace("할인, 쿠폰", "할인, 행사, 쿠폰")
    version = prompts.draft("receipt-v2", text, parent=built_in.version, note="행사", operator="지수").version
    prompts.promote("gpt-4o", version, {"override": "시험 삼아"}, "지수")


def _in_panel(operator: Operator, panel: str, keys: str) -> list[str]:
    operator.field("date").focus()
    operator.press(keys)
    operator.page.locator(f".form .panel.{panel}").wait_for()
    found = grave_findings(operator.page, "[data-receipt-id]")
    operator.press("Escape")
    operator.page.locator(f".form .panel.{panel}").wait_for(state="hidden")
    return found
