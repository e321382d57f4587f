"""What the sample receipts say. Each picture and its truth are made from the same `Sample`, so they cannot differ.

Shops, addresses and animals are invented; business numbers and telephones are zeros.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from ledger.receipt import Category, LineItem, Receipt
from samples.camera import Shot
from samples.props import Prop

LayoutName = Literal["columns", "stacked", "clinic", "cafe", "form", "english"]
FontName = Literal["coding", "gothic", "barun", "square", "round", "myeongjo"]


@dataclass(frozen=True, slots=True)
class Discount:
    """A printed row that takes money off; it is no item. `after` is the item it stands under, None for the summary."""

    name: str
    amount: int
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Sale:
    """One purchase as its receipt prints it."""

    store: str
    address: str
    date: dt.date
    time: str
    items: tuple[LineItem, ...]
    layout: LayoutName
    font: FontName = "coding"
    discounts: tuple[Discount, ...] = ()
    added_tax: int = 0
    """VAT put on top of the items; 0 where the prices contain it."""
    exempt: frozenset[str] = frozenset()
    """Names of items free of VAT."""
    animal: str = ""
    currency: str = "KRW"

    @property
    def gross(self) -> int:
        """All items together, before discounts."""
        return sum(item.price or 0 for item in self.items)

    @property
    def paid(self) -> int:
        """What was paid in the end, the total of the truth."""
        return self.gross + sum(discount.amount for discount in self.discounts) + self.added_tax

    @property
    def untaxed(self) -> int:
        """The part of `paid` that is free of VAT."""
        free = {index for index, item in enumerate(self.items) if item.name in self.exempt}
        off = sum(discount.amount for discount in self.discounts if discount.after in free)
        return sum(self.items[index].price or 0 for index in free) + off

    @property
    def vat(self) -> int:
        """The VAT in `paid`: a tenth on top of the net price of what is taxed."""
        return self.added_tax or (self.paid - self.untaxed) - round((self.paid - self.untaxed) / 1.1)

    @property
    def pieces(self) -> int:
        """How many pieces were bought."""
        return sum(item.count or 0 for item in self.items)


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture of the demo. `sale` is None where the picture shows no receipt."""

    name: str
    sale: Sale | None
    shot: Shot

    @property
    def receipt(self) -> Receipt:
        """The truth of the picture."""
        if self.sale is None:
            return Receipt()
        return Receipt(
            date=self.sale.date,
            location=f"{self.sale.address}, {self.sale.store}",
            items=self.sale.items,
            total_amount=self.sale.paid,
            currency=self.sale.currency,
        )


def _item(category: Category, name: str, unit: int, count: int = 1) -> LineItem:
    return LineItem(name=name, price=unit * count, count=count, category=category)


def _food(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.FOOD, name, unit, count)


def _supply(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.SUPPLIES, name, unit, count)


def _medical(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.MEDICAL, name, unit, count)


def _grooming(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.GROOMING, name, unit, count)


def _leisure(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.LEISURE, name, unit, count)


def _other(name: str, unit: int, count: int = 1) -> LineItem:
    return _item(Category.OTHER, name, unit, count)


