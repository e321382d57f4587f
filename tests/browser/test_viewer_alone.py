"""The photo viewer by itself: places hovered, clicked and tapped, and a view that nothing but a hand changes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, ViewportSize

from ledger.ui.components import photo_viewer
from ledger.ui.components.photo_viewer import LABELS
from tests.browser.alone import page_of

ADDRESS = "http://localhost/viewer-alone"
SIZE = (800, 1000)
SCREEN = ViewportSize(width=900, height=700)
_SCRIPT = """
document.body.style.margin = 0;
const tell = (data) => showPhotoViewer({ data, parentElement: root });
const picked = [];
window.addEventListener("ledger:pick", (event) => picked.push(event.detail.field));
"""
FIELDS = {
    "location": [[100, 50], [700, 50], [700, 200], [100, 200]],
    "date": [[100, 120], [300, 120], [300, 150], [100, 150]],
    "items.0.name": [[100, 300], [400, 310], [400, 350], [100, 340]],
    "items.0.price": [[600, 300], [700, 300], [700, 340], [600, 340]],
    "total_amount": None,
}


def _serve(route: Route) -> None:
    if not route.request.url.endswith("viewer-alone"):
        out = io.BytesIO()
        Image.new("RGB", SIZE, "white").save(out, "PNG")
        return route.fulfill(body=out.getvalue(), content_type="image/png")
    return route.fulfill(body=page_of(photo_viewer, _SCRIPT), content_type="text/html")


class Viewer:
    """One viewer on a page of its own."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cdp = page.context.new_cdp_session(page)
        page.route("http://localhost/**", _serve)
        page.goto(ADDRESS)

    def show(self, photo_id: str, size: tuple[int, int] = SIZE) -> None:
        """Tell the viewer to show a photo, and wait until it does."""
        places = {"size": list(size), "quarter_turns": 0, "fields": FIELDS}
        url = f"http://localhost/{photo_id}.png"
        data = {"photo_id": photo_id, "url": url, "places": places, "labels": LABELS}
        self.page.evaluate("data => void tell(data)", data)
        self.page.locator(f'.viewer[data-photo-id="{photo_id}"][data-state="shown"]').wait_for()

    def at(self, field: str) -> tuple[float, float]:
        """The middle of a place on the screen."""
        box = self.page.locator(f'.place[data-field="{field}"]').bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @property
    def picked(self) -> list[str]:
        """Fields of the places that were clicked, since this was asked last."""
        return list(self.page.evaluate("picked.splice(0)"))

    @property
    def view(self) -> str:
        return str(self.page.locator(".layer").evaluate("layer => layer.style.transform"))

    def marked(self, mark: str) -> list[str]:
        return list(self.page.locator(f".place.{mark}").evaluate_all("all => all.map(e => e.dataset.field)"))

    def focus(self, field: str, photo_id: str) -> None:
        detail = {"photoId": photo_id, "field": field}
        self.page.evaluate("detail => void dispatchEvent(new CustomEvent('ledger:focus', { detail }))", detail)


@contextmanager
def _tab(browser: Browser, *, has_touch: bool) -> Iterator[Page]:
    context = browser.new_context(viewport=SCREEN, has_touch=has_touch)
    context.set_default_timeout(5_000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def _viewer_tab(browser: Browser) -> Iterator[Page]:
    with _tab(browser, has_touch=False) as tab:
        yield tab


@pytest.fixture
def viewer(_viewer_tab: Page) -> Iterator[Viewer]:
    _viewer_tab.mouse.move(0, 0)
    yield Viewer(_viewer_tab)
    _viewer_tab.unroute_all()


@pytest.fixture
def tablet(browser: Browser) -> Iterator[Viewer]:
    with _tab(browser, has_touch=True) as tab:
        yield Viewer(tab)


def touch(viewer: Viewer, kind: str, *points: tuple[float, float]) -> None:
    """What fingers do, as the browser gets it."""
    fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    viewer.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})


def test_a_place_is_framed_faintly_under_the_cursor_and_a_click_picks_its_field(viewer: Viewer) -> None:
    viewer.show("hover")
    for field in ("items.0.name", "items.0.price"):
        viewer.page.mouse.move(*viewer.at(field))
        assert viewer.marked("hovered") == [field]
        assert viewer.page.locator(".stage").evaluate("e => getComputedStyle(e).cursor") == "pointer"
        viewer.page.mouse.down()
        viewer.page.mouse.up()
        assert viewer.picked == [field]
    viewer.page.mouse.move(5, 690)
    assert viewer.marked("hovered") == []


def test_of_two_places_one_in_the_other_the_inner_is_picked(viewer: Viewer) -> None:
    viewer.show("inner")
    viewer.page.mouse.click(*viewer.at("date"))
    viewer.page.mouse.click(*viewer.at("location"))
    assert viewer.picked == ["date", "location"]


@pytest.mark.parametrize("turns", [1, 2, 3, 5])
def test_places_are_hit_on_a_photo_that_is_zoomed_moved_and_turned(viewer: Viewer, turns: int) -> None:
    viewer.show(f"turned {turns}", size=(400, 500))
    viewer.page.locator(".stage").focus()
    viewer.press(*["BracketRight"] * turns, "Equal", "ArrowLeft")
    for field in ("items.0.name", "date"):
        viewer.focus(field, f"turned {turns}")  # brings it into sight
        viewer.page.mouse.click(*viewer.at(field))
        assert viewer.picked == [field]


