"""What every answer has in common: one shape of refusal, headers of safety, and a check of where requests come from."""

import gzip
from typing import Any

import structlog
from apiflask import APIFlask
from flask import Response, jsonify, request
from pydantic import BaseModel, Field
from werkzeug.exceptions import HTTPException

from challenges_app.kit import words
from challenges_app.kit.logs import traced
from challenges_app.kit.refusals import REFUSALS, Refused, refusal

FOREIGN_ORIGIN = refusal("http.foreign_origin", 403)
INVALID = refusal("http.invalid", 422)
UNREADABLE = refusal("http.unreadable", 400)
NOT_FOUND = refusal("http.not_found", 404)
WRONG_METHOD = refusal("http.wrong_method", 405)
TOO_LARGE = refusal("http.too_large", 413)
NO_SUCH_PART = refusal("http.no_such_part", 416)
FAILED = refusal("http.failed", 500)

_BY_STATUS = {
    400: UNREADABLE,
    404: NOT_FOUND,
    405: WRONG_METHOD,
    413: TOO_LARGE,
    415: UNREADABLE,
    416: NO_SUCH_PART,
    422: INVALID,
}
_TEXTS = {"application/json"}
WORTH_COMPRESSING = 1000  # bytes
_SAFE = {"GET", "HEAD", "OPTIONS"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)

log = structlog.get_logger()


class ErrorBody(BaseModel):
    """Why something was refused."""

    code: str = Field(examples=["session.wrong"])
    message: str
    details: dict[str, Any] | None = None


# The one shape of every refusal, written out since APIFlask takes it as it is and looks nothing up.
ERROR = {
    "type": "object",
    "title": "Refusal",
    "required": ["error"],
    "properties": {"error": ErrorBody.model_json_schema()},
}


def install(app: APIFlask, *, tls: bool) -> None:
    """Give an application the shared behaviour of all its answers."""
    app.config["VALIDATION_ERROR_SCHEMA"] = app.config["HTTP_ERROR_SCHEMA"] = ERROR
    app.before_request(_refuse_foreign_origin)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, _http_refused)
    app.register_error_handler(RecursionError, lambda _: refused(UNREADABLE()))  # JSON nested a thousand deep
    app.register_error_handler(Exception, _failed)
    app.error_processor(lambda error: _validation_refused(error.status_code, error.detail))
    app.after_request(lambda response: _guard(response, tls=tls))


def refused(problem: Refused) -> tuple[Response, int]:
    """The answer to something that was refused, in the reader's language."""
    return jsonify(body(problem)), problem.refusal.status


def body(problem: Refused) -> dict[str, Any]:
    """The JSON of a refusal, in the reader's language."""
    code = problem.refusal.code
    message = words.say(f"refused.{code}", words.choose(request.accept_languages), **problem.details)
    error: dict[str, Any] = {"code": code, "message": message}
    if problem.details:
        error["details"] = problem.details
    return {"error": error}


def _validation_refused(status: int, detail: Any) -> tuple[dict[str, Any], int, dict[str, str]]:
    known = _BY_STATUS.get(status, INVALID)
    fields = detail if isinstance(detail, dict) and detail else {}
    return body(known(fields=fields) if fields else known()), known.status, {}


def _http_refused(problem: HTTPException) -> tuple[Response, int] | HTTPException:
    status = problem.code or 500
    if status < 400:
        return problem  # a redirect is no refusal
    known = _BY_STATUS.get(status, FAILED if status >= 500 else UNREADABLE)
    return jsonify(body(known())), known.status


def _failed(problem: Exception) -> tuple[Response, int]:
    log.error("request failed", endpoint=request.endpoint, method=request.method, **traced(problem))
    return refused(FAILED())


def _refuse_foreign_origin() -> None:
    """Only our own pages may change anything; browsers say truthfully where a request comes from."""
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        raise FOREIGN_ORIGIN()
    origin = request.headers.get("Origin")
    # Compared as text: an Origin is a scheme and a host, and taking a crooked one apart would only fail.
    if origin is not None and origin.partition("://")[2] != request.host:
        raise FOREIGN_ORIGIN()


def _guard(response: Response, *, tls: bool) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "geolocation=(self), camera=(self), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if tls:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.accept_encodings["gzip"] and response.mimetype in _TEXTS and not response.is_streamed:
        _compress(response)
    # Answers are personal unless a door says otherwise.
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _compress(response: Response) -> None:
    """Weak signals carry a tenth of the bytes; short answers would gain nothing."""
    plain = response.get_data()
    if len(plain) >= WORTH_COMPRESSING:
        response.set_data(gzip.compress(plain, 6))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")


def codes() -> list[str]:
    """Every refusal that the application can answer with."""
    return sorted(REFUSALS)
