"""The plain ways that running servers are measured against, as processes of their own under gevent's pywsgi."""

from gevent import monkey

monkey.patch_all()

import socket  # noqa: E402
import sys  # noqa: E402
import uuid  # noqa: E402
from datetime import UTC, datetime  # noqa: E402
from typing import Any  # noqa: E402

from flask import Flask, request  # noqa: E402
from flask_socketio import SocketIO, join_room  # noqa: E402
from gevent.pywsgi import WSGIServer  # noqa: E402
from sqlalchemy import Column, DateTime, MetaData, String, Table, create_engine, event, insert  # noqa: E402

ROOM = "board"


def inserts(url: str) -> Flask:
    """POST /captures: one row, one commit, and the row as the answer."""
    captures = Table(
        "plain_capture", MetaData(),
        Column("id", String(32), primary_key=True), Column("client_id", String(64)), Column("drop_id", String(36)),
        Column("captured_at", DateTime(timezone=True)),
    )  # fmt: skip
    engine = create_engine(url, pool_size=10)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _as_durable_as_ours)
    captures.metadata.create_all(engine)
    app = Flask("plain")

    @app.post("/captures")
    def capture() -> tuple[dict[str, Any], int]:
        told = request.get_json()
        row = {"id": uuid.uuid4().hex, "client_id": told["client_id"], "drop_id": told["drop_id"]}
        with engine.begin() as conn:
            conn.execute(insert(captures), [{**row, "captured_at": datetime.now(UTC)}])
        return row, 201

    return app


def _as_durable_as_ours(dbapi: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        dbapi.execute(f"PRAGMA {pragma}").close()


def emits() -> Flask:
    """A room that anybody may join, and POST /change, which tells all in it."""
    app = Flask("plain")
    sockets = SocketIO(app, async_mode="gevent", cookie=None, transports=["websocket"])

    def join(_: Any) -> dict[str, bool]:
        join_room(ROOM)
        return {"ok": True}

    sockets.on_event("board:join", join)

    @app.post("/change")
    def change() -> dict[str, bool]:
        sockets.emit("board:tick", {"board": ROOM, "rev": 1, "spread_ms": 0}, to=ROOM)
        return {"ok": True}

    return app


def main(what: str, port: str, *url: str) -> None:
    """Serve until asked to stop; says on standard output when it is ready."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind(("127.0.0.1", int(port)))
    listener.listen(1024)
    server = WSGIServer(listener, inserts(*url) if what == "inserts" else emits(), log=None, error_log=None)
    server.start()
    print("ready", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
