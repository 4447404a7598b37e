"""bin/demo: sets everything up, seeds a small believable city, and serves it on this machine."""

from __future__ import annotations

import argparse
import base64
import errno
import json
import os
import secrets
import socket
import subprocess

import python_env
import web_app
from steps import VAR, StepFailed, exit_with, one_at_a_time, run, say

STATE = VAR / "demo"
EPLUS = str(python_env.VENV / "bin" / "eplus")


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bin/demo",
        description="Sets everything up and serves e+ Life with a small city; a second start keeps the data.",
        epilog="Example: bin/demo --port 8001. The state is kept in var/demo; remove that folder to begin anew.",
    )
    parser.add_argument("--port", type=int, default=8000, help="serve at http://127.0.0.1:PORT (default: 8000)")
    parser.add_argument("--list", action="store_true", help="only print the sign-ins, with the staff's code of now")
    parser.add_argument("--empty", action="store_true", help="use a second database, with nobody in it")
    options = parser.parse_args()
    if not 1 <= options.port <= 65535:
        parser.error(f"--port takes a number from 1 to 65535, not {options.port}")
    if options.list:
        return list_sign_ins(f"http://127.0.0.1:{options.port}")
    refuse_taken(options.port)
    with one_at_a_time():
        python_env.ensure("demo")
        web_app.ensure()
        environment = app_environment("empty" if options.empty else "city")
        anew = "look at the lines below; to begin anew, remove the folder var/demo and start again"
        run("Bringing the database up to date", [EPLUS, "db", "upgrade"], env=environment, todo=anew)
        address = environment["EPLUS_ADDRESS"] = f"http://127.0.0.1:{options.port}"
        if options.empty:
            said = f"e+ Life with nobody in it: {address}"
        else:
            seed = [EPLUS, "seed", "--url", address]
            said = run("Seeding a small city, unless it is there", seed, env=environment, todo=anew)
    environment |= vendors()
    said = f"{said.strip()}\n\nWithings is a stand-in here: connect it under Steps › Accounts of a watch or ring."
    say(f"\n{said}\n\nbin/demo --list prints this again, with another code.")
    say("Stop it with Ctrl-C; a later start keeps the data.\n")
    os.execve(EPLUS, ["eplus", "serve", "--port", str(options.port)], environment)  # noqa: S606


def vendors() -> dict[str, str]:
    """Start stand-ins for vendors' clouds, which end with this process; answers the settings by which they are used."""
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)  # by the server that takes this process's place, and by nothing else
    command = [EPLUS, "vendors", "serve", "--port", "0", "--json", "--until-closed"]
    child = subprocess.Popen(command, stdin=reading, stdout=subprocess.PIPE)
    os.close(reading)
    assert child.stdout is not None  # noqa: S101 - it is a pipe
    text = ""
    for line in child.stdout:
        text += line.decode()
        if line.rstrip() == b"}":
            told: dict[str, str] = json.loads(text)
            return told
    raise StepFailed("The stand-ins for vendors did not start.", "look at the lines above, then start again")


def list_sign_ins(address: str) -> int:
    """Print how to sign in to the city that is there; staff need a code that changes every half minute."""
    command = [EPLUS, "seed", "--list", "--url", address]
    said = run("Looking into the city", command, env=app_environment("city"), todo="start bin/demo once, then again")
    say(f"\n{said.strip()}\n")
    return 0


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            why = "is taken by another program" if error.errno == errno.EADDRINUSE else "may not be used here"
            raise StepFailed(
                f"Port {port} {why}.", f"choose another one, for example: bin/demo --port {port + 1}"
            ) from None


def app_environment(database: str) -> dict[str, str]:
    """What the app reads; a DATABASE_URL or REDIS_URL that happens to be set belongs to something else."""
    STATE.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        **demo_secrets(),
        "DATABASE_URL": f"sqlite:///{STATE / database}.sqlite",
        "EPLUS_FILES": str(STATE / "files"),
    }
    environment.pop("REDIS_URL", None)
    return environment


def demo_secrets() -> dict[str, str]:
    """The demo's own key ring and pepper, made once and readable by nobody else."""
    path = STATE / "secrets.json"
    if not path.exists():
        made = {"EPLUS_KEYS": f"demo:{_random()}", "EPLUS_PEPPER": _random()}
        # Written aside and renamed, so that a start that is cut short leaves no half file.
        aside = path.with_suffix(".new")
        aside.unlink(missing_ok=True)
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
        aside.rename(path)
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _random() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


if __name__ == "__main__":
    exit_with(main)
