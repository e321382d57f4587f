"""The report as files that can be passed on."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa

from ledger.database import Database
from ledger.experiments.report import changed_by, report_of
from ledger.experiments.report_files import COLUMNS, report_html, report_markdown, runs_csv
from ledger.experiments.tables import RunRow
from ledger.experiments.words import Experiment
from ledger.ui.texts import Texts
from tests.experiments.drawn_up import drawn_up

ENGLISH, KOREAN = Texts("en").plain.note, Texts("ko").plain.note
ARMS = "X" * 9 + "O" * 11, "O" * 18 + "XF"


def named(experiment: Experiment, name: str) -> Experiment:
    """The same with another name of its last arm and of itself."""
    *arms, last = experiment.arms
    return replace(experiment, name=name, arms=(*arms, replace(last, name=name)))


class Text(HTMLParser):
    """What a browser shows, and which elements it makes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shown, self.elements = "", set[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.elements.add(tag)

    def handle_data(self, data: str) -> None:
        self.shown += data


def test_markdown_begins_with_the_answer(database: Database) -> None:
    made = drawn_up(database, *ARMS)

    found = report_markdown(report_of(database, made), ENGLISH)
    title, answer = found.splitlines()[0], found.splitlines()[2]
    assert title == "# 온도 비교"
    assert answer.startswith("- Whether 온도 0.1 is better than 온도 0.0 cannot be told yet: of 20 receipts it fixes 9")
    assert "| 온도 0.1 | cannot tell yet | +35.0%" in found
    assert "ㅏ → ㅓ 9" in found


def test_the_korean_report_has_no_english_sentence(database: Database) -> None:
    made = drawn_up(database, *ARMS)

    found = report_markdown(report_of(database, made), KOREAN)
    assert "아직 판정할 수 없습니다" in found
    assert "receipts" not in found.lower()


def test_fixed_and_broken_receipts_are_listed_where_they_are_given(database: Database) -> None:
    made = drawn_up(database, "XO", "OX")
    arm = made.arms[1]
    changed = [(arm, each) for each in changed_by(database, made, arm)]

    found = report_markdown(report_of(database, made), ENGLISH, changed)
    assert "| 온도 0.1 | 1 | fixed |\n| 온도 0.1 | 2 | broken |" in found


def test_a_name_is_never_markup(database: Database) -> None:
    made = named(drawn_up(database, *ARMS), "<script>x</script> | ![a](b.png)")
    report = report_of(database, made)

    page = Text(report_html(report, ENGLISH))
    assert "<script>x</script> | ![a](b.png)" in page.shown
    assert not {"script", "img", "link", "a"} & page.elements
    assert r"# \<script\>x\</script\> \| !\[a\](b.png)" in report_markdown(report, ENGLISH)


def test_the_html_asks_nothing_of_any_other_place(database: Database) -> None:
    found = report_html(report_of(database, drawn_up(database, *ARMS)), KOREAN)

    assert '<html lang="ko">' in found
    assert not [word for word in ("http:", "https:", "src=", "url(", "@import") if word in found]


@pytest.mark.parametrize("status", ["running", "finished"])
def test_a_report_without_runs_is_a_file_too(database: Database, status: str) -> None:
    made = replace(drawn_up(database, "..", ".."), status=status)

    assert report_html(report_of(database, made), ENGLISH).count("–") > 10


def rows(database: Database, experiment: Experiment) -> list[dict[str, str]]:
    text = "".join(runs_csv(database, experiment))
    assert text.startswith("\N{BYTE ORDER MARK}case,receipt_id,arm,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\N{BYTE ORDER MARK}"))))


def test_the_csv_has_a_row_for_each_run_with_its_scores(database: Database) -> None:
    first, _, failed = rows(database, drawn_up(database, "XOF"))

    assert (first["case"], first["arm_name"], first["temperature"], first["names"]) == ("1", "온도 0.0", "0.0", "0.5")
    assert (failed["error_class"], failed["all_right"], failed["cost_microusd"]) == ("ModelTimeout", "0.0", "")
    assert tuple(first) == COLUMNS


def test_the_csv_runs_no_formula_and_names_no_member(database: Database) -> None:
    made = named(drawn_up(database, "O", "O"), "=1+1")

    assert rows(database, made)[1]["arm_name"] == "'=1+1"
    assert not [column for column in COLUMNS if "member" in column or "key" in column]


def test_a_run_without_a_score_has_empty_cells(database: Database) -> None:
    made = drawn_up(database, "O", is_scored=False)

    assert rows(database, made)[0]["all_right"] == ""


def test_many_runs_come_a_page_at_a_time(database: Database) -> None:
    made = drawn_up(database, ["O" * 30] * 20)
    statements: list[str] = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))

    assert len(rows(database, made)) == 600
    assert len([each for each in statements if RunRow.__tablename__ in each]) == 3
