"""Receipts of pet shops, marts, cafes and a corner shop; all of them invented."""

from __future__ import annotations

import datetime as dt
from typing import Final

from samples.camera import Shot
from samples.props import Prop
from samples.sale import Discount, Sale, Sample, food, leisure, medical, other, supply

SHOPS: Final = (
    Sample(
        "멍멍마트 강남점",
        Sale(
            store="멍멍마트 강남점",
            address="서울 강남구 별솔로 000길 12",
            date=dt.date(2026, 11, 20),
            time="18:42:07",
            layout="stacked",
            items=(
                food("감자 치킨 소프트 사료 2kg", 28500),
                food("국산 감자 말랭이 100g", 4900, 3),
                food("황태 큐브 트릿", 6500, 2),
                supply("배변패드 대형 50매", 15900),
                supply("삑삑이 당근 장난감", 7000),
            ),
        ),
        Shot(
            desk="granite", tilt=-1.5, curl=0.5, props=(Prop("coin", 0.92, 0.30, 0.043), Prop("coin", 0.06, 1.17, 0.05))
        ),
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
                leisure("소형견 입장료", 9000, 2),
                food("아메리카노 (ICE)", 5500, 2),
                food("감자 수프 & 바게트", 9800),
                food("멍푸치노", 4500, 2),
                food("댕댕이 쿠키세트", 7200),
            ),
        ),
        Shot(
            desk="walnut", tilt=5.0, keystone=0.05, warmth=0.5, shadow=0.35, props=(Prop("mug", 0.97, 0.02, 0.22, 150),)
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
                food("햇감자 2kg", 6980),
                food("꿀고구마 1.5kg", 8900),
                food("당근 3입", 2980),
                food("무항생제 계란 30구", 8490),
                food("닭가슴살 1kg", 11900, 2),
                food("강아지 우유 180ml", 1500, 6),
                food("두부 부침용", 1980, 2),
                food("연어 사료 소형견용 1.2kg", 17800),
                food("오리 목뼈 간식 300g", 7900),
                food("치즈 스틱 펫간식", 3500, 4),
                supply("물티슈 100매 캡형", 1290, 5),
                supply("배변봉투 리필 12롤", 5900),
                supply("고양이 모래 7L", 9900, 2),
                supply("스크래처 박스", 6900),
                supply("실리콘 밥그릇", 4500),
                supply("테니스공 3구", 3900),
                food("현미 누룽지", 4280),
                food("플레인 요거트", 3980),
                food("사과 1봉", 9980),
                food("브로콜리", 1990, 2),
                supply("리드줄 1.5m", 12900),
                medical("펫 구급 밴드", 2900),
                supply("옷걸이 돌돌이", 3300),
                other("종량제봉투 20L", 490, 2),
            ),
            exempt=frozenset(
                {"햇감자 2kg", "꿀고구마 1.5kg", "당근 3입", "무항생제 계란 30구", "사과 1봉", "브로콜리"}
            ),
            discounts=(Discount("회원 할인", -3000), Discount("쿠폰 할인", -2000)),
        ),
        Shot(desk="slate", size=(660, 2760), fill=0.975, tilt=0.3, keystone=0.008, curl=0.25, folds=(0.26, 0.52, 0.78)),
    ),
    Sample(
        "petshop_folded",
        Sale(
            store="초코네 펫샵",
            address="광주 북구 무지개마을로 00, 상가 1층",
            date=dt.date(2026, 11, 5),
            time="17:33:19",
            layout="columns",
            items=(
                supply("겨울 패딩 조끼 M", 32000),
                supply("야광 목줄", 14500),
                food("동결건조 감자 북어", 8700, 2),
                food("연어 져키", 5200),
                supply("휴대용 물통 / 하늘색 / 대용량", 11000),
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
        "store24_evening",
        Sale(
            store="별빛24 편의점 새솔점",
            address="세종 새솔동 해돋이로 00",
            date=dt.date(2026, 11, 19),
            time="22:48:31",
            layout="columns",
            font="barun",
            items=(
                food("감자칩 오리지널", 1700, 2),
                food("츄르 참치 4입", 4800),
                food("강아지 캔 닭고기", 2500, 3),
                food("바나나우유", 1800),
                supply("롤 테이프클리너", 3900),
                other("비닐봉투", 100),
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
                food("Sweet Potato Chews 8oz", 899, 2),
                food("Salmon Kibble 5lb", 2450),
                supply("Rope Toy Large", 775),
                supply("Waste Bags 120ct", 649),
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
                food("감자 고구마 스틱", 6500, 2),
                food("소간 육포", 8800),
                food("단호박 케이크 (생일)", 24000),
                food("닭발 껌", 4200, 3),
                other("보냉 포장", 1500),
            ),
            discounts=(Discount("오픈 기념 할인", -4000),),
        ),
        Shot(desk="linen", tilt=-5.0, keystone=0.04, shadow=0.3, warmth=0.3, props=(Prop("mug", 0.0, 0.02, 0.17, 40),)),
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
                supply("기모 후드 티셔츠 / 베이지 / S", 18000),
                supply("기모 후드 티셔츠 / 베이지 / L", 18000),
                supply("니트 가디건 / 레드", 22000, 2),
                supply("리본핀", 3000, 4),
                other("교환 배송비", 3500),
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
                food("알감자 1.5kg", 4980),
                food("양배추", 3480),
                food("한우 잡뼈 1kg", 9900),
                food("강아지 감자 비스킷", 5500, 2),
                supply("밀폐용기 사료통 10L", 13900),
                supply("고무장갑", 2900),
            ),
            exempt=frozenset({"알감자 1.5kg", "양배추", "한우 잡뼈 1kg"}),
            discounts=(Discount("농산물 할인", -1000, after=0), Discount("카드사 할인", -2000)),
        ),
        Shot(desk="granite", tilt=-7.0, keystone=0.05, shadow=0.45, folds=(0.55,), blur=0.6),
    ),
)
