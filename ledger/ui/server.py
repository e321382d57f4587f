"""The desk as one server: Streamlit's pages, photos and files beside them, and the watch over the store."""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import logging
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import streamlit as st
import uvicorn
from starlette.routing import Route
from streamlit import logger as streamlit_logger

from ledger.services import Services
from ledger.tasks import attempt
from ledger.ui.claim_routes import ClaimRoutes
from ledger.ui.dataset_route import DatasetRoute
from ledger.ui.export_route import ExportRoute
from ledger.ui.photos import PATH, PhotoRoute
from ledger.ui.shell import use_services
from ledger.watch.metrics import metrics_routes, serve_metrics

log = logging.getLogger(__name__)

APP: Final = Path(__file__).parents[2] / "app.py"
_LOOK_BESIDE_QUEUE_SECONDS: Final = 3600
"""How often the store is listed although its bucket tells of new photos: what it told nobody of is found by then."""
_QUIET_SECONDS: Final = 30
"""How long a queue that did not answer is left alone."""
_GRACE_SECONDS: Final = 2
"""How long open pages may take to let go at the end. They reconnect by themselves to the next server."""


def create_app(services: Services, port: int, host: str = "127.0.0.1") -> st.App:
    """The ASGI application. While it runs, new photos are taken in and read as the settings say."""

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        stop = threading.Event()
        threading.Thread(target=_warm_up, args=(host, port, stop), name="warm-up", daemon=True).start()
        threading.Thread(target=_watch, args=(services, stop), name="watch", daemon=True).start()
        threading.Thread(target=_listen, args=(services, stop), name="listen", daemon=True).start()
        yield
        stop.set()
        services.close()

    use_services(services)
    return st.App(APP, routes=routes_beside_pages(services), lifespan=lifespan)


def routes_beside_pages(services: Services) -> list[Route]:
    """What is asked for beside the pages: photos, files, claims, and metrics."""
    photos = Route(f"{PATH}/{{receipt_id:int}}", PhotoRoute(services).answer)
    files = [DatasetRoute(services).route, ExportRoute(services).route]
    return [photos, *files, *ClaimRoutes(services).routes, *metrics_routes(services)]


def serve(services: Services, host: str, port: int) -> None:
    """Serve until interrupted."""
    app = create_app(services, port, host)
    serve_metrics(services, host)
    if services.settings.log_format == "json":
        _log_streamlit_as_ours()
    uvicorn.run(app, host=host, port=port, log_config=None, timeout_graceful_shutdown=_GRACE_SECONDS)


def _log_streamlit_as_ours() -> None:
    """Have what Streamlit logs written by our handler. It gives each logger one of its own, again and again."""

    def without_its_own(logger: logging.Logger) -> None:
        logger.handlers.clear()
        logger.propagate = True

    streamlit_logger.setup_formatter = without_its_own
    streamlit_logger.update_formatter()


def _watch(services: Services, stop: threading.Event, seldom: float = _LOOK_BESIDE_QUEUE_SECONDS) -> None:
    seconds, looked = services.settings.watch_seconds, 0.0
    while seconds and not stop.is_set():
        begun = time.monotonic()
        if services.queue is None or not looked or begun - looked >= seldom:
            looked = begun if attempt(services.look_for_photos) else 0.0
        else:
            attempt(services.read_in_turn)
        stop.wait(seconds)


def _listen(services: Services, stop: threading.Event) -> None:
    while services.queue is not None and not stop.is_set():
        if not attempt(services.take_in_messages):
            stop.wait(_QUIET_SECONDS)


def _warm_up(host: str, port: int, stop: threading.Event) -> None:
    """Run app.py once. Until then Streamlit would run a page that is opened by its own address without app.py."""
    for _ in range(100):
        if stop.wait(0.1):
            return
        try:
            connection = http.client.HTTPConnection(_askable(host), port, timeout=30)
            connection.request("GET", "/_stcore/script-health-check")
            connection.getresponse().read()
        except OSError:
            continue
        return


def _askable(host: str) -> str:
    """A server at 0.0.0.0 or :: listens at all addresses of this machine; one of them can be asked."""
    with contextlib.suppress(ValueError):  # a name
        address = ipaddress.ip_address(host)
        if address.is_unspecified:
            return "127.0.0.1" if address.version == 4 else "::1"
    return host
