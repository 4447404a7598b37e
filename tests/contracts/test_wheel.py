"""The wheel alone, installed somewhere else, serves the same app with the parks and the web build inside."""

import base64
import contextlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.running import Browser
from tests.servers import free_port

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a virtual environment `venv` that holds the locked libraries and the wheel, and nothing of ours."""
    folder = tmp_path_factory.mktemp("elsewhere")
    run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    pip = (sys.executable, "-m", "pip", "--python", folder / "venv" / "bin" / "python", "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-deps", "--require-hashes", "-r", ROOT / "requirements" / "run.txt")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    run(*pip, "check")
    return folder


def test_the_wheel_serves_the_same_app_elsewhere(elsewhere: Path) -> None:
    eplus, environment, port = elsewhere / "venv" / "bin" / "eplus", operator(elsewhere), free_port()
    run(eplus, "db", "upgrade", cwd=elsewhere, env=environment)
    serve: list[str | Path] = [eplus, "serve", "--port", str(port)]
    with serving(serve, elsewhere, environment, Browser(port)) as browser:
        page = browser.get("/")[1].decode()
        assert '<div id="app">' in page
        scripts = re.findall(r'src="(/[^"]+\.js)"', page)
        assert scripts, "the page of the web build loads no script"
        assert [browser.get(script)[0] for script in scripts] == [200] * len(scripts)
        assert browser.get("/api/openapi.json")[1]["openapi"].startswith("3.1")


def test_the_wheel_has_the_parks_inside(elsewhere: Path) -> None:
    eplus, environment = elsewhere / "venv" / "bin" / "eplus", operator(elsewhere)
    said = json.loads(run(eplus, "parks", "check", "--json", cwd=elsewhere, env=environment))
    assert said["parks"] >= 600


def test_the_source_distribution_gives_the_same_wheel_without_node(wheel: Path, tmp_path: Path) -> None:
    source = build("sdist", ROOT, tmp_path)
    with tarfile.open(source) as archive:
        names = archive.getnames()
    shutil.unpack_archive(source, tmp_path)
    assert not [name for name in names if "node_modules" in name or "/var/" in name]
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    # Without its sources the web app could not be built again, so the one inside must have been taken.
    (unpacked / "webapp" / "package.json").unlink()
    again = build("wheel", unpacked, tmp_path / "again")
    assert contents(again) == contents(wheel)


def build(kind: str, source: Path, target: Path) -> Path:
    run(sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", target, source)
    (made,) = (path for path in target.iterdir() if path.is_file())
    return made


def contents(wheel: Path) -> dict[str, int]:
    """Names and checksums of what is inside, but for the list of the checksums itself."""
    with zipfile.ZipFile(wheel) as archive:
        return {each.filename: each.CRC for each in archive.infolist() if not each.filename.endswith("/RECORD")}


def operator(folder: Path) -> Mapping[str, str]:
    """The environment of somebody who installed the wheel and knows nothing of this repository."""

    def fresh() -> str:
        return base64.b64encode(secrets.token_bytes(32)).decode()

    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/eplus.sqlite",
        "EPLUS_DATA": str(folder),
        "EPLUS_KEYS": f"one:{fresh()}",
        "EPLUS_PEPPER": fresh(),
    }


@contextlib.contextmanager
def serving(argv: list[str | Path], cwd: Path, env: Mapping[str, str], browser: Browser) -> Iterator[Browser]:
    """Runs the server until the block ends; gives the browser back once the server says that it is well."""
    log = cwd / "serve.log"
    with log.open("wb") as output:
        server = subprocess.Popen(argv, cwd=cwd, env=env, stdout=output, stderr=output)
    try:
        end = time.monotonic() + START_SECONDS
        while not well(browser):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield browser
    finally:
        server.terminate()
        server.wait(15)


def well(browser: Browser) -> bool:
    try:
        return browser.get("/api/health")[0] == 200
    except OSError:
        return False


def run(*words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> str:
    """Runs a program to its end and gives what it printed; shows all of it when it fails."""
    done = subprocess.run(list(map(str, words)), cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout}{done.stderr}"
    return done.stdout
