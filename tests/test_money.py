import pytest

from ledger.money import decimals, format_amount


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (None, "KRW", ""),
        (0, "KRW", "0"),
        (13_500, "KRW", "13,500"),
        (-3_000, "KRW", "-3,000"),
        (900, "MYR", "9.00"),
        (-5, "MYR", "-0.05"),
        (123_456, "USD", "1,234.56"),
        (1_500, "JPY", "1,500"),
    ],
)
def test_an_amount_is_shown_in_the_currencys_usual_writing(amount: int | None, currency: str, shown: str) -> None:
    assert format_amount(amount, currency) == shown


def test_won_have_no_decimals_and_ringgit_have_two() -> None:
    assert (decimals("KRW"), decimals("MYR")) == (0, 2)
