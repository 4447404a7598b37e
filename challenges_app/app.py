"""The Flask application: its rooms' doors, the gate before them, the built web page, and the description of the API."""

import re
from collections.abc import Iterable
from contextlib import suppress
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from apiflask import APIFlask
from flask import Response, request, send_from_directory
from pydantic import BaseModel
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import PathConverter

from challenges_app import tables
from challenges_app.kit import http, schema
from challenges_app.kit.services import Services, services
from challenges_app.people.access.rules import ROUTES
from challenges_app.people.access.views import guard
from challenges_app.people.carers.views import blueprint as carers
from challenges_app.people.classes.views import blueprint as classes
from challenges_app.people.departure.views import blueprint as departure
from challenges_app.people.factors.views import blueprint as factors
from challenges_app.people.family.views import blueprint as family
from challenges_app.people.identity import calls as identity_calls
from challenges_app.people.identity.views import PROVIDER
from challenges_app.people.identity.views import blueprint as identity
from challenges_app.people.meeting.views import blueprint as meeting
from challenges_app.people.memberships.views import blueprint as memberships
from challenges_app.people.post.views import blueprint as post
from challenges_app.people.profile.views import blueprint as profile
from challenges_app.people.sessions.views import blueprint as sessions
from challenges_app.people.sign_ups.views import blueprint as sign_ups
from challenges_app.play.activity.views import blueprint as activity
from challenges_app.play.appeals.views import blueprint as appeals
from challenges_app.play.boards.views import blueprint as boards
from challenges_app.play.captures.views import blueprint as captures
from challenges_app.play.connections.views import blueprint as connections
from challenges_app.play.deliveries.views import blueprint as deliveries
from challenges_app.play.deliveries.views import describe as describe_files
from challenges_app.play.phones.views import blueprint as phones
from challenges_app.play.phones.views import describe as describe_pushes
from challenges_app.play.readings.views import blueprint as readings
from challenges_app.play.today.views import blueprint as today
from challenges_app.play.trackers.views import blueprint as trackers
from challenges_app.play.walks.views import blueprint as walks

PACKAGE = Path(__file__).parent
BODY_AT_MOST = 256 * 1024  # bytes; the largest body is sixty fixes

SPEC = "/api/openapi.json"
NO_FOLDER: Any = None  # our own door serves the built page; APIFlask types it as text
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
# Kinds of file that not every machine knows by their names, by ending.
KINDS = {
    ".webmanifest": "application/manifest+json",
    ".geojson": "application/geo+json",
    ".pmtiles": "application/vnd.pmtiles",
}
PACKED = {"br": ".br", "gzip": ".gz"}  # the copies that the build lays beside a file, the smallest first


class PageFile(PathConverter):
    """A file of the page, wherever it lies; below /api there are doors only, and no such door is answered with 404."""

    regex = r"(?!api(?:/|$))[^/].*?"


class Health(BaseModel):
    """That the server is up and its database answers."""

    ok: bool


