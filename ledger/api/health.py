"""Is this process alive, and can it do its work: what a load balancer and an orchestrator ask."""

from __future__ import annotations

from fastapi import APIRouter

from ledger.api.problems import PROBLEMS
from ledger.services import Services


def health_routes(services: Services) -> APIRouter:
    """The two routes."""
    router = APIRouter(tags=["health"])

    @router.get("/health")
    async def health() -> dict[str, str]:
        """200 while this process answers at all. It asks nobody, so that an outage elsewhere restarts nothing here."""
        return {"status": "ok"}

    @router.get("/ready", responses=PROBLEMS)
    def ready() -> dict[str, str]:
        """200 while database and store answer; else a problem, and no requests should be sent here."""
        services.database.check()
        services.store.check()
        return {"status": "ready"}

    return router
