"""The table of models: what it says, who may overrule it, and what is assumed of those that it does not know."""

import datetime as dt

import pytest

from ledger.errors import ConfigurationError
from ledger.extraction.models import ModelFacts, Retirement, load_models
from ledger.extraction.pictures.vision import Patches, Tiles

KNOWN = load_models()


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
    assert KNOWN.facts(model).price.cost_microusd(*tokens) == cost


@pytest.mark.parametrize(
    ("model", "rules", "vision"),
    [
        ("gpt-4o", ("always", "always", False), Tiles(85, 170)),
        ("gpt-4o-mini", ("always", "always", False), Tiles(2833, 5667)),
        ("gpt-4.1-mini", ("always", "always", False), Patches(1536, 2048, 1.62)),
        ("gpt-5.4-mini", ("effort_none", "effort_none", True), Patches(1536, 2048, 1.62)),
        ("gpt-6-luna", ("effort_none", "effort_none", True), Patches(None, None)),
        ("gpt-6-astra", ("never", "never", False), Patches(None, None)),
        ("gpt-6.1-sol", ("never", "never", False), Patches(None, None)),
    ],
)
def test_the_table_says_what_a_model_takes_and_how_it_sees(model, rules, vision):
    facts = KNOWN.facts(model)
    assert (facts.temperature, facts.logprobs, "none" in facts.efforts) == rules
    assert facts.vision == vision


@pytest.mark.parametrize(
    ("model", "effort", "taken"),
    [
        ("gpt-4o", None, True),
        ("gpt-5.4-mini", None, True),  # it does not reason unless it is told to
        ("gpt-5.4-mini", "low", False),
        ("gpt-6-luna", None, False),
        ("gpt-6-luna", "none", True),
        ("gpt-6-astra", "none", False),
    ],
)
def test_a_temperature_is_taken_by_models_that_do_not_reason(model, effort, taken):
    facts = KNOWN.facts(model)
    assert facts.allows(facts.temperature, effort) is taken


def test_a_dated_name_is_its_model():
    assert KNOWN.facts("gpt-4o-2024-11-20") == KNOWN.facts("gpt-4o")
    assert KNOWN.facts("gpt-6-luna-2026-09-22") == KNOWN.facts("gpt-6-luna")


def test_a_dated_name_may_have_an_entry_of_its_own():
    assert KNOWN.facts("gpt-4o-2024-05-13").ends == dt.date(2026, 10, 23)


@pytest.mark.parametrize("model", ["qwen3-vl", "qwen3-vl-2026-01-01", "openai/gpt-4o", ""])
def test_a_model_that_nobody_described_may_take_everything_and_costs_nobody_knows_what(model):
    facts = KNOWN.facts(model)
    assert facts == ModelFacts()
    assert (facts.price, facts.temperature, facts.vision) == (None, "always", Tiles(85, 170))


@pytest.mark.parametrize("model", ["gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini", "gpt-4o-2024-08-06"])
def test_the_end_of_a_model_is_told_ninety_days_before(model):
    end = dt.date(2027, 1, 14)
    assert KNOWN.retirement(model, end - dt.timedelta(91)) is None
    assert KNOWN.retirement(model, end - dt.timedelta(90)) == Retirement(model, end, 90, "gpt-6-luna")
    assert KNOWN.retirement(model, end).days_left == 0
    assert KNOWN.retirement(model, end + dt.timedelta(3)).days_left == -3


@pytest.mark.parametrize("model", ["gpt-6-luna", "qwen3-vl"])
def test_a_model_without_a_known_end_is_not_said_to_end(model):
    assert KNOWN.retirement(model, dt.date(2030, 1, 1)) is None


def written(tmp_path, text):
    file = tmp_path / "모델.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_of_ones_own_wins_key_by_key(tmp_path):
    table = load_models(written(tmp_path, "[models.gpt-4o]\nends = 2027-04-14\n"))
    assert table.facts("gpt-4o").ends == dt.date(2027, 4, 14)
    assert table.facts("gpt-4o").price == KNOWN.facts("gpt-4o").price
    assert table.facts("gpt-6-luna") == KNOWN.facts("gpt-6-luna")
    assert KNOWN.facts("gpt-4o").ends == dt.date(2027, 1, 14)


def test_an_entry_that_is_like_another_model_takes_nothing_from_ours_of_its_name(tmp_path):
    table = load_models(written(tmp_path, '[models.gpt-4o]\nlike = "gpt-6-luna"\ndetails = ["high"]\n'))
    assert table.facts("gpt-4o") == KNOWN.facts("gpt-6-luna").model_copy(update={"details": ("high",)})


def test_a_file_of_ones_own_describes_other_models_too(tmp_path):
    text = """
        [models."우리-모델"]
        sees = { max_patches = 4096, max_side = 3000 }
        profile = { temperature = 0.0, answer_format = "text" }
        [models."우리-배포"]
        like = "gpt-4o-mini"
    """
    table = load_models(written(tmp_path, text))
    assert table.facts("우리-모델").vision == Patches(4096, 3000)
    assert table.facts("우리-모델").profile.answer_format == "text"
    assert table.facts("우리-배포") == KNOWN.facts("gpt-4o-mini")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[models.gpt-4o]\nprice = { input = 1 }", "entry 'gpt-4o': price.cached: Field required"),
        ("[models.gpt-4o]\nprice = { input = -1, cached = 1, output = 1 }", "entry 'gpt-4o': price.input"),
        ('[models.gpt-4o]\ntemperature = "sometimes"', "entry 'gpt-4o': temperature"),
        ("[models.gpt-4o]\ntemprature = 1", "entry 'gpt-4o': temprature: Extra inputs are not permitted"),
        ("[models.gpt-4o]\nsees = { max_patch = 1 }", "entry 'gpt-4o': sees"),
        ('[models.gpt-4o]\nprofile = { detail = "세밀" }', "entry 'gpt-4o': profile.detail"),
        ('[models.a]\nlike = "b"', "entry 'a': like: there is no other entry 'b'"),
        ('[models.a]\nlike = "b"\n[models.b]\nlike = "a"', "like: there is no other entry"),
        ('[models.a]\nlike = "a"', "entry 'a': like"),
        ("[models.a]\nlike = []", "entry 'a': like"),
        ("[gpt-4o]\nends = 2027-04-14", "it has 'gpt-4o'"),
        ("models = 3", "every model needs a heading"),
        ("[models]\ngpt-4o = 3", "every model needs a heading"),
        ("[models.gpt-4o", "Expected ']'"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_entry(tmp_path, text, why):
    file = written(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        load_models(file)
    assert str(file) in str(caught.value)
    assert "LEDGER_MODELS_FILE" in str(caught.value)
    assert why in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="No such file"):
        load_models(tmp_path / "없음.toml")
