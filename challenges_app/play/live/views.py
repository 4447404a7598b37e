"""Doors of the sockets: hear when a board changes, or how far one's own file has come; never a name or a score."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask, request
from flask_socketio import SocketIO, join_room, leave_room, rooms
from sqlalchemy.engine import Connection

from challenges_app.kit.http import body
from challenges_app.kit.limits import TOO_MANY
from challenges_app.kit.refusals import Refused
from challenges_app.kit.services import Services
from challenges_app.kit.who import NOT_SIGNED_IN
from challenges_app.people.access.rules import Viewer
from challenges_app.people.access.views import COOKIE, find_who, viewer_now
from challenges_app.play.boards.actions import revision
from challenges_app.play.deliveries.actions import UNKNOWN, one
from challenges_app.play.live.rules import room_of

MOST_ROOMS = 12  # that one page may listen to


def install(app: Flask, here: Services) -> SocketIO:
    """Give an application its sockets."""
    sockets = SocketIO(
        app, async_mode="gevent", manage_session=False, cookie=None, max_http_buffer_size=4096,
        transports=["websocket"], cors_credentials=False,
    )  # fmt: skip
    sockets.on_event("connect", lambda *_: find_who(here, request.cookies.get(COOKIE)) is not None)
    sockets.on_event("board:join", lambda message: _enter(lambda: _join(here, message)))
    sockets.on_event("board:leave", lambda message: leave_room(_said(message, "board")))
    sockets.on_event("delivery:watch", lambda message: _enter(lambda: _watch(here, message)))
    sockets.on_event("delivery:unwatch", lambda message: leave_room(room_of(_said(message, "delivery"))))
    return sockets


def _enter(door: Callable[[], tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """Enter the room behind a door and answer what it tells, or say why not."""
    try:
        room, told = door()
        if len(rooms()) > MOST_ROOMS:
            raise TOO_MANY(seconds=1)
    except Refused as problem:
        return {"ok": False, **body(problem)}
    join_room(room)
    return {"ok": True, **told}


def _join(here: Services, message: Any) -> tuple[str, dict[str, Any]]:
    board = _said(message, "board")
    with here.db.reading() as conn:
        return board, {"rev": revision(conn, _viewer(here, conn), board)}


def _watch(here: Services, message: Any) -> tuple[str, dict[str, Any]]:
    with here.db.reading() as conn:
        person_id = _viewer(here, conn).person_id
    try:
        delivery_id = UUID(_said(message, "delivery"))
    except ValueError:
        raise UNKNOWN() from None
    if person_id is None:
        raise UNKNOWN()
    found = one(here, person_id, delivery_id)
    return room_of(str(delivery_id)), {"state": found["state"], "share": found["share"]}


def _said(message: Any, name: str) -> str:
    """What a browser says under a name, or nothing: it may send anything."""
    return str(message.get(name)) if isinstance(message, dict) else ""


def _viewer(here: Services, conn: Connection) -> Viewer:
    who = find_who(here, request.cookies.get(COOKIE))
    if who is None:
        raise NOT_SIGNED_IN()
    return viewer_now(here, conn, who)
