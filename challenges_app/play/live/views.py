"""Doors of the sockets: hear when a board changes. Ticks carry a board and its revision, never a name or a score."""

from typing import Any

from flask import Flask, request
from flask_socketio import SocketIO, join_room, leave_room, rooms

from challenges_app.kit.http import body
from challenges_app.kit.limits import TOO_MANY
from challenges_app.kit.refusals import Refused
from challenges_app.kit.services import Services
from challenges_app.kit.who import NOT_SIGNED_IN
from challenges_app.people.access.actions import viewer
from challenges_app.people.access.views import COOKIE, find_who
from challenges_app.play.boards.actions import revision

MOST_BOARDS = 12  # that one page may listen to


def install(app: Flask, here: Services) -> SocketIO:
    """Give an application its sockets."""
    sockets = SocketIO(
        app, async_mode="gevent", manage_session=False, cookie=None, max_http_buffer_size=4096,
        transports=["websocket"], cors_credentials=False,
    )  # fmt: skip

    def connect() -> bool:
        return find_who(here, request.cookies.get(COOKIE)) is not None

    def join(message: Any) -> dict[str, Any]:
        board = message.get("board") if isinstance(message, dict) else None
        try:
            rev = _allowed_revision(here, str(board))
            if len(rooms()) > MOST_BOARDS:
                raise TOO_MANY(seconds=1)
        except Refused as problem:
            return {"ok": False, **body(problem)}
        join_room(board)
        return {"ok": True, "rev": rev}

    def leave(message: Any) -> None:
        if isinstance(message, dict):
            leave_room(str(message.get("board")))

    sockets.on_event("connect", connect)
    sockets.on_event("board:join", join)
    sockets.on_event("board:leave", leave)
    return sockets


def _allowed_revision(here: Services, board: str) -> int:
    who = find_who(here, request.cookies.get(COOKIE))
    if who is None:
        raise NOT_SIGNED_IN()
    with here.db.reading() as conn:
        return revision(conn, viewer(conn, here.now(), here.ring, who.account_id), board)
