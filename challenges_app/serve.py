"""One machine, one process: the web and the sockets on gevent's own server, the projector in a native thread."""

import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import gevent
import structlog
from gevent.pywsgi import WSGIServer
from gevent.signal import signal as on_signal
from gevent.threadpool import ThreadPool

from challenges_app import worker
from challenges_app.app import create_app
from challenges_app.kit.services import Services
from challenges_app.play.live.jobs import Ticker
from challenges_app.play.live.views import install
from challenges_app.settings import Settings

log = structlog.get_logger()

STOP_WITHIN = 5  # seconds for requests under way when asked to stop


def serve(settings: Settings, host: str, port: int, *, tls: bool, with_worker: bool, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT; the caller has patched the standard library for gevent before any other import."""
    # Passwords are checked in two native threads: each check takes a tenth of a second and 64 MiB.
    here = Services.start(settings, apart=ThreadPool(2).apply)
    app = create_app(here, tls=tls)
    Ticker(install(app, here)).start(here.pulse)
    server = WSGIServer(_listener(host, port), app, log=None, error_log=None)
    for number in (15, 2):
        on_signal(number, lambda *_: gevent.spawn(server.stop, STOP_WITHIN))
    if with_worker:
        _start_worker(settings, here)
    server.start()
    ready()
    with suppress(KeyboardInterrupt):
        server._stop_event.wait()
    here.db.close()


def _listener(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Accepted sockets inherit it; without it each answer on a kept connection waits 40 ms for the last one's receipt.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind((host, port))
    listener.listen(1024)
    return listener


def _start_worker(settings: Settings, here: Services) -> None:
    for work in (_carry_and_tick, _read, _ask):
        # Services of its own: what one thread's greenlets wait for must not be woken by another thread.
        own = Services.start(settings)
        # The local pulse only appends to a list and may be shared; connections to Redis belong to one thread.
        ThreadPool(1).spawn(work, own if settings.redis_url else replace(own, pulse=here.pulse))


def _carry_and_tick(here: Services) -> None:
    worker.do_what_is_due(here)
    worker.clock(here).start()


def _ask(here: Services) -> None:
    worker.asking_clock(here).start()


def _read(here: Services) -> None:
    worker.reading_clock(here).start()
