"""Text in the pieces in which a model writes it, as bytes: a Hangul syllable may lie across two of them."""

from __future__ import annotations

import re
from typing import Any, Final

WHOLE_SYLLABLES: Final = frozenset(
    "가각간갈감갑값강같개객거건걸검겁것게겠겨격견결겼경계고곡곤골곳공과관광괴교구국군굴궁권귀규균그극근글금급기긴길김까깔깨꺼께껴꽃꾸꿈끄끌끔끝끼낌나난날남납났내낸낼냈냐냥너널넘네넷녀녁년념녕노논놀농높놓누"
    "눈뉴느는늘능니닉닌님닝다닥단닫달담답닷당대댓더덕던덤데델도독돈돌동돼됐되된될됨됩두둘뒤드득든들듯등디딩따때떠떤또뜨뜻라락란람랍랑래랙랜램랩랫략량러럭런럴럼럽렇레렉렌렛려력련렬렴렵렸령례로록론롤롭롯뢰료"
    "루룸룹류률르른를름리릭린릴림립릿링마막만많말맛망맞매맥맨머먹먼멀메멘며면명몇모목몬몰몸못무문물뮤므미민밀밍및바박밖반받발밤방배백버번벌범법베벤벨벽변별병보복본볼봉봐봤부북분불붙뷰브블비빈빌빙빛빠뿐쁘쁜"
    "사삭산살삼상새색생샵서석선설섭성세센셀셔션셜셨소속손솔송쇄쇼수숙순술숨쉬쉽슈스슨슬슴습슷승시식신실심십싱싶싸써쓰쓴씀씨씩씬아악안않알암압았앙앞애액앤앨야약양어억언얼엄업없엇었에엔엘여역연열염였영예오옥"
    "온올옵와완왔왕왜외요욕용우욱운울움웃워원월웠웨웹위윈유육윤율융으은을음응의이익인일읽임입있자작잔잘잠잡장재쟁저적전절점접정제젝젠져졌조족존좀종좋좌죄죠주죽준줄중줘즈즌즐즘증지직진질짐집짓징짜짝째쪽찌찍"
    "차착찬찮찰참창찾채책처척천철첨첫청체쳐쳤초촉촌총최추축춘출춤충춰취츠측층치칙친칠침칭카칼캐커컨컬컴컵케켓켜코콘콜콩쿠큐크큰클큼키킨킬킹타탁탄탈탕태택터턴털테텍텐텔템토톡톤통퇴투튀튜트특튼틀티틱틴팀팅파"
    "판팔패팩팬퍼페펴편평폐포폭폰폴폼표푸풀품풍퓨프픈플피픽핀필핏핑하학한할함합항해했행향허헌험헤혀혁현혈협형혜호혹혼홀홈홍화확환활황회획효후훈휘휴흡흥희히힌힘"
)
"""The Hangul syllables that are one token in o200k_base (tiktoken 0.13); it splits the other 10 495, most after two of
their three bytes, as is done here."""

_TOKEN: Final = re.compile(r"[0-9]{1,3}| ?[A-Za-z_]+|\s+|.", re.DOTALL)


def tokens(text: str) -> list[bytes]:
    """The text in pieces, roughly as o200k_base cuts it: it also knows some words and some runs of signs as one."""
    pieces: list[bytes] = []
    for match in _TOKEN.finditer(text):
        raw = match[0].encode()
        split = "가" <= match[0][0] <= "힣" and match[0] not in WHOLE_SYLLABLES
        pieces.extend([raw[:2], raw[2:]] if split else [raw])
    return pieces


def spelt(raw: bytes) -> str:
    """The token's text as the API spells it: bytes that are only a part of a character are escaped."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "".join(f"\\x{byte:02x}" for byte in raw)


def count(value: Any) -> int:
    """Tokens of all texts in a value of JSON."""
    if isinstance(value, dict):
        return sum(count(name) + count(inner) for name, inner in value.items())
    if isinstance(value, list):
        return sum(map(count, value))
    return len(tokens(value)) if isinstance(value, str) else 1
