"""The real desk for browser tests: our app as a process, S3, MariaDB and the model's stand-in, and a Chromium."""

from __future__ import annotations

import http.client
import os
import signal
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from ledger.database import Database
from ledger.inbox.s3_store import S3Store
from ledger.tables import ReceiptRow
from ledger.ui.photos import Signer
from tests import servers
from tests.browser.form_alone import FormAlone
from tests.browser.operator import Operator
from tests.forked import ForkedDesk
from tests.openai_standin import StandIn

ROOT = Path(__file__).parents[2]
MORNING = datetime(2026, 11, 23, tzinfo=UTC)
PHOTO = (ROOT / "samples/photos/멍멍마트 강남점.jpg").read_bytes()
RECEIPT = {
    "date": "2026-11-20",
    "location": "서울 강남구 별솔로 12, 멍멍마트 강남점",
    "items": [
        {"name": "검자 간식", "price": 9000, "count": 2, "category": "식비"},
        {"name": "배변 패드", "price": 12900, "count": 1, "category": "용품"},
    ],
    "total_amount": 21900,
}


class Desk:
    """Our app as a process of its own. `kill` is kill -9; `start` after it is the same desk coming back."""

    def __init__(self, url: str, env: dict[str, str], folder: Path, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = Database(url)
        self.env = {**env, "LEDGER_DATABASE_URL": url}
        self.arguments = ["serve", "--port", str(self.port)]
        self.log = folder / "desk.log"
        self.ready_path = "/_stcore/script-health-check"
        self._stack = ExitStack()
        self.process: servers.Child | None = None

    def start(self) -> None:
        self.process = ForkedDesk(self.arguments, log=self.log, env=self.env, cwd=ROOT)
        self._stack.enter_context(
            servers.answering(self.process, "the desk", log=self.log, url=self.url + self.ready_path)
        )

    def start_module(self, module: str, *before: str) -> None:
        """Start it as users do, with `python -m`, which takes seconds longer."""
        command = [sys.executable, "-m", module, *before, *self.arguments]
        running = servers.process(command, log=self.log, url=self.url + self.ready_path, env=self.env, cwd=ROOT)
        self.process = self._stack.enter_context(running)

    def kill(self) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self._stack.close()

    def stop(self) -> None:
        self._stack.close()
        self.database.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database holds, seen by a connection of its own."""
        with self.database.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    def wait_for(self, query: str, rows: list[tuple[Any, ...]]) -> None:
        """Wait until the database holds these rows."""
        deadline = time.monotonic() + 45
        while (found := self.rows(query)) != rows:
            assert time.monotonic() < deadline, f"{query}: {found}"
            time.sleep(0.05)

    def photo_path(self, receipt_id: int) -> str:
        """The signed address of a receipt's photo."""
        return Signer(self.env["LEDGER_SECRET_KEY"]).address(ReceiptRow(id=receipt_id, etag="", quarter_turns=0))

    def get(self, path: str) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(RECEIPT) as running:
        yield running


@pytest.fixture
def store(s3_server: servers.S3Server, s3_bucket: str) -> S3Store:
    return S3Store(s3_bucket, "ledger/", s3_server.endpoint, "us-east-1")


@pytest.fixture(scope="session")
def desk_port() -> int:
    """Where each desk of this process listens: what a browser keeps of a page, it keeps for one address."""
    return servers.free_port()


@pytest.fixture
def desk(
    kept_mariadb_url: str, s3_server: servers.S3Server, s3_bucket: str, standin: StandIn, tmp_path: Path, desk_port: int
) -> Iterator[Desk]:
    """The desk on S3, MariaDB and the stand-in; it looks for photos every second."""
    env = {
        "LEDGER_STORE_URL": f"s3://{s3_bucket}/ledger/",
        "LEDGER_S3_ENDPOINT": s3_server.endpoint,
        "LEDGER_S3_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": s3_server.key,
        "AWS_SECRET_ACCESS_KEY": s3_server.secret,
        "OPENAI_API_KEY": standin.key,
        "OPENAI_BASE_URL": standin.url,
        "LEDGER_WATCH_SECONDS": "1",
        "LEDGER_LOCAL_OCR": "false",  # a second a photo, which only the tests of what it finds have to spend
        "LEDGER_OPERATOR": "김하나",
        "LEDGER_SECRET_KEY": uuid.uuid4().hex,  # so that no photo of an earlier test is at the same address
    }
    desk = Desk(kept_mariadb_url, env, tmp_path, desk_port)
    desk.start()
    yield desk
    desk.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium of the distribution, unable to resolve any name but ours."""
    arguments = [
        "--no-sandbox",  # containers and CI run as root
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=servers.chromium_path(), args=arguments)
        yield chromium
        chromium.close()


@contextmanager
def korean_tab(browser: Browser, *, patience_ms: int = 20_000, **more: Any) -> Iterator[Page]:
    """A tab of a browser of its own, as at a computer that never saw the desk."""
    with _korean(browser, **more) as context:
        context.set_default_timeout(patience_ms)
        yield context.new_page()


@contextmanager
def _korean(browser: Browser, **more: Any) -> Iterator[BrowserContext]:
    # Nothing that moves for its own sake: each of its pictures costs as much as one that something happened on.
    context = browser.new_context(locale="ko-KR", timezone_id="Asia/Seoul", reduced_motion="reduce", **more)
    context.set_default_timeout(20_000)
    yield context
    context.close()


class Computer:
    """A person's computer, the same through all tests: it has loaded and compiled our scripts once, and goes on with
    them; whatever else a browser remembers of the desk, it forgets between two tests.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._context = context

    @contextmanager
    def tab(self, address: str) -> Iterator[Page]:
        """A tab on which the page at `address` was never seen before."""
        tab = self._context.new_page()
        session = self._context.new_cdp_session(tab)
        session.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "cookies,local_storage"})
        yield tab
        for page in self._context.pages:
            page.close()


