"""Park names as the government and as map makers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.parks.names import alike, chinese_key, english_key, keys_of, keys_of_all
from geo.parks.script import simplified


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Hong Kong Park", "HONG KONG PARK"),
        ("Morrison Hill Road Playground", "Morrison Hill Rd. Playground"),
        ("North Point S/R Playground", "North Point Service Reservoir Playground"),
        ("Hong Kong Zoological & Botanical Gardens", "Hong Kong Zoological and Botanical Gardens"),
        ("Tai Hang Tung Estate Playground No. 2", "Tai Hang Tung Estate Playground No.2"),
        ("King Fung Children’s Playground", "King Fung Children's Playground"),
        ("Gascoigne Road / Nathan Road Rest Garden (Stage I)", "Gascoigne Road/Nathan Road Rest Garden Stage 1"),
        ("Waterloo Road／Ferry Street Sitting-out Area", "Waterloo Road/Ferry Street Sitting-Out Area"),
        ("King George V Memorial Park, HK", "King George V Memorial Park"),
        ("石排灣邨1號遊樂場", "石排灣邨一號遊樂場"),
        ("上水花園第一號", "上水花園1號"),
        ("摩士公園(一號公園)", "摩士公園（一號公園）"),
        ("維多利亞公園", "维多利亚公园"),
        ("鳳德公園", "凤德公园"),
    ],
)
def test_two_spellings_of_one_name_meet_in_one_key(ours: str, theirs: str) -> None:
    assert keys_of(ours) & keys_of(theirs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sheung Shui Garden No. 1", "Sheung Shui Garden No. 2"),
        ("Morse Park (Park No. 1)", "Morse Park"),
        ("North Point Promenade (Phase I)", "North Point Promenade"),
        ("山貝涌口休憩處No2", "山貝涌口休憩處"),
        ("摩士公園(一號公園)", "摩士公園(二號公園)"),
    ],
)
def test_two_names_stay_two(one: str, other: str) -> None:
    assert not keys_of(one) & keys_of(other)


@pytest.mark.parametrize("mixed", ["Hong Kong Park 香港公園", "香港公園 Hong Kong Park", "Hong Kong Park (香港公園)"])
def test_a_name_in_two_languages_is_found_under_each(mixed: str) -> None:
    assert {english_key("Hong Kong Park"), chinese_key("香港公园")} <= keys_of(mixed)


def test_a_list_of_names_is_found_under_each() -> None:
    assert {"victoria park", "causeway bay park"} <= keys_of_all(["Victoria Park;Causeway Bay Park"])


def test_spellings_are_alike_and_directions_are_not() -> None:
    assert alike("mount austin playground", "mount austen playground")
    assert alike("kowloon park playground", "playground kowloon park")
    assert not alike("eastern garden", "western garden")
    assert not alike("garden 1", "garden 2")
    assert not alike("pui to road garden", "pui to road rest garden")


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(name: str) -> None:
    assert chinese_key(chinese_key(name)) == chinese_key(name)
    assert english_key(english_key(name)) == english_key(name)
    assert simplified(simplified(name)) == simplified(name)
