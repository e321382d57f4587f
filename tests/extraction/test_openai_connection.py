"""Keys, addresses, patience: from the desk to the service and back."""

import json
import logging
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.errors import (
    ExtractionError,
    KeyRefused,
    MissingKey,
    ModelNotFound,
    ModelServerError,
    ModelTimeout,
    ModelUnreachable,
    QuotaExhausted,
    RequestRefused,
    SettingRefused,
    UpscalerUnusable,
    WrongService,
)
from ledger.extraction.model_service import is_openais
from ledger.receipt import to_contract
from tests.extraction.asking import failure, read
from tests.openai_standin import HTML, INSUFFICIENT_QUOTA, SAMPLE, HangUp, Length, Raw, Says, Slow, StandIn, Status


def test_without_a_key_the_extractor_is_made_and_the_reading_says_what_is_missing(make_extractor, photo):
    extractor = make_extractor(api_key=None)
    assert type(failure(extractor, photo)) is MissingKey
    assert type(failure(make_extractor(api_key=""), photo)) is MissingKey


def test_an_admin_key_is_no_key_for_models(make_extractor, photo, monkeypatch):
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-1")
    assert type(failure(make_extractor(api_key=None), photo)) is MissingKey


def test_the_librarys_own_variables_work(make_extractor, standin, photo, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", standin.key)
    monkeypatch.setenv("OPENAI_BASE_URL", standin.url)
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-ours")
    assert to_contract(read(make_extractor(api_key=None, base_url=None), photo).receipt) == SAMPLE
    assert standin.requests[0].headers["openai-organization"] == "org-of-ours"


def test_what_is_given_wins_over_the_environment(extractor, photo, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    assert to_contract(read(extractor, photo).receipt) == SAMPLE


def test_an_empty_base_url_means_the_services_own_address(make_extractor, photo, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as proxy, ThreadPoolExecutor(1) as pool:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        monkeypatch.setenv("OPENAI_BASE_URL", "")
        asked = pool.submit(_first_line, proxy)
        assert type(failure(make_extractor(base_url=None), photo)) is ModelUnreachable
    assert asked.result() == b"CONNECT api.openai.com:443 HTTP/1.1"


def _first_line(server):
    connection, _ = server.accept()
    with connection:
        return connection.recv(1000).splitlines()[0]


def test_a_key_may_bring_the_end_of_its_line_along(make_extractor, standin, photo):
    assert to_contract(read(make_extractor(api_key=f"{standin.key}\n"), photo).receipt) == SAMPLE


def test_a_short_key_of_a_server_of_ones_own_changes_no_answer(make_extractor, photo):
    with StandIn(key="1") as standin:
        result = read(make_extractor(api_key="1", base_url=standin.url), photo)
    assert to_contract(result.receipt) == SAMPLE
    assert "[key]" not in result.raw_answer


def test_an_answer_that_quotes_the_key_is_read_and_stored_without_it(extractor, standin, photo):
    standin.then(Says(json.dumps({**SAMPLE, "location": f"at {standin.key}"})))
    result = read(extractor, photo)
    assert result.receipt.location == f"at {standin.key}"
    assert standin.key not in result.raw_answer


@pytest.mark.parametrize("key", ["여기에 키를 넣으세요", "sk-1\nsk-2", "sk-\x00"])
def test_a_key_that_cannot_be_sent_is_told_apart_from_a_wrong_one(make_extractor, photo, key):
    raised = failure(make_extractor(api_key=key), photo)
    assert "OPENAI_API_KEY holds characters" in str(raised)
    assert key not in str(raised)


def test_a_wrong_key_is_refused_and_not_repeated_anywhere(make_extractor, photo):
    raised = failure(make_extractor(api_key="sk-wrong-key-of-ours"), photo)
    assert type(raised) is KeyRefused
    assert "sk-wrong-key-of-ours" not in f"{raised} {raised.raw_answer}"


def test_a_key_that_the_service_repeats_is_not_kept(extractor, standin, photo):
    standin.then(Status(400, f"Bad request by {standin.key}."))
    raised = failure(extractor, photo)
    assert standin.key not in f"{raised} {raised.raw_answer}"


def test_neither_the_key_nor_the_picture_is_logged(make_extractor, standin, photo, caplog):
    caplog.set_level(logging.DEBUG)
    extractor = make_extractor(max_retries=1)
    standin.then(Status(429, retry_after=0.01))
    read(extractor, photo)
    standin.then(Status(400))
    failure(extractor, photo)
    assert "POST" in caplog.text
    assert standin.key not in caplog.text
    assert "base64" not in caplog.text
    assert standin.key not in f"{extractor!r} {extractor.default_settings}"


def test_a_limit_is_waited_for_as_long_as_the_service_says(make_extractor, standin, photo):
    standin.then(Status(429, retry_after=1))
    started = time.monotonic()
    assert to_contract(read(make_extractor(max_retries=2), photo).receipt) == SAMPLE
    assert time.monotonic() - started >= 1
    assert len(standin.requests) == 2


def test_retries_come_to_an_end(make_extractor, standin, photo):
    standin.then(*[Status(503, retry_after=0.01)] * 9)
    assert type(failure(make_extractor(max_retries=2), photo)) is ModelServerError
    assert len(standin.requests) == 3


def test_the_requests_of_one_reading_share_their_retries(make_extractor, standin, photo):
    busy = Status(503, retry_after=0.01)
    standin.then(busy, Length(), busy, busy)
    raised = failure(make_extractor(max_retries=2), photo)
    assert type(raised) is ModelServerError
    assert len(standin.requests) == 4  # one retry of the first request, one of the second, and none is left
    assert raised.usage.prompt_tokens > 100  # those of the answer that was cut off


def test_an_empty_account_is_not_asked_again(make_extractor, standin, photo):
    standin.then(INSUFFICIENT_QUOTA)
    assert type(failure(make_extractor(max_retries=2), photo)) is QuotaExhausted
    assert len(standin.requests) == 1


def test_a_refused_request_is_not_sent_again(make_extractor, standin, photo):
    standin.then(Status(400))
    assert type(failure(make_extractor(max_retries=2), photo)) is RequestRefused
    assert len(standin.requests) == 1


def test_patience_ends_at_the_timeout(make_extractor, standin, photo):
    standin.then(Slow(3))
    started = time.monotonic()
    raised = failure(make_extractor(timeout_s=0.3), photo)
    assert str(raised) == "The model did not answer within 0.3 seconds. Read again."
    assert type(raised) is ModelTimeout
    assert time.monotonic() - started < 2
    assert raised.raw_answer is None


def test_a_slow_answer_within_the_timeout_is_taken(make_extractor, standin, photo):
    standin.then(Slow(0.3))
    assert to_contract(read(make_extractor(timeout_s=60), photo).receipt) == SAMPLE


def test_a_service_that_hangs_up_is_unreachable(extractor, standin, photo):
    standin.then(HangUp())
    assert type(failure(extractor, photo)) is ModelUnreachable


def test_nobody_at_the_address_is_unreachable(make_extractor, photo):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    raised = failure(make_extractor(base_url=url), photo)
    assert type(raised) is ModelUnreachable
    assert "Connection refused" in str(raised)


@pytest.mark.parametrize("url", ["localhost:8081/v1", "ftp://127.0.0.1/v1", "http:///v1", "http://127.0.0.1/v1\n"])
def test_an_address_that_is_none_is_unreachable(make_extractor, photo, url):
    assert type(failure(make_extractor(base_url=url), photo)) is ModelUnreachable


def test_a_service_that_accepts_no_connection_is_unreachable_not_slow(make_extractor, photo):
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        # A backlog of none takes one connection; the next waits without an answer.
        waiting = [socket.socket() for _ in range(3)]
        for client in waiting:
            client.setblocking(False)
            client.connect_ex(address)
        raised = failure(make_extractor(base_url=f"http://127.0.0.1:{address[1]}/v1", timeout_s=0.4), photo)
        for client in waiting:
            client.close()
    assert type(raised) is ModelUnreachable


def test_a_closed_extractor_reads_again(extractor, photo):
    read(extractor, photo)
    extractor.close()
    extractor.close()
    assert to_contract(read(extractor, photo).receipt) == SAMPLE


def test_several_threads_may_read_at_once(make_extractor, photo):
    extractor = make_extractor()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: read(extractor, photo), range(24)))
    assert len({result.request_id for result in results}) == 24


def test_the_check_names_the_model_its_end_and_the_address(extractor, make_extractor, standin):
    address = standin.url.split("/")[2]
    assert extractor.check() == f"gpt-4o at {address}; it ends on 2027-01-14, then comes gpt-6-luna."
    assert make_extractor(model="gpt-6-luna").check() == f"gpt-6-luna at {address}, reasoning effort none."
    assert standin.requests == []


def test_the_check_names_the_settings_that_the_model_will_not_take(make_extractor):
    said = make_extractor(model="gpt-6-luna", wanted={"reasoning_effort": "high", "temperature": 0.3}).check()
    assert "The model gpt-6-luna does not take the setting temperature: 0.3 was not applied." in said
    assert "does not tell how sure it was" in said


def test_the_check_refuses_a_setting_that_no_model_knows(make_extractor):
    with pytest.raises(SettingRefused, match="detail: 'tiny' is none of low, high, original, auto"):
        make_extractor(wanted={"detail": "tiny"}).check()


def test_the_check_names_a_file_that_cannot_enlarge(make_extractor, tmp_path):
    file = tmp_path / "없는_모델.pb"
    with pytest.raises(UpscalerUnusable, match="없는_모델"):
        make_extractor(wanted={"preparation": "upscale+binarise"}, upscaler=file).check()
    assert make_extractor(wanted={"preparation": "binarise"}, upscaler=file).check().startswith("gpt-4o at ")
    assert make_extractor(wanted={"preparation": "upscale"}).check().startswith("gpt-4o at ")


def test_a_service_that_lists_no_models_is_taken_at_its_word(extractor, standin):
    standin.then(Raw('{"object": "list", "data": []}'))
    assert extractor.check().startswith("gpt-4o at ")


@pytest.mark.parametrize(
    ("changes", "outcomes", "error"),
    [
        ({"api_key": None}, [], MissingKey),
        ({"api_key": "sk-wrong"}, [], KeyRefused),
        ({"model": "gpt-9"}, [], ModelNotFound),
        ({"max_retries": 2}, [Status(500)], ModelServerError),
        ({}, [HTML], WrongService),
        ({}, [Raw('{"models": []}')], WrongService),
        ({"timeout_s": 0.2}, [Slow(1)], ModelTimeout),
        ({"base_url": "http://127.0.0.1:1/v1"}, [], ModelUnreachable),
    ],
)
def test_the_check_fails_as_a_reading_would(make_extractor, standin, changes, outcomes, error):
    standin.then(*outcomes)
    with pytest.raises(ExtractionError) as caught:
        make_extractor(**changes).check()
    assert type(caught.value) is error


def test_the_longest_reading_grows_with_patience_and_with_tries(make_extractor):
    assert make_extractor(timeout_s=60, max_retries=0).longest_seconds == 5 * 70 + 240
    assert make_extractor(timeout_s=60, max_retries=2).longest_seconds == 7 * 70 + 2 * 120 + 240
    assert make_extractor(timeout_s=600, max_retries=2).longest_seconds > 3 * 600


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("api.openai.com", True),
        ("eu.api.openai.com", True),
        ("notapi.openai.com", False),
        ("fakeapi.openai.com", False),
        ("api.openai.com.example", False),
        ("shop.openai.azure.com", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_only_openais_own_addresses_are_taken_for_openai(host, own):
    assert is_openais(host) is own
