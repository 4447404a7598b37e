"""What may be logged of a failure: its kind and its places in the code, never its text, which may quote rows."""

import traceback


def traced(problem: BaseException) -> dict[str, object]:
    """The kind of a failure and the lines it passed through, for the key words of a log line."""
    frames = traceback.extract_tb(problem.__traceback__)
    return {
        "problem": type(problem).__name__,
        "frames": [f"{each.filename}:{each.lineno} {each.name}" for each in frames],
    }
