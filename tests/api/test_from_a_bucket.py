"""The app's own call from end to end: a photo in a real bucket, a model behind HTTP, a row in MariaDB."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from ledger.api.server import create_api
from ledger.bootstrap import build_services
from ledger.config import Settings
from ledger.inbox.s3_store import S3Store
from ledger.tasks import InlineTaskRunner
from tests.factories import jpeg
from tests.openai_standin import StandIn
from tests.schema import migrated
from tests.servers import S3Server

RECEIPT = {
    "date": "2026-11-20",
    "location": "서울 강남구 별솔로 12, 멍멍마트 강남점",
    "items": [{"name": "감자 간식", "price": 9000, "count": 2, "category": "식비"}],
    "total_amount": 9000,
}
NAMES = ["영수증.jpg".encode().decode("latin-1"), "영수증 100%20 #1?.jpg", "a+b&c=d.jpg"]


@pytest.mark.parametrize("name", NAMES)
def test_a_photo_is_found_under_the_very_text_of_its_address(
    mariadb_url: str, s3_server: S3Server, s3_bucket: str, name: str
) -> None:
    migrated(mariadb_url).close()
    store = S3Store(s3_bucket, "ledger/", s3_server.endpoint, "us-east-1")
    key = f"ledger/3f2b6a1e-0000-4000-8000-000000000000-{name}"
    store.put(key, jpeg(), "image/jpeg", "member-7")
    address = f"https://{s3_bucket}.s3.ap-northeast-2.amazonaws.com/{key}"
    with StandIn(RECEIPT) as model:
        settings = Settings(
            database_url=mariadb_url,
            store_url=f"s3://{s3_bucket}/ledger/",
            s3_endpoint=s3_server.endpoint,
            s3_region="us-east-1",
            LEDGER_BASE_URL=model.url,
            OPENAI_API_KEY=SecretStr(model.key),
            local_ocr=False,
        )
        with TestClient(create_api(build_services(settings, InlineTaskRunner()))) as client:
            answer = client.post("/ml/ledger_receipt", json={"image_data": [address]})

    assert (answer.status_code, answer.json()) == (200, RECEIPT)