SAMPLES: Final = (
    Sample(
        "멍멍마트 강남점",
        Sale(
            store="멍멍마트 강남점",
            address="서울 강남구 별솔로 000길 12",
            date=dt.date(2026, 11, 20),
            time="18:42:07",
            layout="stacked",
            items=(
                _food("감자 치킨 소프트 사료 2kg", 28500),
                _food("국산 감자 말랭이 100g", 4900, 3),
                _food("황태 큐브 트릿", 6500, 2),
                _supply("배변패드 대형 50매", 15900),
                _supply("삑삑이 당근 장난감", 7000),
            ),
        ),
        Shot(
            desk="granite", tilt=-1.5, curl=0.5, props=(Prop("coin", 0.92, 0.30, 0.043), Prop("coin", 0.06, 1.17, 0.05))
        ),
    ),
    Sample(
        "행복한 동물병원 청구서",
        Sale(
            store="행복한솔 동물병원",
            address="경기 하남시 미루나무로 00, 2층",
            date=dt.date(2026, 11, 17),
            time="11:05:33",
            layout="clinic",
            animal="보리",
            items=(
                _medical("진료비 (재진)", 8800),
                _medical("귀 세정 및 처치", 16500),
                _medical("피부 세포 검사", 27500),
                _medical("내복약 5일분", 22000),
                _medical("종합백신 DHPPL", 30000),
            ),
        ),
        Shot(desk="fabric", tilt=3.0, keystone=0.035, folds=(0.48,), curl=0.3),
    ),
    Sample(
        "cafe_dalmong",
        Sale(
            store="달몽 애견카페",
            address="인천 연수구 노을바람길 00",
            date=dt.date(2026, 11, 15),
            time="15:21:48",
            layout="cafe",
            font="gothic",
            items=(
                _leisure("소형견 입장료", 9000, 2),
                _food("아메리카노 (ICE)", 5500, 2),
                _food("감자 수프 & 바게트", 9800),
                _food("멍푸치노", 4500, 2),
                _food("댕댕이 쿠키세트", 7200),
            ),
        ),
        Shot(
            desk="walnut", tilt=5.0, keystone=0.05, warmth=0.5, shadow=0.35, props=(Prop("mug", 0.97, 0.02, 0.22, 150),)
        ),
    ),
    Sample(
        "달빛 애견미용",
        Sale(
            store="달빛 애견미용",
            address="대전 유성구 은하수로 00번길 7",
            date=dt.date(2026, 11, 12),
            time="16:10",
            layout="form",
            font="myeongjo",
            items=(
                _grooming("소형견 전체미용", 55000),
                _grooming("스파 목욕", 20000),
                _grooming("발톱 정리 / 귀청소", 8000),
                _supply("빗질 브러쉬", 12000),
            ),
            discounts=(Discount("재방문 할인", -5000),),
        ),
        Shot(
            desk="oak",
            tilt=-4.0,
            keystone=0.03,
            size=(1280, 1600),
            teeth=False,
            props=(Prop("pen", 0.9, 0.12, 0.5, 62),),
        ),
    ),
    Sample(
        "mart_long_strip",
        Sale(
            store="온누리한아름마트 별내점",
            address="경기 남양주시 솔방울로 000",
            date=dt.date(2026, 11, 8),
            time="19:55:12",
            layout="stacked",
            items=(
                _food("햇감자 2kg", 6980),
                _food("꿀고구마 1.5kg", 8900),
                _food("당근 3입", 2980),
                _food("무항생제 계란 30구", 8490),
                _food("닭가슴살 1kg", 11900, 2),
                _food("강아지 우유 180ml", 1500, 6),
                _food("두부 부침용", 1980, 2),
                _food("연어 사료 소형견용 1.2kg", 17800),
                _food("오리 목뼈 간식 300g", 7900),
                _food("치즈 스틱 펫간식", 3500, 4),
                _supply("물티슈 100매 캡형", 1290, 5),
                _supply("배변봉투 리필 12롤", 5900),
                _supply("고양이 모래 7L", 9900, 2),
                _supply("스크래처 박스", 6900),
                _supply("실리콘 밥그릇", 4500),
                _supply("테니스공 3구", 3900),
                _food("현미 누룽지", 4280),
                _food("플레인 요거트", 3980),
                _food("사과 1봉", 9980),
                _food("브로콜리", 1990, 2),
                _supply("리드줄 1.5m", 12900),
                _medical("펫 구급 밴드", 2900),
                _supply("옷걸이 돌돌이", 3300),
                _other("종량제봉투 20L", 490, 2),
            ),
            exempt=frozenset(
                {"햇감자 2kg", "꿀고구마 1.5kg", "당근 3입", "무항생제 계란 30구", "사과 1봉", "브로콜리"}
            ),
            discounts=(Discount("회원 할인", -3000), Discount("쿠폰 할인", -2000)),
        ),
        Shot(desk="slate", size=(660, 2760), fill=0.975, tilt=0.3, keystone=0.008, curl=0.25, folds=(0.26, 0.52, 0.78)),
    ),
    Sample(
        "강아지 운동장 뛰뛰",
        Sale(
            store="뛰뛰 강아지 운동장",
            address="경기 양평군 버들숲길 00-0",
            date=dt.date(2026, 11, 1),
            time="13:02:55",
            layout="columns",
            items=(
                _leisure("중형견 입장권", 12000, 2),
                _leisure("보호자 입장권", 8000, 3),
                _supply("원반 대여", 3000),
                _food("감자튀김", 6000),
                _food("생수 500ml", 1000, 3),
            ),
        ),
        Shot(desk="oak", tilt=2.0, curl=0.6, upside_down=True, props=(Prop("ball", 0.02, 0.12, 0.14, 30),)),
    ),
    Sample(
        "vet_haneulbit",
        Sale(
            store="하늘빛 동물의료센터",
            address="부산 해운대구 파도소리로 00, 1층",
            date=dt.date(2026, 10, 29),
            time="09:47:20",
            layout="clinic",
            animal="콩이",
            items=(
                _medical("초진 진찰료", 15000),
                _medical("방사선 촬영 2매", 44000),
                _medical("혈액검사 (CBC)", 38000),
                _medical("주사 - 소염진통", 16000),
                _medical("슬개골 보조기", 52000),
            ),
            added_tax=16500,
        ),
        Shot(desk="granite", tilt=-2.5, keystone=0.03, exif=6, folds=(0.33, 0.67)),
    ),
    Sample("우리 동네 공원", None, Shot(size=(1400, 1050))),
    Sample(
        "petshop_folded",
        Sale(
            store="초코네 펫샵",
            address="광주 북구 무지개마을로 00, 상가 1층",
            date=dt.date(2026, 11, 5),
            time="17:33:19",
            layout="columns",
            items=(
                _supply("겨울 패딩 조끼 M", 32000),
                _supply("야광 목줄", 14500),
                _food("동결건조 감자 북어", 8700, 2),
                _food("연어 져키", 5200),
                _supply("휴대용 물통 / 하늘색 / 대용량", 11000),
            ),
            discounts=(Discount("행사 할인", -3200, after=0), Discount("행사 할인", -1400, after=2)),
        ),
        Shot(
            desk="mat",
            tilt=4.0,
            keystone=0.045,
            folds=(0.3, 0.64),
            crumple=0.6,
            props=(Prop("pen", 0.08, 0.75, 0.42, 84),),
        ),
    ),
    Sample(
        "바다소리 약국",
        Sale(
            store="바다소리 약국",
            address="강원 강릉시 해송로 00",
            date=dt.date(2026, 10, 14),
            time="10:18:02",
            layout="columns",
            items=(
                _medical("심장사상충 예방약", 9000, 3),
                _medical("반려동물 안약", 12500),
                _medical("소독 스프레이", 6800),
                _medical("유산균 30포", 21000),
            ),
        ),
        Shot(desk="linen", tilt=-3.0, fade=0.8, curl=0.4),
    ),
    Sample(
        "store24_evening",
        Sale(
            store="별빛24 편의점 새솔점",
            address="세종 새솔동 해돋이로 00",
            date=dt.date(2026, 11, 19),
            time="22:48:31",
            layout="columns",
            font="barun",
            items=(
                _food("감자칩 오리지널", 1700, 2),
                _food("츄르 참치 4입", 4800),
                _food("강아지 캔 닭고기", 2500, 3),
                _food("바나나우유", 1800),
                _supply("롤 테이프클리너", 3900),
                _other("비닐봉투", 100),
            ),
            discounts=(Discount("1+1 할인", -1700, after=0),),
        ),
        Shot(desk="walnut", tilt=-6.0, keystone=0.05, shadow=0.6, warmth=0.8, light=0.82, blur=1.0),
    ),
    Sample(
        "maple_street_pets",
        Sale(
            store="Maple Lantern Pet Supply",
            address="000 Lantern St, Portland, OR 00000",
            date=dt.date(2026, 11, 3),
            time="14:26",
            layout="english",
            items=(
                _food("Sweet Potato Chews 8oz", 899, 2),
                _food("Salmon Kibble 5lb", 2450),
                _supply("Rope Toy Large", 775),
                _supply("Waste Bags 120ct", 649),
            ),
            discounts=(Discount("Member Discount", -250),),
            currency="USD",
        ),
        Shot(desk="slate", tilt=3.5, keystone=0.04, curl=0.4, props=(Prop("ball", 0.99, 0.1, 0.13, 70),)),
    ),
    Sample(
        "몽실 수제간식",
        Sale(
            store="몽실이네 수제간식",
            address="전북 전주시 완산구 느티나무길 00",
            date=dt.date(2026, 10, 24),
            time="12:40:10",
            layout="cafe",
            font="round",
            items=(
                _food("감자 고구마 스틱", 6500, 2),
                _food("소간 육포", 8800),
                _food("단호박 케이크 (생일)", 24000),
                _food("닭발 껌", 4200, 3),
                _other("보냉 포장", 1500),
            ),
            discounts=(Discount("오픈 기념 할인", -4000),),
        ),
        Shot(desk="linen", tilt=-5.0, keystone=0.04, shadow=0.3, warmth=0.3, props=(Prop("mug", 0.0, 0.02, 0.17, 40),)),
    ),
    Sample(
        "hotel_soomsoom",
        Sale(
            store="숨숨 반려견 호텔",
            address="제주 제주시 귤꽃향기로 00",
            date=dt.date(2026, 10, 18),
            time="11:30:44",
            layout="stacked",
            font="square",
            items=(
                _leisure("호텔링 1박 (중형견)", 45000, 3),
                _leisure("데이케어 산책 60분", 15000, 2),
                _grooming("퇴실 목욕", 30000),
                _food("특식 - 감자 소고기 스튜", 7000, 3),
            ),
            discounts=(Discount("연박 할인", -20000), Discount("생일 쿠폰", -5000)),
        ),
        Shot(desk="fabric", tilt=2.0, keystone=0.02, crumple=0.9, light=0.93),
    ),
    Sample(
        "모란펫상회",
        Sale(
            store="모란펫상회",
            address="대구 수성구 모란꽃길 00",
            date=dt.date(2026, 11, 10),
            time="13:15:26",
            layout="columns",
            items=(
                _supply("기모 후드 티셔츠 / 베이지 / S", 18000),
                _supply("기모 후드 티셔츠 / 베이지 / L", 18000),
                _supply("니트 가디건 / 레드", 22000, 2),
                _supply("리본핀", 3000, 4),
                _other("교환 배송비", 3500),
            ),
        ),
        Shot(desk="mat", tilt=1.0, keystone=0.06, curl=1.0, shadow=0.3, props=(Prop("coin", 0.94, 1.1, 0.045),)),
    ),
    Sample(
        "mart_veg_discount",
        Sale(
            store="푸른들 식자재마트",
            address="충남 천안시 서북구 들꽃로 000",
            date=dt.date(2026, 11, 21),
            time="09:12:40",
            layout="stacked",
            items=(
                _food("알감자 1.5kg", 4980),
                _food("양배추", 3480),
                _food("한우 잡뼈 1kg", 9900),
                _food("강아지 감자 비스킷", 5500, 2),
                _supply("밀폐용기 사료통 10L", 13900),
                _supply("고무장갑", 2900),
            ),
            exempt=frozenset({"알감자 1.5kg", "양배추", "한우 잡뼈 1kg"}),
            discounts=(Discount("농산물 할인", -1000, after=0), Discount("카드사 할인", -2000)),
        ),
        Shot(desk="granite", tilt=-7.0, keystone=0.05, shadow=0.45, folds=(0.55,), blur=0.6),
    ),
)
