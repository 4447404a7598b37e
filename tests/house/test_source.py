"""House rules on what a line may do; each says the rule and the bug that made it."""

import ast
from collections.abc import Iterator
from pathlib import Path

PURE = {"geo", "scoring", "integrations"}


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """Calls of anything by this last name: `x.commit()`, `commit()`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called == name:
                yield node


def places(sources: dict[Path, ast.Module], *names: str) -> set[str]:
    """Files that call something by one of these names."""
    return {str(path) for path, tree in sources.items() if any(True for name in names for _ in calls(tree, name))}


def test_there_is_one_commit(sources: dict[Path, ast.Module]) -> None:
    """With a commit in each action, a refusal half-way leaves a half-done thing behind."""
    assert places(sources, "commit") == {"challenges_app/kit/db.py"}


def test_only_the_store_begins_transactions(sources: dict[Path, ast.Module]) -> None:
    """`engine.begin()` commits on its own; only the store and the migrations may."""
    assert places(sources, "begin") <= {"challenges_app/kit/db.py", "challenges_app/kit/schema.py"}


# Where the time is asked: the clock, the name of a fresh key, and how long a limit's window still lasts.
CLOCKS = {
    ("challenges_app/kit/clock.py", "now"),
    ("challenges_app/cli.py", "now"),
    ("challenges_app/commands/steps.py", "now"),
    ("challenges_app/commands/vendors.py", "now"),
    ("challenges_app/kit/limits.py", "time"),
}


def test_the_clock_is_asked_in_one_place(sources: dict[Path, ast.Module]) -> None:
    """A rule that asks for the time itself cannot be tested at midnight, nor replayed."""
    # Doors ask their services, `eplus keys` names a key after its day; a steady clock is no time of day.
    asked = {"here.now", "services.now", "services().now", "self.services.now", "time.monotonic"}
    wrong = {
        f"{path}: {ast.unparse(call)}"
        for path, tree in sources.items()
        for name in ("now", "today", "utcnow", "time", "time_ns", "monotonic")
        for call in calls(tree, name)
        if ast.unparse(call.func) not in asked and not _takes_time_apart(call)
        if (str(path), name) not in CLOCKS
    }
    assert wrong == set()


def _takes_time_apart(call: ast.Call) -> bool:
    """`moment.time()` and `time(22, 0)` make or take a time of day; `today(...)` is one of our doors."""
    named = ast.unparse(call.func)
    return (
        (named.endswith(".time") and named != "time.time")
        or (named == "time" and bool(call.args))
        or "actions." in named
    )


def test_pure_rooms_import_nothing_impure(sources: dict[Path, ast.Module]) -> None:
    """What decides must give the same answer for the same question: no clock, database, network, settings or chance."""
    impure = {"flask", "sqlalchemy", "requests", "redis", "challenges_app", "random", "time", "secrets", "os", "socket"}
    wrong = {
        f"{path}: {name}"
        for path, tree in sources.items()
        if path.parts[0] in PURE
        for name in _imported(tree)
        if name.split(".")[0] in impure
    }
    assert wrong == set()


def test_rules_import_nothing_impure(sources: dict[Path, ast.Module]) -> None:
    """A decision that reaches for the database is a question in disguise."""
    impure = {"flask", "sqlalchemy", "requests", "redis", "time", "challenges_app.settings", "challenges_app.kit.db"}
    wrong = {
        f"{path}: {name}"
        for path, tree in sources.items()
        if path.name == "rules.py"
        for name in _imported(tree)
        if name.split(".")[0] in impure or name in impure
    }
    assert wrong == set()


def test_the_ledger_is_never_updated_or_deleted(sources: dict[Path, ast.Module]) -> None:
    """Scores that point at a mutable value move frozen boards; corrections are new rows."""
    ledger = {"ScoreEvent", "CoinEntry", "score_event", "coin_entry"}
    wrong = {
        f"{path}: {ast.unparse(call)}"
        for path, tree in sources.items()
        for verb in ("update", "delete", "insert_or_add", "insert_or_set")
        for call in calls(tree, verb)
        for part in call.args
        if ast.unparse(part).split(".")[-1] in ledger
    }
    assert wrong == set()


def test_no_logging_of_people(sources: dict[Path, ast.Module]) -> None:
    """Logs are copied and kept: what goes into them is chosen by name, and no name, place or address is."""
    allowed = {"topic", "problem", "event_id", "job", "count", "difference", "endpoint", "method"}
    wrong = {
        f"{path}: {ast.unparse(call)}"
        for path, tree in sources.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("log.")
        if not _is_plain(call) or any(word.arg not in allowed for word in call.keywords if not _is_traced(word))
    }
    assert wrong == set()


def _is_plain(call: ast.Call) -> bool:
    """Only a fixed text comes first, and nothing else by position."""
    return len(call.args) == 1 and isinstance(call.args[0], ast.Constant)


def _is_traced(word: ast.keyword) -> bool:
    """`**traced(problem)`: kind and places of a failure, without its text."""
    return word.arg is None and ast.unparse(word.value).startswith("traced(")


def test_actions_know_no_request(sources: dict[Path, ast.Module]) -> None:
    """An action that reads the request works at one door only, and not for the worker."""
    inner = {"actions.py", "rules.py", "queries.py", "tables.py"}
    wrong = {
        f"{path}: {name}"
        for path, tree in sources.items()
        if path.name in inner
        for name in _imported(tree)
        if name.split(".")[0] in {"flask", "apiflask"} or name in {"challenges_app.kit.http", "challenges_app.kit.who"}
    }
    assert wrong == set()


def test_libraries_live_where_they_belong(sources: dict[Path, ast.Module]) -> None:
    """Each library has one home, so that it can be replaced by touching one place."""
    homes = {
        "flask_socketio": {"challenges_app/play/live"},
        "shapely": {"geo"},
        "geopy": {"geo"},
        "apscheduler": {"challenges_app/worker.py"},
        "argon2": {"challenges_app/people/accounts"},
        "webauthn": {"challenges_app/people/factors"},
        "cryptography": {
            "challenges_app/kit/seals.py",
            "challenges_app/kit/files.py",
            "challenges_app/kit/push.py",
            "integrations/tink.py",
        },
        "redis": {"challenges_app/kit"},
    }
    wrong = {
        f"{path}: {name}"
        for path, tree in sources.items()
        for name in _imported(tree)
        for library, home in homes.items()
        if name.split(".")[0] == library and not any(str(path).startswith(place) for place in home)
    }
    assert wrong == set()


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
