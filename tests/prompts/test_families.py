import pytest

from ledger.prompts.families import family_of


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("gpt-4o", "gpt-4o"),
        ("gpt-4o-mini", "gpt-4o"),
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("gpt-4o-mini-2024-07-18", "gpt-4o"),
        ("gpt-6-luna", "gpt-6"),
        ("gpt-4.1-nano", "gpt-4.1"),
        ("gpt-4-0613", "gpt-4"),
        ("o4-mini", "o4-mini"),
        ("o3-2025-04-16", "o3"),
        ("chatgpt-4o-latest", "chatgpt-4o"),
        ("우리-큰-모델-7b", "우리-큰-모델-7b"),
        ("llama-3.2-vision-2024", "llama-3.2-vision-2024"),
    ],
)
def test_models_of_one_family_share_a_prompt(model: str, family: str) -> None:
    assert family_of(model) == family


def test_a_familys_name_fits_its_column() -> None:
    assert len(family_of("모" * 300)) == 64
