import pytest

from ledger.extraction.pricing import PRICES, cost_microusd


@pytest.mark.parametrize(
    ("model", "tokens", "cost"),
    [
        ("gpt-4o", (1_000_000, 0), 2_500_000),
        ("gpt-4o", (0, 1_000_000), 10_000_000),
        ("gpt-4o", (1_000_000, 0, 1_000_000), 1_250_000),
        ("gpt-4o", (1365, 359), 7003),  # 7002.5 rounds up
        ("gpt-6-luna", (3000, 359, 1000, 1000), 415),  # 1000 fresh, 1000 cached, 1000 newly cached: 414.5
        ("gpt-4o", (0, 0), 0),
    ],
)
def test_a_reading_costs_what_the_table_says(model, tokens, cost):
    assert cost_microusd(model, *tokens) == cost


@pytest.mark.parametrize("model", ["gpt-4o-2024-05-13", "qwen3-vl", ""])
def test_a_model_that_is_not_in_the_table_has_no_known_cost(model):
    assert cost_microusd(model, 1000, 1000) is None


def test_cached_input_is_never_dearer_than_fresh_input():
    assert [model for model, price in PRICES.items() if price.cached > price.input] == []
