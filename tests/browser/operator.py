"""What an operator does at the desk, with the keyboard."""

from __future__ import annotations

import re
from typing import Any, Protocol

from playwright.sync_api import Locator, Page, TimeoutError, expect

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'
SEEN = """([form, receipt]) => {
    const photo = document.querySelector(`[data-photo-id="${receipt}"]`);
    if (!photo || photo.dataset.state === "loading") return false;
    const since = Math.max(Number(photo.dataset.shownAt), Number(form.dataset.filledAt));
    return performance.now() - since > 600;
}"""
"""A form and its receipt -> whether both were there as long as a glance takes: nothing unseen can be confirmed."""


class Waits(Protocol):
    """Something that waits for its database."""

    def wait_for(self, query: str, rows: list[tuple[Any, ...]]) -> None: ...


class Operator:
    """One person at one browser tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self._cdp = page.context.new_cdp_session(page)

    def open(self, path: str = "/") -> None:
        self.page.goto(self.url + path)
        self.is_connected()

    def is_connected(self) -> None:
        """Wait until the tab talks to a server and nothing is running."""
        self.page.locator(IDLE).wait_for(state="attached")

    def receipt_on_desk(self, receipt_id: int | None = None) -> int:
        """Wait until a receipt (or this one) is on the desk, can be typed into and was looked at; its id."""
        wanted = f'[data-receipt-id="{receipt_id}"]' if receipt_id else "[data-receipt-id]"
        form = self.page.locator(f'.form{wanted}[data-state="idle"]')
        form.wait_for()
        found = int(form.get_attribute("data-receipt-id") or 0)
        self.page.wait_for_function(SEEN, arg=[form.element_handle(), found])
        return found

    def field(self, name: str) -> Locator:
        return self.page.locator(f'.form [data-field="{name}"]')

    def focus_by_tab(self, name: str) -> None:
        """Reach a field with the Tab key alone."""
        for _ in range(60):
            if self.field(name).evaluate("field => field.getRootNode().activeElement === field"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {name}")

    def focus_by_tab_on(self, selector: str) -> None:
        """Reach something on the page, or in a component of it, with the Tab key alone."""
        for _ in range(60):
            if self.page.locator(f"{selector}:focus").count():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {selector}")

    def compose(self, *steps: str, commit: str | None) -> None:
        """Type Hangul as an input method does: each step replaces what is being composed, then it is committed.

        With `commit` None the last step stays in composition.
        """
        for step in steps:
            event = {"type": "rawKeyDown", "key": "Process", "code": "KeyR", "windowsVirtualKeyCode": 229}
            self._cdp.send("Input.dispatchKeyEvent", event)
            end = len(step)
            self._cdp.send("Input.imeSetComposition", {"text": step, "selectionStart": end, "selectionEnd": end})
        if commit is not None:
            self._cdp.send("Input.insertText", {"text": commit})

    def press(self, keys: str) -> None:
        self.page.keyboard.press(keys)

    def confirm_over_warnings(self) -> None:
        """Confirm what is asked about, with the first reason."""
        self.press("Control+Enter")
        self.page.locator(".form .asking").wait_for()
        self.page.wait_for_timeout(500)  # what nobody can have read is not answered
        self.press("Control+Enter")

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def has(self, name: str, value: str) -> None:
        """Wait until a field holds a value."""
        expect(self.field(name)).to_have_value(value)

    def draft_is_saved(self) -> None:
        """Wait until the form says that the server has what was typed."""
        expect(self.page.locator(".form .status")).to_contain_text(re.compile("임시 저장됨|Draft saved"))

    def is_confirmed(self, desk: Waits, receipt_id: int) -> None:
        """Wait until the database holds the decision."""
        desk.wait_for(f"SELECT status FROM receipt WHERE id = {receipt_id}", [("confirmed",)])

    def table_shows(self, text: str) -> None:
        """Wait for a cell of a table. Tables are painted on a canvas; the cells' texts stand in a hidden table."""
        self.page.locator('[data-testid^="glide-cell"]', has_text=text).first.wait_for(state="attached")

    def line(self, text: str) -> Locator:
        """The line of the list of receipts that holds a text."""
        return self.page.locator(".list tbody", has_text=text).first

    def list_shows(self, *texts: str) -> None:
        """Wait for lines of the list of receipts."""
        for text in texts:
            expect(self.line(text)).to_be_visible()

    def edit_cell(self, table: Locator, column: int, row: int, text: str) -> None:
        """Type into a cell of an editable table, with the arrow keys from its first cell."""
        editor = self.page.locator("#portal textarea, #portal input").first
        for _ in range(5):
            self._open_cell(table, column, row)
            try:
                editor.wait_for(timeout=4_000)
                break
            except TimeoutError:  # the table moved under the mouse, as what stands above it came
                self.press("Escape")
        editor.fill(text)
        self.press("Enter")

    def _open_cell(self, table: Locator, column: int, row: int) -> None:
        table.click(position={"x": 20, "y": 35 + 17})  # header and rows are 35 pixels high
        for key, times in (("ArrowRight", column), ("ArrowDown", row)):
            for _ in range(times):
                self.press(key)
        self.press("Enter")
