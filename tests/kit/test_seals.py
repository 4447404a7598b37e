"""Seals: what is sealed opens in its own place with its own key, and nowhere else."""

import pytest

from challenges_app.kit.seals import KeyRing, SealError, fresh_key

OLD, NEW, PEPPER = fresh_key(), fresh_key(), fresh_key()


def ring(keys: str) -> KeyRing:
    """A ring with these keys."""
    return KeyRing.read(keys, PEPPER)


def test_a_sealed_text_opens_in_its_place() -> None:
    kept = ring(f"a:{OLD}")
    assert kept.open(kept.seal("陳美", "person", 7, "name"), "person", 7, "name") == "陳美"


@pytest.mark.parametrize("place", [("person", 8, "name"), ("person", 7, "email"), ("account", 7, "name")])
def test_a_value_moved_to_another_row_or_column_does_not_open(place: tuple[object, ...]) -> None:
    kept = ring(f"a:{OLD}")
    sealed = kept.seal("陳美", "person", 7, "name")
    with pytest.raises(SealError):
        kept.open(sealed, *place)


def test_a_changed_byte_is_noticed() -> None:
    kept = ring(f"a:{OLD}")
    sealed = bytearray(kept.seal("x", "person", 7, "name"))
    sealed[-1] ^= 1
    with pytest.raises(SealError):
        kept.open(bytes(sealed), "person", 7, "name")


def test_old_values_open_after_a_new_key_came_first() -> None:
    sealed = ring(f"a:{OLD}").seal("x", "person", 7, "name")
    turned = ring(f"b:{NEW},a:{OLD}")
    assert turned.open(sealed, "person", 7, "name") == "x"
    assert turned.seal("x", "person", 7, "name")[1:2] == b"b"


def test_a_value_whose_key_is_gone_says_so() -> None:
    sealed = ring(f"a:{OLD}").seal("x", "person", 7, "name")
    with pytest.raises(SealError, match="key a is not on the ring"):
        ring(f"b:{NEW}").open(sealed, "person", 7, "name")


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    kept = ring(f"a:{OLD}")
    assert kept.seal("x", "t", 1, "c") != kept.seal("x", "t", 1, "c")


def test_a_blind_index_forgives_case_width_and_spaces_but_not_another_use() -> None:
    kept = ring(f"a:{OLD}")
    assert kept.blind(" Ｍei ", "account", "name") == kept.blind("mei", "account", "name")
    assert kept.blind("mei", "account", "name") != kept.blind("mei", "account", "email")


@pytest.mark.parametrize("keys", ["", "a:short", f"a:{OLD[:-4]}", "nonsense"], ids=["none", "short", "cut", "nonsense"])
def test_unusable_keys_are_refused_in_one_sentence(keys: str) -> None:
    with pytest.raises(ValueError, match="EPLUS_KEYS must hold keys of 32 bytes"):
        ring(keys)


def test_secrets_do_not_show_when_printed() -> None:
    assert OLD not in repr(ring(f"a:{OLD}"))
