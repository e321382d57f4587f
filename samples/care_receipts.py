"""Receipts of vets, groomers and other places that look after animals, all invented; and one picture of no receipt."""

from __future__ import annotations

import datetime as dt
from typing import Final

from samples.camera import Shot
from samples.props import Prop
from samples.sale import Discount, Sale, Sample, food, grooming, leisure, medical, supply

CARE: Final = (
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
                medical("진료비 (재진)", 8800),
                medical("귀 세정 및 처치", 16500),
                medical("피부 세포 검사", 27500),
                medical("내복약 5일분", 22000),
                medical("종합백신 DHPPL", 30000),
            ),
        ),
        Shot(desk="fabric", tilt=3.0, keystone=0.035, folds=(0.48,), curl=0.3),
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
                grooming("소형견 전체미용", 55000),
                grooming("스파 목욕", 20000),
                grooming("발톱 정리 / 귀청소", 8000),
                supply("빗질 브러쉬", 12000),
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
        "강아지 운동장 뛰뛰",
        Sale(
            store="뛰뛰 강아지 운동장",
            address="경기 양평군 버들숲길 00-0",
            date=dt.date(2026, 11, 1),
            time="13:02:55",
            layout="columns",
            items=(
                leisure("중형견 입장권", 12000, 2),
                leisure("보호자 입장권", 8000, 3),
                supply("원반 대여", 3000),
                food("감자튀김", 6000),
                food("생수 500ml", 1000, 3),
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
                medical("초진 진찰료", 15000),
                medical("방사선 촬영 2매", 44000),
                medical("혈액검사 (CBC)", 38000),
                medical("주사 - 소염진통", 16000),
                medical("슬개골 보조기", 52000),
            ),
            added_tax=16500,
        ),
        Shot(desk="granite", tilt=-2.5, keystone=0.03, exif=6, folds=(0.33, 0.67)),
    ),
    Sample("우리 동네 공원", None, Shot(size=(1400, 1050))),
    Sample(
        "바다소리 약국",
        Sale(
            store="바다소리 약국",
            address="강원 강릉시 해송로 00",
            date=dt.date(2026, 10, 14),
            time="10:18:02",
            layout="columns",
            items=(
                medical("심장사상충 예방약", 9000, 3),
                medical("반려동물 안약", 12500),
                medical("소독 스프레이", 6800),
                medical("유산균 30포", 21000),
            ),
        ),
        Shot(desk="linen", tilt=-3.0, fade=0.8, curl=0.4),
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
                leisure("호텔링 1박 (중형견)", 45000, 3),
                leisure("데이케어 산책 60분", 15000, 2),
                grooming("퇴실 목욕", 30000),
                food("특식 - 감자 소고기 스튜", 7000, 3),
            ),
            discounts=(Discount("연박 할인", -20000), Discount("생일 쿠폰", -5000)),
        ),
        Shot(desk="fabric", tilt=2.0, keystone=0.02, crumple=0.9, light=0.93),
    ),
)
