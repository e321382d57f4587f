"""The HTTP interface for other services, put together and served."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Final

import cv2
import uvicorn
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from ledger.api import problems
from ledger.api.body_limit import BodyLimit
from ledger.api.callers import Callers
from ledger.api.health import health_routes
from ledger.api.ledger_receipt import ledger_receipt_routes
from ledger.api.measured import Measured
from ledger.api.members import member_routes
from ledger.api.photos import PhotoReader
from ledger.api.rate_limit import RateLimit
from ledger.api.receipts import receipt_routes
from ledger.api.request_id import RequestId
from ledger.bootstrap import reading_threads
from ledger.loaded import keep_what_is_loaded
from ledger.services import Services
from ledger.watch.metrics import metrics_routes, serve_metrics

_NO_TELEMETRY: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI's own would tell addresses as they were asked, with members' numbers in them; see Measured for ours."""
_GRACE_SECONDS: Final = 70
"""How long a reading in flight may still take at the end: as long as one answer of the model, and some."""


def create_api(services: Services) -> FastAPI:
    """The ASGI application over these services, which it closes at its end."""
    pool = ThreadPoolExecutor(reading_threads(services.settings), thread_name_prefix="api-reader")

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        pool.shutdown(cancel_futures=True)
        services.close()

    app = FastAPI(
        title="ledger", description="Photos of receipts in, records out.", lifespan=lifespan, telemetry=_NO_TELEMETRY
    )
    problems.add_handlers(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(Measured)
    app.add_middleware(RequestId)
    app.include_router(health_routes(services))
    app.include_router(ledger_receipt_routes(services.store.name, PhotoReader(services), pool))
    rate = RateLimit(services.settings.api_requests_per_minute, services.settings.broker_url)
    callers = Callers(services.database, rate)
    app.include_router(receipt_routes(services, callers))
    app.include_router(member_routes(services.database, callers))
    app.router.routes.extend(metrics_routes(services))
    return app


def serve(services: Services, host: str, port: int) -> None:
    """Serve until interrupted."""
    app = create_api(services)
    serve_metrics(services, host)
    keep_what_is_loaded()
    # A second thread waits by spinning for more of the same photo, where other photos want the processor. Where OCR
    # looks at photos first, its engine sets a number of its own when it is loaded.
    cv2.setNumThreads(1)
    uvicorn.run(app, host=host, port=port, log_config=None, timeout_graceful_shutdown=_GRACE_SECONDS)
