"""The differing jamo of two texts, and where they stand in a syllable: the scripts themselves, in Chromium alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from ledger.ui.components import joined

STANDS = """([sign, name]) => {
    const style = getComputedStyle(document.body);
    const font = `${style.fontStyle} ${style.fontWeight} ${DRAWN_PX}px ${style.fontFamily}`;
    const block = drawSign(sign, font);
    const { width, ink, bounds } = block;
    const owners = ownersOf(block, jamoOf(sign));
    const mine = [...owners.keys()].filter((at) => owners[at] === JAMO.indexOf(name));
    const middle = (of) => of.reduce((sum, each) => sum + each, 0) / of.length;
    return {
        share: mine.length / ink.filter(Boolean).length,
        x: (middle(mine.map((at) => at % width)) - bounds.left) / (bounds.right - bounds.left),
        y: (middle(mine.map((at) => Math.floor(at / width))) - bounds.top) / (bounds.bottom - bounds.top),
    };
}"""
"""A syllable and a jamo's name -> which share of the ink is its, and where the middle of that lies."""


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_content("<body style=\"font-family: 'NanumGothic', sans-serif\"></body>")
    page.add_script_tag(content=joined("review_form", "js", ("shared/keeping", "align", "jamo", "strokes")))
    yield page
    page.close()


@pytest.mark.parametrize(
    ("read", "typed", "left", "right"),
    [
        ("감자", "검자", "감<vowel>자", "검<vowel>자"),
        ("감자", "갑자", "감<tail>자", "갑<tail>자"),
        ("감자", "밤자", "감<lead>자", "밤<lead>자"),
        ("가", "각", "가<untailed>", "각<tail>"),
        ("감자", "겁자", "감<vowel tail>자", "겁<vowel tail>자"),
        ("장난감", "장감", "장난<whole>감", "장<gap>감"),
        ("강아지 간식", "강아지간식", "강아지 <whole>간식", "강아지<gap>간식"),
        ("GS25", "CS25", "G<whole>S25", "C<whole>S25"),
        ("1,200", "12,000", "1,2<gap>00", "12,0<whole>00"),
        ("\u1100\u1161\u11b7자", "검자", "감<vowel>자", "검<vowel>자"),
        ("감자", "감자", "감자", "감자"),
    ],
)
def test_what_differs_is_lit_and_nothing_else(scripts: Page, read: str, typed: str, left: str, right: str) -> None:
    assert both(scripts, read, typed) == (left, right)


def test_a_difference_is_said_in_jamo(scripts: Page) -> None:
    assert words(scripts, "감자", "검자") == [["ㅏ", "ㅓ"]]
    assert words(scripts, "간", "가") == [["ㄴ", ""]]
    assert words(scripts, "멍멍마트 24", "멍멍마트 GS") == [["24", "GS"]]
    assert words(scripts, "가나다라마", "거너더러머") == []  # too much to be said


def test_two_texts_with_little_in_common_are_not_compared(scripts: Page) -> None:
    assert scripts.evaluate("compareTexts('배변 패드', '강아지 간식')") is None


PAIRS_COMPARED = """([left, right]) => {
    const compare = costOf;
    let pairs = 0;
    costOf = (mine, theirs) => (pairs++, compare(mine, theirs));
    compareAnew(left, right);
    costOf = compare;
    return pairs;
}"""


def test_a_long_place_is_compared_pair_by_pair_and_a_longer_one_not_at_all(scripts: Page) -> None:
    most = scripts.evaluate("MOST_COMPARED")
    for times, is_compared in ((18, True), (22, False)):
        place = "경기 하남시 미사대로 " + "루트애견카페 " * times
        pairs = scripts.evaluate(PAIRS_COMPARED, [place, "울 " + place.replace("카", "키")])
        assert (pairs > 0) is is_compared
        assert pairs <= most + 2 * len(place)  # on the way back each sign is looked at once more


def test_of_texts_too_long_to_be_compared_nothing_is_lit(scripts: Page) -> None:
    assert scripts.evaluate("compareTexts('가'.repeat(200), '나' + '거'.repeat(199))") is None
    assert scripts.evaluate("compareTexts('가'.repeat(255), '가'.repeat(254) + '거').words") == [["ㅏ", "ㅓ"]]


@pytest.mark.parametrize("sign", "감각당몇쌀힘")
def test_beside_a_lead_stands_a_tall_vowel_and_below_both_the_tail(scripts: Page, sign: str) -> None:
    lead, vowel, tail = (stands(scripts, sign, name) for name in ("lead", "vowel", "tail"))

    assert lead["x"] < vowel["x"]
    assert vowel["x"] > 0.6
    assert lead["y"] < 0.5
    assert vowel["y"] < 0.5 < tail["y"]
    assert lead["share"] + vowel["share"] + tail["share"] == pytest.approx(1)


@pytest.mark.parametrize("sign", "공국금홈흔옷")
def test_between_lead_and_tail_lies_a_flat_vowel(scripts: Page, sign: str) -> None:
    lead, vowel, tail = (stands(scripts, sign, name) for name in ("lead", "vowel", "tail"))

    assert lead["y"] < vowel["y"] < tail["y"]
    assert min(lead["share"], vowel["share"], tail["share"]) > 0.1


@pytest.mark.parametrize("sign", "과의귀왜워쇠")
def test_a_vowel_may_lie_below_its_lead_and_stand_beside_it(scripts: Page, sign: str) -> None:
    lead, vowel = stands(scripts, sign, "lead"), stands(scripts, sign, "vowel")

    assert vowel["x"] > lead["x"]
    assert vowel["y"] > lead["y"]
    assert min(lead["share"], vowel["share"]) > 0.1


@pytest.mark.parametrize("sign", "검너세")
def test_a_stroke_that_reaches_into_the_part_of_another_jamo_stays_whole(scripts: Page, sign: str) -> None:
    broken = """(sign) => {
        const font = `400 ${DRAWN_PX}px ${getComputedStyle(document.body).fontFamily}`;
        const block = drawSign(sign, font);
        const owners = ownersOf(block, jamoOf(sign));
        return strokesOf(block).filter((stroke) => new Set(stroke.map((at) => owners[at])).size > 1).length;
    }"""
    assert scripts.evaluate(broken, sign) == 0


def test_every_syllable_has_its_jamo_somewhere(scripts: Page) -> None:
    missing = """(stands) => {
        const find = eval(stands);
        const common = [];
        for (let code = 0xac00; code <= 0xd7a3; code += 29) common.push(String.fromCharCode(code));
        return common.filter((sign) => JAMO.some((name) => jamoOf(sign)[name] && !(find([sign, name]).share > 0.04)));
    }"""
    assert scripts.evaluate(missing, STANDS) == []


def both(scripts: Page, left: str, right: str) -> tuple[str, str]:
    found = scripts.evaluate("([left, right]) => compareTexts(left, right)", [left, right])
    return _marked(found["left"]), _marked(found["right"])


def words(scripts: Page, left: str, right: str) -> list[list[str]]:
    found: list[list[str]] = scripts.evaluate("([left, right]) => compareTexts(left, right).words", [left, right])
    return found


def stands(scripts: Page, sign: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = scripts.evaluate(STANDS, [sign, name])
    return found


def _marked(signs: list[dict[str, str]]) -> str:
    return "".join(each["sign"] + (f"<{each['lit']}>" if each["lit"] else "") for each in signs)
