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


def test_the_clock_is_asked_in_one_place(sources: dict[Path, ast.Module]) -> None:
    """A rule that asks for the time itself cannot be tested at midnight, nor replayed."""
    assert places(sources, "utcnow", "today", "now") - _doors(sources) == {"challenges_app/kit/clock.py"}


def _doors(sources: dict[Path, ast.Module]) -> set[str]:
    """Doors and the seed ask their services (`here.now()`); that is how a moment comes in."""
    asking = {
        str(path)
        for path, tree in sources.items()
        if all(ast.unparse(call.func) in {"here.now", "services.now", "here.now()"} for call in calls(tree, "now"))
    }
    return asking | {"challenges_app/cli.py"}


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
        if isinstance(part, ast.Name) and part.id in ledger
    }
    assert wrong == set()


def test_no_logging_of_people(sources: dict[Path, ast.Module]) -> None:
    """Logs are copied and kept: what goes into them is chosen by name, and no name, place or address is."""
    allowed = {"topic", "problem", "exc_info", "event_id", "job", "count", "difference", "endpoint", "method"}
    wrong = {
        f"{path}: {ast.unparse(call)}"
        for path, tree in sources.items()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("log.")
        for word in call.keywords
        if word.arg not in allowed
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
        "cryptography": {"challenges_app/kit/seals.py"},
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
