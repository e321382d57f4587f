"""Every text of the desk has its Korean, and what stands in its blanks is said in it as it is."""

from __future__ import annotations

import json
import re
import unicodedata
from importlib import import_module
from pathlib import Path
from string import Formatter
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from ledger.checks import NOT_READ
from ledger.errors import AnswerRefused, LedgerError, WrongService, error_classes
from ledger.extraction.reasons import NOTHING_THERE, WEB_PAGE
from ledger.extraction.stored_run import error_columns
from ledger.notes import Note
from ledger.review import document
from ledger.ui.components import photo_viewer, receipt_list, review_form
from ledger.ui.texts import LANGUAGES, Texts, form_labels, list_labels, markdown_text, viewer_labels

ROOT: Final = Path(__file__).parents[2]
KOREAN: Final = ROOT / "ledger" / "ui" / "locale" / "ko.po"
CODE: Final = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py")), *sorted((ROOT / "ledger/ui").rglob("*.py"))]
TRANSLATING: Final = {"t": None, "texts": None, "mark": None}
"""Names of the calls whose first argument is a text: Texts under its usual names, and the marker of later texts."""
PARTICLE_AFTER_BLANK: Final = re.compile(r"\}['”’]?(?:은|는|이|가|을|를|과|와|로|으로)(?:\(\w\))?(?=[\s.,:;]|$)")

ko = Texts("ko")
en = Texts("en")


def catalog() -> Catalog:
    with KOREAN.open("rb") as file:
        return read_po(file, abort_invalid=True)


def korean_of_english() -> dict[str, str]:
    return {str(message.id): str(message.string) for message in catalog() if message.id}


def texts_in_code() -> set[str]:
    return {str(text) for path in CODE for _, text, *_ in extract_from_file("python", path, keywords=TRANSLATING)}


def sentences_of_documents() -> set[str]:
    """The constants of the module that are sentences."""
    return {text for name, text in vars(document).items() if name.isupper() and isinstance(text, str)}


def told_sentences() -> set[str]:
    """The sentences of every module that lists those it tells in its SENTENCES."""
    files = [path for path in (ROOT / "ledger").rglob("*.py") if "\nSENTENCES: Final" in path.read_text("utf-8")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]
    return {sentence for name in names for sentence in import_module(name).SENTENCES}


def all_texts() -> set[str]:
    sentences = {error.sentence for error in error_classes().values()}
    labels = {text for component in (review_form, photo_viewer, receipt_list) for text in component.LABELS.values()}
    return texts_in_code() | sentences | sentences_of_documents() | labels | told_sentences()


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def error_with_each_blank_filled(error: type[LedgerError]) -> LedgerError:
    """An error whose blanks hold their own names in brackets."""
    return error(**{name: f"[{name}]" for name in blanks(error.sentence)})


# ---- The catalog


def test_the_extractor_finds_texts_of_every_kind() -> None:
    found = texts_in_code()
    assert "Inbox" in found  # in app.py
    assert "Upload photos" in found  # in a page
    assert "Receipts: {count}" in found  # inside another call
    assert "Whole item" in found  # marked in one place, translated in another
    assert {NOT_READ, WEB_PAGE} <= told_sentences()


def test_every_text_has_a_korean_translation() -> None:
    korean = korean_of_english()
    missing = [text for text in sorted(all_texts()) if not re.search("[가-힣]", korean.get(text, ""))]
    assert missing == [], "add them to ledger/ui/locale/ko.po"


def test_no_translation_is_left_of_a_text_that_is_gone() -> None:
    assert korean_of_english().keys() - all_texts() == set()
    assert not catalog().obsolete


def test_no_translation_is_uncertain_or_there_twice() -> None:
    assert [message.id for message in catalog() if message.id and message.fuzzy] == []
    ids = re.findall(r'^msgid "(.+)"$', KOREAN.read_text("utf-8"), re.MULTILINE)
    assert len(ids) == len(set(ids)) == len(korean_of_english())


def test_a_translation_has_the_blanks_of_its_text() -> None:
    different = {text for text, korean in korean_of_english().items() if blanks(text) != blanks(korean)}
    assert different == set()


def test_blanks_that_the_browser_fills_are_plain_names() -> None:
    for label in (*form_labels(ko).values(), *viewer_labels(ko).values(), *list_labels(ko).values()):
        assert re.sub(r"\{\w+\}", "", label).count("{") == 0, label


def test_no_particle_follows_a_blank() -> None:
    """The particle depends on the last sound of what fills the blank, which the text cannot know."""
    assert [korean for korean in korean_of_english().values() if PARTICLE_AFTER_BLANK.search(korean)] == []


def test_hangul_is_composed() -> None:
    assert unicodedata.is_normalized("NFC", KOREAN.read_text("utf-8"))


# ---- Errors


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error", error_classes().values())
def test_every_error_is_said_with_its_blanks_filled(error: type[LedgerError], language: str) -> None:
    said = Texts(language).plain.error(error_with_each_blank_filled(error))
    assert set(re.findall(r"\[(\w+)\]", said)) == blanks(error.sentence)
    assert "{" not in said
    assert bool(re.search("[가-힣]", said)) is (language == "ko")


