"""What an item was bought for, by words in its name."""

from __future__ import annotations

import re
from typing import Final

from ledger.receipt import Category

_OTHER: Final = "부가세|배송비|택배비|종량제|비닐봉투|쇼핑백|포장비|보냉\\s?포장|보증금"
_GOODS: Final = (
    "보습제|샴푸|브러쉬|브러시|장난감|배변|물티슈|수건|타월|장갑|용기|물통|식기|물병|급수|밥그릇|클리너|세제|"
    "shampoo|brush|toy|waste"
)
"""Words that decide against a word of another category beside them: 목욕 브러쉬 is a brush, 사료통 is a box."""
_MEDICAL: Final = (
    "진료|진찰|처치|수술|검사|접종|백신|주사|입원|약|혈|촬영|초음파|엑스레이|x-?ray|방사선|스케일링|발치|치근|마취|수액|조제|"
    "처방|상담비|중성화|심장|연고|(?:내장|인식|마이크로)\\s?칩|치료|소독|구충|넥스가드|브라벡토|보조기|밴드|붕대|"
    "booster|vaccine|consultation|medicine|tablet"
)
_GROOMING: Final = "미용|목욕|그루밍|커트|컷트|클리핑|스파|발톱|귀\\s?청소|염색|grooming"
_FOOD: Final = (
    "사료|간식|영양제|캔|껌|트릿|육포|양고기|닭|오리|연어|참치|츄르|습식|건식|비스킷|우유|고기|파우치|저키|져키|큐브|스틱|"
    "분유|북어|황태|한우|잡뼈|목뼈|스튜|특식|감자|고구마|당근|양배추|배추|브로콜리|단호박|사과|바나나|과일|계란|달걀|두부|쌀|누룽지|"
    "요거트|치즈|수프|빵|바게트|쿠키|케이크|과자|칩|라면|김밥|도시락|음료|주스|생수|커피|라떼|푸치노|아메리카노|밀크|"
    "rice|nasi|chicken|ayam|coffee|kopi|teh|tea\\b|milk|bread|noodle|mee\\b|fish|chews|kibble|treat|salmon|biscuit"
)
_LEISURE: Final = "카페|호텔|유치원|놀이|입장|이용권|돌봄|위탁|훈련|숙박|데이케어|산책|시간권|수영"
_SUPPLIES: Final = (
    "티셔츠|집업|맨투맨|가디건|니트|코트|패딩|조끼|원피스|쿨티|체리|리본|의류|옷|하네스|목줄|리드줄|가슴줄|방석|하우스|패드|"
    "린스|빗|모래|화장실|스크래처|캐리어|이동장|명찰|이름표|솔루션|봉투|기저귀|매트|공|토이|자수|넥카라|rope|bags?\\b"
)
_RULES: Final = (
    (Category.OTHER, re.compile(_OTHER)),
    (Category.SUPPLIES, re.compile(_GOODS)),
    (Category.MEDICAL, re.compile(_MEDICAL)),
    (Category.GROOMING, re.compile(_GROOMING)),
    (Category.FOOD, re.compile(_FOOD)),
    (Category.LEISURE, re.compile(_LEISURE)),
    (Category.SUPPLIES, re.compile(_SUPPLIES)),
)


def category_of(name: str | None, at_vet: bool = False) -> Category | None:
    """The category of an item; None without a name. What a vet bills is medical unless its name says else."""
    if name is None:
        return None
    lowered = name.lower()
    for category, words in _RULES:
        if words.search(lowered):
            return category
    return Category.MEDICAL if at_vet else Category.OTHER