def test_who_drags_picks_nothing_and_who_clicks_moves_nothing(viewer: Viewer) -> None:
    viewer.show("drag")
    x, y = viewer.at("items.0.name")
    before = viewer.view
    viewer.page.mouse.move(x, y)
    viewer.page.mouse.down()
    viewer.page.mouse.move(x + 2, y + 1)
    viewer.page.mouse.up()
    assert (viewer.picked, viewer.view) == (["items.0.name"], before)

    viewer.page.mouse.down()
    viewer.page.mouse.move(x + 60, y + 30, steps=6)
    viewer.page.mouse.move(x, y, steps=6)
    viewer.page.mouse.up()
    assert viewer.picked == []


def test_two_clicks_on_a_place_are_no_wish_for_the_whole_photo(viewer: Viewer) -> None:
    viewer.show("double")
    viewer.press("9")
    before = viewer.view
    viewer.focus("items.0.name", "double")
    viewer.page.mouse.dblclick(*viewer.at("items.0.name"))
    assert viewer.view == before
    viewer.page.mouse.dblclick(20, 600)
    assert viewer.view != before


def test_a_key_shows_all_places_on_this_photo_and_on_the_next(viewer: Viewer) -> None:
    viewer.show("all")
    button = viewer.page.locator("[data-do=showPlaces]")
    viewer.press("b")
    assert button.get_attribute("aria-pressed") == "true"
    viewer.show("all 2")
    assert viewer.page.locator(".places.all .place").count() == 4
    button.click()
    assert viewer.page.locator(".places.all").count() == 0


def test_real_size_is_nine_because_one_to_six_take_offers(viewer: Viewer) -> None:
    viewer.show("nine")
    whole = viewer.view
    viewer.press("1")
    assert viewer.view == whole
    viewer.press("9")
    assert viewer.page.locator(".percent").inner_text() == "100%"


def test_a_view_survives_reruns_and_the_way_to_another_photo_and_back(viewer: Viewer) -> None:
    viewer.show("kept")
    viewer.press("9", "BracketRight")
    viewer.page.mouse.move(300, 300)
    viewer.page.mouse.wheel(0, -300)
    mine = viewer.view
    viewer.focus("items.0.name", "kept")
    viewer.press("0")
    whole = viewer.view
    viewer.press("9", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft")
    away = viewer.view
    viewer.show("kept")  # a rerun, while the operator looks elsewhere than at the field in hand
    viewer.page.mouse.move(*viewer.at("items.0.price"))
    assert viewer.view == away
    viewer.show("other")
    assert viewer.view not in (mine, whole, away)
    viewer.show("kept")
    viewer.page.wait_for_function("() => root.querySelector('.layer').style.transform.includes('rotate(90deg)')")


def test_no_place_of_the_next_photo_is_drawn_on_the_one_before(viewer: Viewer) -> None:
    viewer.show("before")
    assert viewer.page.locator(".place").count() == 4
    places = {"size": list(SIZE), "quarter_turns": 0, "fields": FIELDS}
    data: dict[str, Any] = {"photo_id": "next", "url": "http://localhost/next.png", "places": places}
    drawn = "data => (tell(data), root.querySelectorAll('.place').length)"
    assert viewer.page.evaluate(drawn, data | {"labels": LABELS}) == 0
    viewer.page.locator('.viewer[data-photo-id="next"][data-state="shown"]').wait_for()
    assert viewer.page.locator(".place").count() == 4


def test_beside_a_form_on_a_tablet_every_button_is_there(tablet: Viewer) -> None:
    tablet.page.set_viewport_size({"width": 370, "height": 700})
    tablet.show("narrow")
    boxes = [each.bounding_box() for each in tablet.page.locator(".tools button").all()]
    assert all(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 370 for box in boxes)
    assert len({box["y"] for box in boxes if box}) == 1
    tablet.page.set_viewport_size({"width": 900, "height": 700})


def test_a_finger_taps_places_drags_the_photo_and_two_pinch_it(tablet: Viewer) -> None:
    tablet.show("touch")
    x, y = tablet.at("items.0.price")
    tablet.page.touchscreen.tap(x, y + 20)  # a little beside it, as fingers do
    assert tablet.picked == ["items.0.price"]
    assert tablet.page.locator("[data-do=showPlaces]").evaluate("e => e.offsetHeight") >= 44

    before = tablet.view
    touch(tablet, "touchStart", (300, 300))
    for step in range(1, 6):
        touch(tablet, "touchMove", (300 + 10 * step, 300 + 12 * step))
    touch(tablet, "touchEnd")
    assert tablet.view != before
    zoom = int(tablet.page.locator(".percent").inner_text().rstrip("%"))
    touch(tablet, "touchStart", (300, 300), (400, 300))
    for step in range(1, 6):
        touch(tablet, "touchMove", (300 - 10 * step, 300), (400 + 10 * step, 300))
    touch(tablet, "touchEnd")
    assert int(tablet.page.locator(".percent").inner_text().rstrip("%")) == pytest.approx(2 * zoom, abs=4)
    assert tablet.picked == []
