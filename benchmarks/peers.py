"""Peers of our server for a pushed body: the same work behind Starlette, and our own application, for gunicorn."""

import os
from typing import Any

from challenges_app.app import create_app
from challenges_app.kit import clock
from challenges_app.kit.refusals import Refused
from challenges_app.kit.services import Services
from challenges_app.play.phones import actions
from challenges_app.settings import read


def flask() -> Any:
    """Our application as any WSGI server takes it."""
    return create_app(Services.start(read(os.environ), clock.now))


def starlette() -> Any:
    """One door of Starlette's, which does what ours does in its threads: key, limit, seal, digest, one commit."""
    from starlette.applications import Starlette
    from starlette.concurrency import run_in_threadpool
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    here = Services.start(read(os.environ), clock.now)

    def kept(key: str, body: bytes) -> tuple[dict[str, Any], int]:
        try:
            pushed = actions.receive(here, here.now(), key, body)
        except Refused as refused:
            return {"error": {"code": refused.code}}, refused.status
        return {"provider": pushed.provider, "state": pushed.state}, 200 if pushed.repeated else 202

    async def push(request: Request) -> JSONResponse:
        key = request.headers.get("authorization", "").removeprefix("Bearer ")
        told, status = await run_in_threadpool(kept, key, await request.body())
        return JSONResponse(told, status)

    return Starlette(routes=[Route("/api/device/steps", push, methods=["POST"])])
