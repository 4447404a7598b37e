"""The mark by which a browser is known again: 256 random bits in a cookie, of which we keep the digest."""

import re

from flask import Response, request

from challenges_app.people.accounts.rules import DEVICE_LASTS, new_session_id

MARK_COOKIE = "__Host-device"
_MARK = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def mark() -> str:
    """The mark of the browser that asks; a fresh one for a browser that has none."""
    found = request.cookies.get(MARK_COOKIE, "")
    return found if _MARK.fullmatch(found) else new_session_id()


def put_mark(answer: Response, kept: str) -> None:
    """Have the browser keep its mark for 400 days from now on, the longest that browsers keep anything."""
    lasts = int(DEVICE_LASTS.total_seconds())
    answer.set_cookie(MARK_COOKIE, kept, max_age=lasts, path="/", secure=True, httponly=True, samesite="Lax")