@contextmanager
def _computer(browser: Browser) -> Iterator[Computer]:
    with _korean(browser, viewport=ViewportSize(width=1440, height=900)) as context:
        yield Computer(context)


@pytest.fixture(scope="session")
def _own_computer(browser: Browser) -> Iterator[Computer]:
    with _computer(browser) as computer:
        yield computer


@pytest.fixture(scope="session")
def _another_computer(browser: Browser) -> Iterator[Computer]:
    with _computer(browser) as computer:
        yield computer


@pytest.fixture
def page(_own_computer: Computer, desk_port: int) -> Iterator[Page]:
    """A Korean operator's screen."""
    with _own_computer.tab(f"http://127.0.0.1:{desk_port}") as tab:
        yield tab


@pytest.fixture
def operator(page: Page, desk: Desk) -> Operator:
    return Operator(page, desk.url)


@pytest.fixture
def colleague(_another_computer: Computer, desk: Desk) -> Iterator[Operator]:
    """Somebody else, at a computer of their own."""
    with _another_computer.tab(desk.url) as tab:
        yield Operator(tab, desk.url)


@pytest.fixture(scope="module")
def _form_tab(browser: Browser) -> Iterator[Page]:
    with korean_tab(browser, patience_ms=5_000) as tab:
        yield tab


@pytest.fixture
def form(_form_tab: Page) -> Iterator[FormAlone]:
    """The review form by itself; quick, because nothing of the desk runs behind it."""
    _form_tab.set_viewport_size(ViewportSize(width=1280, height=720))
    yield FormAlone.on(_form_tab)
    _form_tab.unroute_all()


@pytest.fixture
def timed_form(browser: Browser) -> Iterator[FormAlone]:
    """The same, where time passes by `pass_ms` alone: on a slow machine "at once" would be late."""
    with korean_tab(browser, patience_ms=5_000) as tab:
        tab.clock.install(time=MORNING)
        tab.clock.pause_at(MORNING + timedelta(hours=1))
        yield FormAlone.on(tab)
