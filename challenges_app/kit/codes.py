"""Codes that people tell each other or copy from paper: eight characters, none of which looks like another."""

import secrets

ALPHABET = "ACDEFGHJKMNPQRTUWXY34679"  # without 0 O, 1 I L, 2 Z, 5 S, 8 B and V
LENGTH = 8


def fresh_code() -> str:
    """A new code as it is shown, as "ACDE-3467"; about 37 bits, so it needs an end and a limit on tries."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{drawn[:4]}-{drawn[4:]}"


def plain_code(typed: str) -> str:
    """A code as it is looked up, however it was typed; capitals and width are left to the blind index."""
    return "".join(each for each in typed if each.isalnum())
