"""Tune and test: what tuning saw tells nothing about what is tested."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as some

from ledger.experiments.sampling import every_nth
from ledger.experiments.splitting import seeded, split_of
from ledger.experiments.words import Split

DAY = dt.date(2024, 11, 11)


@dataclass(frozen=True)
class Sold:
    shop: str
    date: dt.date | None


def sold(shop: str, *days: int | None) -> list[Sold]:
    return [Sold(shop, None if day is None else DAY + dt.timedelta(day)) for day in days]


days = some.one_of(some.none(), some.just(dt.date.min), some.just(dt.date.max), some.dates(DAY, DAY + dt.timedelta(30)))
receipts = some.lists(some.builds(Sold, some.sampled_from(["", "가", "나", "다", "라", "마"]), days), max_size=60)
seeds = some.integers(0, 9)
shares = some.sampled_from([0.0, 0.1, 0.3, 0.5, 0.9, 1.0])


@given(receipts, seeds, shares)
def test_a_shop_is_held_out_whole_or_its_tests_are_later_than_all_that_is_tuned_on(
    made: list[Sold], seed: int, share: float
) -> None:
    splits = split_of(made, seed=seed, test_share=share)

    for shop in {one.shop for one in made}:
        mine = [(split, one.date) for split, one in zip(splits, made, strict=True) if one.shop == shop]
        if {split for split, _ in mine} == {Split.TEST, Split.TUNE}:
            tuned = [date for split, date in mine if split is Split.TUNE and date is not None]
            tested = [date for split, date in mine if split is Split.TEST]
            assert None not in tested
            assert all(old < new for old in tuned for new in tested if new is not None)


@given(receipts, seeds, shares)
def test_the_same_seed_splits_the_same_way_in_whatever_order(made: list[Sold], seed: int, share: float) -> None:
    splits = split_of(made, seed=seed, test_share=share)
    backwards = split_of(made[::-1], seed=seed, test_share=share)

    assert splits == split_of(made, seed=seed, test_share=share) == backwards[::-1]


@given(
    some.lists(some.builds(Sold, some.sampled_from(["", "가", "나", "다", "라"]), some.dates(DAY)), max_size=60),
    seeds,
    some.sampled_from([0.0, 0.1, 0.3, 0.5]),
)
def test_the_share_is_met_to_within_half_of_the_busiest_day(made: list[Sold], seed: int, share: float) -> None:
    tests = split_of(made, seed=seed, test_share=share).count(Split.TEST)

    busiest = max(Counter(one.date for one in made).values(), default=0)
    assert abs(tests - share * len(made)) <= busiest / 2


def test_of_many_shops_half_of_the_test_is_shops_that_tuning_never_sees() -> None:
    made = [one for number in range(100) for one in sold(f"shop {number}", *range(10))]

    splits = split_of(made, seed=7, test_share=0.4)

    tuned = {one.shop for one, split in zip(made, splits, strict=True) if split is Split.TUNE}
    assert 100 - len(tuned) == 20
    assert splits.count(Split.TEST) == 200 + 80 * 2  # two days are 160, three are 240: 200 lies in the middle


def test_another_seed_holds_out_other_shops() -> None:
    made = [one for number in range(20) for one in sold(f"shop {number}", *range(5))]

    assert len({tuple(split_of(made, seed=seed, test_share=0.4)) for seed in range(5)}) == 5


def test_where_dates_are_missing_shops_are_held_out_for_them() -> None:
    made = [one for number in range(10) for one in sold(f"shop {number}", None, None)]

    splits = split_of(made, seed=1, test_share=0.5)

    assert splits.count(Split.TEST) == 10
    assert all(splits[i] == splits[i + 1] for i in range(0, 20, 2))


def test_receipts_of_unreadable_places_are_held_out_by_their_date_alone() -> None:
    made = sold("", 1, 2, 3, 4, None)

    splits = split_of(made, seed=1, test_share=0.4)

    assert splits == [Split.TUNE, Split.TUNE, Split.TEST, Split.TEST, Split.TUNE]


def test_one_shop_is_parted_by_time() -> None:
    made = sold("가", *range(10))

    assert split_of(made, seed=1, test_share=0.3) == [Split.TUNE] * 7 + [Split.TEST] * 3


def test_nothing_and_everything_may_be_for_the_test() -> None:
    made = sold("가", 1, None) + sold("", None)

    assert split_of(made, seed=1, test_share=0) == [Split.TUNE] * 3
    assert split_of(made, seed=1, test_share=1) == [Split.TEST] * 3
    assert split_of([], seed=1, test_share=0.5) == []


# ---- The sample


@given(some.integers(1, 200), some.integers(1, 200), seeds)
def test_a_sample_has_its_size_and_nothing_twice(many: int, size: int, seed: int) -> None:
    chosen = every_nth(range(many), size, seed)

    assert len(set(chosen)) == len(chosen) == min(size, many)
    assert chosen == sorted(chosen) == every_nth(range(many), size, seed)


@given(some.lists(some.integers(1, 40), min_size=1, max_size=8), some.integers(1, 60), seeds)
def test_each_stratum_is_sampled_in_proportion_to_within_one(sizes: list[int], size: int, seed: int) -> None:
    strata = [number for number, count in enumerate(sizes) for _ in range(count)]
    counts = Counter(every_nth(strata, size, seed))

    share = min(size, len(strata)) / len(strata)
    assert all(abs(counts[number] - share * count) <= 1 for number, count in enumerate(sizes))


def test_the_seed_decides_where_a_sample_begins() -> None:
    assert len({tuple(every_nth(range(100), 5, seed)) for seed in range(20)}) > 10


def test_a_seeded_number_is_the_same_on_every_machine() -> None:
    assert seeded(7, "루트231") == seeded(7, "루트231") != seeded(8, "루트231")
    assert seeded(0, "") == 4_624_554_156_401_727_479
