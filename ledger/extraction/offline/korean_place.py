"""Where a Korean purchase was made: the address and the shop's name, as they are printed in the head."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ledger.extraction.offline.dates import dates_in
from ledger.extraction.offline.rows import Row, amount_in
from ledger.extraction.offline.vocabulary import found

_REGIONS: Final = "서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_ADDRESS: Final = re.compile(
    rf"((?:{_REGIONS})\S*\s.*"
    # OCR lost the spaces: the street and its number still end it.
    rf"|(?:{_REGIONS})[가-힣]*[시군구읍면동][가-힣\d ]*[로길][\d ]*"
    r"|\S*[가-힣]{1,4}[시군구]\s+\S.*(?:로|길|동|층|상가|호|번지).*)"
)
_ADDRESS_GOES_ON: Final = re.compile(r"[^=*\-]*(?:\d|호|층|로|길|동)")
_SHOP_LABELS: Final = ("병원명", "상호", "매장명", "가맹점명", "업체명")
_ADDRESS_LABELS: Final = ("소재지", "주소")
_SHOP_SUFFIX: Final = re.compile(
    r"병원|의료센터|센터|마트|매장|스토어|샵|살롱|미용실|카페|약국|동물|애견|펫|멍|냥|유치원|호텔|하우스"
)
_SHOP_AT_END: Final = re.compile(
    r"(?:^|[:：.]|\s)\s*((?:[가-힣A-Za-z0-9]+\s?){0,2}[가-힣]*(?:동물병원|의료센터|메디컬센터|동물약국|애견카페))\s*$"
)
_LATIN_SHOP: Final = re.compile(r"\W*([A-Z][A-Za-z&' ]{4,})\W*")
_TITLES: Final = (
    "청구서", "영수증", "판매영수증", "매출전표", "신용카드", "카드승인", "거래명세", "간이", "진료비",
    "재발행", "고객용", "가맹점", "회원", "카드전표", "전화", "거래", "사업자", "대표", "고객", "관리자",
    "단가", "수량", "품명",
)  # fmt: skip  # words in rows: a line for each would be a page
_NO_SHOP: Final = re.compile(
    "카드|승인|체크|통신|신고|안내|포상|현금|소득공제|번호|영수|변경|매장에서|정보|[ㄱ-ㅎㅏ-ㅣ]"
)
_HEAD_ROWS: Final = 20
_SHOP_LENGTH: Final = 16
"""Letters; longer lines in a head are sentences."""


def read_location(rows: Sequence[Row], table_start: int | None) -> str | None:
    """`address, shop`, or the one of them that was read; None when neither was."""
    texts = [row.label for row in rows]
    head = texts[: table_start if table_start is not None else _HEAD_ROWS]
    address = _address(texts)
    shop = _labelled_shop(texts) or _shop_by_suffix(texts) or _shop_in(head, table_start) or _latin_shop(texts[:6])
    return ", ".join(part for part in (address, shop) if part) or None


def _labelled(text: str, labels: Iterable[str]) -> str | None:
    """What stands after a label: behind its colon, or behind the label itself where forms print none (상 호  이름)."""
    match = re.match(r".*?[:：]\s*[.:]?\s*(.+)$", text)
    if match:
        return match[1].strip() if found(text, labels, 0.25) else None
    spread = "|".join(r"\s*".join(label) for label in labels)
    match = re.match(rf"\W*(?:{spread})\s+(\S.*)$", text)
    return match[1].strip() if match else None


def _address(texts: Sequence[str]) -> str | None:
    for index, text in enumerate(texts):
        match = _ADDRESS.search(text)
        address = _labelled(text, _ADDRESS_LABELS) or (match[1] if match else None)
        if address:
            address = re.sub(r"^[.\s:]+", "", address)
            following = texts[index + 1] if index + 1 < len(texts) else ""
            return _joined(address, following.strip()) if _continues_address(following) else address
    return None


def _continues_address(text: str) -> bool:
    if (
        re.search(r"[:：]|tel|\d{2,4}-\d{3,4}-\d{4}", text, re.IGNORECASE)
        or len(text) >= 26
        or not _ADDRESS_GOES_ON.match(text)
    ):
        return False
    return amount_in(text) is None and not found(text, ("전화", "금액", "대표", "담당"), 0.2)


def _joined(address: str, rest: str) -> str:
    # A word cut by the paper's width goes on with a short piece (구 | 마로 243), without a space.
    cut = re.match(r"[가-힣]{1,2}\s?\d|[가-힣]{1,4}(?:자|로|길)\b|호", rest)
    return f"{address}{rest}" if cut else f"{address} {rest}"


def _labelled_shop(texts: Sequence[str]) -> str | None:
    for text in texts:
        shop = _labelled(text, _SHOP_LABELS)
        if shop and re.search("[가-힣]{2}", shop):
            return re.sub(r"^\W+", "", shop)
    return None


def _shop_by_suffix(texts: Sequence[str]) -> str | None:
    matches = (_SHOP_AT_END.search(text) for text in texts)
    return next((match[1].strip() for match in matches if match), None)


def _shop_in(head: Sequence[str], table_start: int | None) -> str | None:
    """A plain line of the head with a shop's word in it, else the first short one: what a shop prints largest."""
    certain_rows = 2 if table_start is None else 3
    names = [(index, re.sub(r"^[\W_]+|[\W_]+$", "", text)) for index, text in enumerate(head)]
    plain = [(index, name) for index, name in names if _is_shop_like(name)]
    with_word = next((name for _, name in plain if _SHOP_SUFFIX.search(name)), None)
    return with_word or next(
        (name for index, name in plain if index < certain_rows and len(name) <= _SHOP_LENGTH), None
    )


def _is_shop_like(name: str) -> bool:
    if len(re.findall("[가-힣]", name)) < 2 or ":" in name or _NO_SHOP.search(name):
        return False
    plain = len(re.findall("[가-힣A-Za-z0-9 &()]", name)) >= 0.85 * len(name)
    return plain and not (found(name, _TITLES) or dates_in(name, "ymd") or _ADDRESS.search(name))


def _latin_shop(texts: Sequence[str]) -> str | None:
    for text in texts:
        match = _LATIN_SHOP.fullmatch(text)
        if match and not re.search("serial|receipt|copyright|http", text, re.IGNORECASE):
            return match[1].strip()
    return None