def test_a_stored_error_is_said_in_the_operators_language() -> None:
    stored = ("ModelTimeout", "The model did not answer within 60 seconds. Read again.", {"seconds": "60"})
    assert ko.stored_error(*stored) == "모델이 60초 안에 응답하지 않았습니다. 다시 판독하십시오."
    assert en.stored_error(*stored) == "The model did not answer within 60 seconds. Read again."


def test_words_of_ours_in_a_blank_are_said_in_the_operators_language() -> None:
    error = WrongService(why=Note(NOTHING_THERE, {"status": "404", "path": "/v1/a_b"}))
    begin, end = "OPENAI_BASE_URL에서 응답한 것은 모델 서비스가 아닙니다: ", ". 주소를 확인하십시오."
    assert ko.plain.error(error) == f"{begin}'/v1/a_b' 요청에 대한 응답이 HTTP 404입니다{end}"
    assert seen(ko.error(error)) == ko.plain.error(error)
    assert en.plain.error(error) == str(error)
    assert ": it answers HTTP 404 at /v1/a_b. Check" in str(error)


def test_words_of_ours_in_a_stored_error_are_said_in_the_operators_language() -> None:
    error = WrongService(why=Note(NOTHING_THERE, {"status": "404", "path": "/v1/a_b"}))
    stored = json.loads(json.dumps(error_columns(error)))
    for texts in (ko, en):
        said = texts.stored_error(stored["error_class"], stored["error_message"], stored["error_fields"])
        assert said == texts.error(error)


def test_words_of_a_service_in_a_stored_error_are_said_as_they_are() -> None:
    stored = error_columns(AnswerRefused(why="I'm sorry, I can't help with that."))
    assert stored["error_fields"] == {"why": "I'm sorry, I can't help with that."}
    said = ko.stored_error(stored["error_class"], stored["error_message"], stored["error_fields"])
    assert said == "모델이 이 사진의 판독을 거부했습니다: I'm sorry, I can't help with that."


@pytest.mark.parametrize("error_class", ["ErrorOfAnOlderVersion", "ModelTimeout"])
def test_a_stored_error_that_is_not_known_any_more_is_said_as_it_was_stored(error_class: str) -> None:
    assert ko.stored_error(error_class, "The model slept.", {"how_long": "60"}) == "The model slept."


def test_nothing_is_said_where_no_error_was_stored() -> None:
    assert ko.stored_error(None, None, {}) == ""


# ---- Values in sentences


def seen(markdown: str) -> str:
    """What people see of it: the escapes and what has no width are gone."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace("\N{WORD JOINER}", "")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("![x](t.png)", r"!\[x\](t.png)"),
        ("a*b_c`d~e", r"a\*b\_c\`d\~e"),
        ("$a$ <b> & | \\", r"\$a\$ \<b\> \& \| \\"),
        (":red[x] :material/home: :100:", ":|red\\[x\\] :|material/home: :|100:"),
        ("http://a.b www.a.b me@a.b", "http:|//a.b www|.a.b me|@a.b"),
        ("- a", r"\- a"),
        ("1. a", r"1\. a"),
        ("26. 11. 22.", r"26\. 11. 22."),
        ("123456789) a", r"123456789\) a"),
        ("# a", r"\# a"),
        ("one\n\n# two", "one # two"),
        ("감자 3,000 (2).jpg -5", "감자 3,000 (2).jpg -5"),
    ],
)
def test_a_value_is_written_so_that_markdown_leaves_it_as_it_is(value: str, written: str) -> None:
    escaped = written.replace("|", "\N{WORD JOINER}") if "\\|" not in written else written
    assert markdown_text(value) == escaped
    assert seen(markdown_text(value)) == " ".join(value.split())


def test_blanks_of_texts_and_errors_are_escaped_and_plain_ones_are_not() -> None:
    image = "![x](t.png)"
    error = error_classes()["AnswerRefused"](why=image)
    stored = ("AnswerRefused", "", {"why": image})
    for said in (
        en("{value}!", value=image),
        en.error(error),
        en.stored_error(*stored),
        en.stored_error("", image, {}),
    ):
        assert r"!\[x\](t.png)" in said
    for said in (en.plain("{value}!", value=image), en.plain.error(error), en.plain.stored_error(*stored)):
        assert image in said


def test_a_name_in_quotes_is_escaped_once() -> None:
    assert seen(en.error(error_classes()["ObjectNotFound"](key="a_[b].jpg"))).startswith("The photo 'a_[b].jpg' is")


def test_of_a_long_value_beginning_and_end_are_said() -> None:
    said = en("{key}", key=f"ledger/{'a' * 200}/cafe.jpg")
    assert len(said) == 80
    assert said.startswith("ledger/aaa")
    assert said.endswith("aaa/cafe.jpg")
