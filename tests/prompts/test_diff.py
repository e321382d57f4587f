from ledger.prompts.diff import ADDED, GAP, REMOVED, SAME, Line, Part, compared
from ledger.prompts.versions import PromptVersion

TEXT = "# 역할\n\n영수증을 읽습니다.\n보이는 것만 적습니다.\n\n# 필드\n\n날짜와 장소.\n"


def version(text: str = TEXT, **more: object) -> PromptVersion:
    return PromptVersion.of("trial", text, **more)  # type: ignore[arg-type]  # lexicon and examples, as a test names them


def wording(before: PromptVersion, after: PromptVersion) -> list[Line]:
    found = compared(before, after)
    assert list(found) == [Part.WORDING]
    return found[Part.WORDING]


def test_of_the_same_nothing_is_told() -> None:
    assert compared(version(), version()) == {}


def test_a_changed_line_tells_what_is_changed_within_it() -> None:
    lines = wording(version(), version(TEXT.replace("영수증을", "영수증 사진을")))
    assert [(line.sign, line.text) for line in lines] == [
        (SAME, "# 역할"),
        (SAME, ""),
        (REMOVED, "영수증을 읽습니다."),
        (ADDED, "영수증 사진을 읽습니다."),
        (SAME, "보이는 것만 적습니다."),
        (SAME, ""),
    ]
    assert lines[2].pieces == (("영수증을", True), (" 읽습니다.", False))
    assert lines[3].pieces == (("영수증 사진을", True), (" 읽습니다.", False))


def test_what_nobody_reads_to_its_end_is_not_looked_at_word_by_word_to_its_end() -> None:
    def lines(how: str) -> str:
        return "".join(f"줄 {n} {how}\n" if n % 10 else f"줄 {n}\n" for n in range(1_500))

    removed = [line for line in wording(version(lines("그대로")), version(lines("다르게"))) if line.sign == REMOVED]

    assert len(removed) == 1_350
    assert [len(line.pieces) for line in (removed[0], removed[-1])] == [2, 1]


def test_another_line_is_told_whole() -> None:
    lines = wording(version("가나다라.\n"), version("전혀 다른 말.\n"))
    assert [line.pieces for line in lines] == [(("가나다라.", False),), (("전혀 다른 말.", False),)]


def test_what_is_far_from_any_change_is_left_out() -> None:
    lines = wording(version(), version(TEXT + "총액.\n"))
    assert [(line.sign, line.text) for line in lines] == [
        (GAP, ""),
        (SAME, ""),
        (SAME, "날짜와 장소."),
        (ADDED, "총액."),
    ]


def test_schema_notes_are_told_by_their_fields_in_the_order_of_the_answer() -> None:
    before = version(schema_notes={"total_amount": "결제한 금액.", "date": "결제한 날."})
    after = version(schema_notes={"total_amount": "결제한 금액.", "date": "결제한 날.", "items.price": "그 줄의 금액."})
    (lines,) = compared(before, after).values()
    assert [(line.sign, line.text) for line in lines] == [
        (SAME, "date: 결제한 날."),
        (ADDED, "items.price: 그 줄의 금액."),
        (SAME, "total_amount: 결제한 금액."),
    ]


def test_each_part_is_told_by_itself_line_by_line() -> None:
    lexicon = {"shops": {"멍이네": {"name": "멍이네", "aliases": ["멍이"], "names": [["감자 간식", 3]]}}}
    example = {"shop": "멍이네", "read": "검자 간식", "right": "감자 간식"}
    found = compared(version(), version(TEXT + "끝.\n", lexicon=lexicon, examples=[example]))
    assert list(found) == [Part.WORDING, Part.NAMES, Part.EXAMPLES]
    told = {part: [line.text for line in lines if line.sign == ADDED] for part, lines in found.items()}
    assert told == {
        Part.WORDING: ["끝."],
        Part.NAMES: ["[멍이네] 멍이네, 멍이", "[멍이네] 감자 간식 × 3"],
        Part.EXAMPLES: ["[멍이네] 검자 간식 → 감자 간식"],
    }
