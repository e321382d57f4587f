"""The stand-in as a program of its own."""

import json
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.openai_standin import SAMPLE
from tests.openai_standin_tests.asking import PHOTOS, request, sample, url_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def by_hand():
    """Starts it with these arguments; asks it one thing and says what it printed first."""

    def asked(body, *arguments):
        command = [sys.executable, "-m", "tests.openai_standin", "--port", "0", *arguments]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                said = dict(pair.split("=", 1) for pair in process.stdout.readline().split())
                headers = {"authorization": f"Bearer {said['OPENAI_API_KEY']}"}
                response = httpx.post(f"{said['OPENAI_BASE_URL']}/chat/completions", json=body, headers=headers)
            finally:
                process.terminate()
        return said, json.loads(response.json()["choices"][0]["message"]["content"])

    return asked


def test_it_answers_a_receipt_out_of_a_file(by_hand, tmp_path):
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({**SAMPLE, "total_amount": 7}), encoding="utf-8")
    _, document = by_hand(request(), "--answer", str(answer))
    assert document["total_amount"] == 7


def test_it_knows_the_photos_of_a_folder(by_hand):
    photo, receipt = sample("cafe_dalmong")
    said, document = by_hand(request(url_of(photo)), "--photos", str(PHOTOS))
    assert said["KNOWN_PHOTOS"] == "16"
    assert document["items"] == receipt["items"]