def create_app(here: Services, *, tls: bool = False) -> APIFlask:
    """The application on these services; raises `SchemaError` when the database is not up to date."""
    assert tables.METADATA.tables  # noqa: S101 - importing them is what matters
    schema.require(here.db)
    app = APIFlask("eplus", title="e+ Life", version="0.1.0", spec_path=SPEC, docs_path=None, static_folder=NO_FOLDER)
    app.config.update(
        OPENAPI_VERSION="3.1.0",
        MAX_CONTENT_LENGTH=BODY_AT_MOST,
        AUTO_404_RESPONSE=False,
        SYNC_LOCAL_SPEC=False,
        INFO={
            "description": "Health challenges in Hong Kong's parks.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
    )
    app.url_map.converters["page_file"] = PageFile
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["eplus"] = here
    http.install(app, tls=tls)
    app.before_request(guard)
    for blueprint in (
        sessions,
        sign_ups,
        profile,
        factors,
        post,
        family,
        identity,
        classes,
        memberships,
        meeting,
        carers,
        departure,
        today,
        walks,
        captures,
        activity,
        deliveries,
        phones,
        connections,
        appeals,
        trackers,
        readings,
        boards,
    ):
        app.register_blueprint(blueprint)
    app.spec_processor(lambda spec: _describe_gate(app, describe_pushes(describe_files(spec))))
    _add_pages(app)
    _add_identity_provider(app, here)
    app.wsgi_app = _without_upgrade(app.wsgi_app)  # type: ignore[method-assign, assignment]
    if tls:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def _without_upgrade(inner: WSGIApplication) -> WSGIApplication:
    """Let a wish for another protocol lie, as HTTP allows; sockets are served before a request comes here.

    Werkzeug would find no door for it, and say that the method is wrong.
    """

    def call(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_UPGRADE", None)
        return inner(environ, start)

    return call


def _describe_gate(app: APIFlask, spec: Any) -> Any:
    """Add what is answered before a door opens, which the doors themselves do not know."""
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/HTTPError"}}}}
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        ids = set(re.findall(r"<uuid:(\w+)>", rule.rule))
        for verb, operation in spec["paths"].get(path, {}).items():
            if verb.upper() in (rule.methods or ()):
                for status, why in _gate(rule.endpoint, verb, "requestBody" in operation).items():
                    operation["responses"].setdefault(status, {"description": why, **body})
                for given in operation.get("parameters", ()):
                    if given["in"] == "path" and given["name"] in ids:
                        given["schema"] = {"type": "string", "format": "uuid"}
    return spec


def _gate(endpoint: str, verb: str, takes_body: bool) -> dict[str, str]:
    """The refusals that may meet a request before its door, by status."""
    found = {"400": "Unreadable", "413": "Too large"} if takes_body else {}
    if ROUTES.get(endpoint) != "anyone":
        found |= {"401": "Not signed in", "403": "Not for this account", "429": "Too many requests"}
    elif verb != "get":
        found |= {"403": "From another site"}
    return found


def _add_identity_provider(app: APIFlask, here: Services) -> None:
    """Connect to iAM Smart if the settings name it; its stand-in for demos is served below our own address."""
    setting, address, inside = here.settings.iam_smart, here.settings.address, None
    if setting == identity_calls.CONSOLE:
        from challenges_app.twins.iam_smart import twin_of_console

        inside = twin_of_console(address, here.now)
        app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {identity_calls.CONSOLE_PATH: inside})  # type: ignore[method-assign]
    app.extensions[PROVIDER] = identity_calls.connect(setting, address, inside)


def web_folder(configured: Path | None) -> Path:
    """Where the built web page is: the setting, the copy inside an installed wheel, or the repository's own build."""
    packaged = PACKAGE / "packaged" / "web"
    return configured or (packaged if packaged.exists() else PACKAGE.parent / "webapp" / "dist")


def _add_pages(app: APIFlask) -> None:
    @app.get("/api/health")
    @app.output(Health)
    def health() -> dict[str, Any]:
        """Whether the server and its database answer."""
        with services().db.reading() as conn:
            conn.exec_driver_sql("SELECT 1")
        return {"ok": True}

    @app.get("/")
    @app.doc(hide=True)
    def page() -> Response:
        return _file("index.html", ASK_AGAIN)

    @app.get("/<page_file:name>")
    @app.doc(hide=True)
    def file(name: str) -> Response:
        # Built assets carry a digest in their names, so what stands under a name never changes.
        return _file(name, FOR_EVER if name.startswith("assets/") else ASK_AGAIN)


def _file(name: str, keep: str) -> Response:
    kind = KINDS.get(Path(name).suffix) or guess_type(name)[0]
    answer = _packed(name, kind) or send_from_directory(web_folder(services().settings.web), name, mimetype=kind)
    answer.headers["Cache-Control"] = keep
    answer.vary.add("Accept-Encoding")
    return answer


def _packed(name: str, kind: str | None) -> Response | None:
    """The smallest copy of a file that the browser can unpack, or None; its own entity tag comes from its own name."""
    folder = web_folder(services().settings.web)
    for encoding, ending in PACKED.items():
        if kind and request.accept_encodings[encoding]:
            with suppress(NotFound):
                answer = send_from_directory(folder, name + ending, mimetype=kind)
                answer.headers["Content-Encoding"] = encoding
                return answer
    return None
