"""`GET /metrics`, as Prometheus asks for it: beside the other routes, at a port of its own, or nowhere."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ledger.errors import ConfigurationError
from ledger.meters import PROCESS
from ledger.services import Services
from ledger.watch.desk_figures import DeskFigures

PATH = "/metrics"


def metrics_routes(services: Services) -> list[Route]:
    """The route; none where metrics have a port of their own or are switched off."""
    if services.settings.metrics_port is not None:
        return []
    registry = all_metrics(services)

    def metrics(_request: Request) -> Response:  # not async: counting would hold up every other request
        return Response(generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    return [Route(PATH, metrics, include_in_schema=False)]


def serve_metrics(services: Services, host: str) -> None:
    """Serve them at their own port, if they have one, for as long as the process lives. Raises ConfigurationError."""
    port = services.settings.metrics_port
    if not port:
        return
    try:
        start_http_server(port, host, all_metrics(services))
    except OSError as exc:
        why = f"port {port} of {host} cannot be used ({exc.strerror})"
        raise ConfigurationError(setting="LEDGER_METRICS_PORT", why=why) from exc


def all_metrics(services: Services) -> CollectorRegistry:
    """What the database knows, and what this process knows."""
    registry = CollectorRegistry()
    registry.register(DeskFigures(services.database))
    registry.register(PROCESS)
    return registry
