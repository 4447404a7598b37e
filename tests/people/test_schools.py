"""The list of schools: derived from the Education Bureau's rows by rule, checked, and loaded as often as one likes."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from challenges_app.cli import main
from challenges_app.people.schools import queries
from challenges_app.people.schools.actions import PACKAGED, Loaded, listed, load
from challenges_app.people.schools.rules import (
    DISTRICTS,
    SOURCE,
    Derived,
    ListedSchool,
    SchoolFileError,
    derive,
    faults,
    read_list,
    write_list,
)
from geo.parks.districts import load_districts
from tests.builders import World
from tests.integrations.files import shared
from tests.running import environment

PRIMARY, SECONDARY = 2, 3  # the digit of the level in a school number
# Characters that are written in one script only, as names of schools have them.
ONLY_HANS = set("这个们时间来对开关门车马鸟鱼龙东学习见观记录设备网络应该请谢让给从会员电视频图书华业为与发现")
ONLY_HANT = set("這個們時間來對開關門車馬鳥魚龍東學習見觀記錄設備網絡應該請謝讓給從會員電視頻圖書華業為與發現")


def a_row(number: str = "528781000123", name: str = "Lotus School", **changes: str) -> dict[str, str]:
    """A row of the source; without a word, of a primary school in the Central and Western District."""
    row = {"school_no": number, "edb_school_id": number[:6], "name_en_title": name}
    row |= {"name_zh_hant": "蓮花學校", "name_zh_hans": "莲花学校", "level": "primary"}
    return {**row, "district": "Central and Western", **changes}


def campus(place: int, level: int = PRIMARY, **changes: str) -> dict[str, str]:
    """A row of the Lotus School at one of its places."""
    said = {"level": "primary" if level == PRIMARY else "secondary", **changes}
    return a_row(f"528781{place:04}{level}3", **said)


def named(place: int, english: str, hant: str, hans: str) -> dict[str, str]:
    """A row of the Lotus School under other names."""
    return campus(place, name=english, name_zh_hant=hant, name_zh_hans=hans)


def derived(*rows: Mapping[str, str]) -> Derived:
    """What becomes of some rows."""
    return derive(_csv(*rows))


def only(*rows: Mapping[str, str]) -> ListedSchool:
    """The one school that some rows are."""
    (school,) = derived(*rows).schools
    return school


def a_school(school_id: str = "528781", **changes: str) -> ListedSchool:
    """A listed school."""
    names = (f"School {school_id}", f"第{school_id}學校", f"第{school_id}学校")
    return replace(ListedSchool(school_id, *names, "CW", "primary"), **changes)


def stored(world: World) -> dict[str, dict[str, Any]]:
    """The schools of a world."""
    with world.db.reading() as conn:
        return queries.all_schools(conn)


def run(*words: str, **env: str) -> tuple[int, str]:
    """Exit code and answer of a command."""
    told = CliRunner().invoke(main, ["schools", *words], env=env)
    return told.exit_code, told.output


def test_a_row_becomes_a_school() -> None:
    assert only(a_row()) == ListedSchool("528781", "Lotus School", "蓮花學校", "莲花学校", "CW", "primary")
    assert derived(a_row()).notes == []


def test_campuses_and_levels_are_one_school() -> None:
    found = derived(campus(1), campus(1, SECONDARY), campus(2), a_row("510530000123", "Reed School"))
    assert [(school.id, school.levels) for school in found.schools] == [("510530", "primary"), ("528781", "both")]
    assert [(note.kind, note.where) for note in found.notes] == [("merged", "528781")]


def test_a_section_in_brackets_goes_where_rows_are_named_differently() -> None:
    sections = [
        named(1, "Lotus School (Primary Section)", "蓮花學校(小學部)", "莲花学校(小学部)"),
        named(2, "Lotus School(Secondary Section)", "蓮花學校 （中學部）", "莲花学校 （中学部）"),
    ]
    school = only(*sections)
    assert (school.name_en, school.name_zh_hant, school.name_zh_hans) == ("Lotus School", "蓮花學校", "莲花学校")
    assert only(sections[0]).name_en == "Lotus School (Primary Section)"


def test_of_different_names_the_shortest_is_taken() -> None:
    school = only(named(1, "The Lotus Memorial School", "蓮花紀念學校", "莲花纪念学校"), campus(2))
    assert (school.name_en, school.name_zh_hant, school.name_zh_hans) == ("Lotus School", "蓮花學校", "莲花学校")


def test_the_district_with_most_rows_is_taken_and_among_equals_the_first_place() -> None:
    here, there = campus(1, district="Wan Chai"), campus(2, district="Sai Kung")
    assert only(there, here).district_code == "WC"
    assert only(there, campus(2, SECONDARY, district="Sai Kung"), here).district_code == "SK"


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("Ma on Shan School", "Ma On Shan School"),
        ("Sahk Lotus School", "SAHK Lotus School"),
        ("T.w.g.hs Lotus School", "T.W.G.Hs Lotus School"),
        ("Lotus Street Government Prim Sch", "Lotus Street Government Primary School"),
        ("Lotus Pri. School", "Lotus Primary School"),
        ("Lotus School(Broadway )", "Lotus School (Broadway)"),
        ("CamÕEs School", "Camões School"),
        ("Mongkok Prima School of London", "Mongkok Prima School of London"),
    ],
)
def test_english_names_are_cased_and_written_out(source: str, written: str) -> None:
    assert only(a_row(name=source)).name_en == written


def test_chinese_names_have_full_brackets_no_spaces_and_one_script() -> None:
    school = only(a_row(name_zh_hant="油蔴地翠琼 學校﹝東﹞", name_zh_hans="油蔴地翠琼 学校﹝东﹞"))
    assert (school.name_zh_hant, school.name_zh_hans) == ("油蔴地翠瓊學校（東）", "油麻地翠琼学校（东）")


def test_a_school_without_a_chinese_name_keeps_its_english_one() -> None:
    school = only(a_row(name_zh_hant="LOTUS SCHOOL", name_zh_hans="LOTUS SCHOOL"))
    assert (school.name_zh_hant, school.name_zh_hans) == ("Lotus School", "Lotus School")


def test_what_was_mended_is_told() -> None:
    (note,) = derived(a_row(name="Ma on Shan School")).notes
    assert (note.kind, note.where) == ("mended", "528781")
    assert note.why == "name_en “Ma on Shan School” is written “Ma On Shan School”"


@pytest.mark.parametrize(
    "row",
    [
        a_row(edb_school_id="5287", school_no="528700000123"),
        a_row(edb_school_id="510530"),
        a_row("52878x000123"),
        a_row(name=" "),
        a_row(name_zh_hant=""),
        a_row(level="kindergarten"),
        a_row(district="Shenzhen"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_and_told(row: Mapping[str, str]) -> None:
    found = derived(row, a_row("510530000123"))
    assert [school.id for school in found.schools] == ["510530"]
    assert [(note.kind, note.where) for note in found.notes] == [("left out", "row 2")]


def test_a_row_counts_once() -> None:
    found = derived(campus(1, district="Wan Chai"), campus(2), campus(2))
    assert ([note.where for note in found.notes if note.kind == "left out"], found.rows) == (["row 4"], 3)
    assert found.schools[0].district_code == "WC"


def test_something_else_is_no_list_of_schools() -> None:
    with pytest.raises(SchoolFileError, match="it lacks school_no"):
        derive("name,district\nLotus School,Wan Chai\n")


rows = st.builds(
    campus,
    st.integers(1, 4),
    st.sampled_from([PRIMARY, SECONDARY]),
    name=st.sampled_from(["Lotus School", "Lotus School (Primary Section)", "Reed School"]),
    district=st.sampled_from(sorted(DISTRICTS)),
)


some = st.lists(rows, max_size=6, unique_by=lambda row: row["school_no"])


@given(some.flatmap(lambda own: st.tuples(st.just(own), st.permutations(own))))
def test_the_order_of_the_rows_does_not_matter(orders: tuple[list[dict[str, str]], ...]) -> None:
    one, other = orders
    assert write_list(derived(*one).schools) == write_list(derived(*other).schools)


texts = st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=9)


@given(st.lists(st.builds(ListedSchool, texts, texts, texts, texts, texts, texts), max_size=4))
def test_a_list_is_read_as_it_was_written(schools: list[ListedSchool]) -> None:
    assert read_list(write_list(schools)) == schools


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([], "There is no school."),
        ([a_school(), a_school(name_en="Other", name_zh_hant="蓮", name_zh_hans="莲")], "2 rows have the id 528781."),
        ([a_school("52878")], "52878: the id has not six digits."),
        ([a_school(name_zh_hans=" ")], "528781: name_zh_hans is empty."),
        ([a_school(name_en="N" * 201)], "528781: name_en has more than 200 letters."),
        ([a_school(district_code="XX")], "528781: the district 'XX' is not known."),
        ([a_school(levels="")], "528781: the levels '' are not known."),
        ([a_school(), a_school("510530", name_en="School 528781")], "2 schools are named School 528781."),
        (
            [a_school(), a_school("510530", name_zh_hant="第二学校", name_zh_hans="第二学校")],
            "510530: 学 in the Traditional name is a simplified character.",
        ),
        (
            [a_school(), a_school("510530", name_zh_hant="第二學校", name_zh_hans="第二學校")],
            "510530: 學 in the Simplified name is a traditional character.",
        ),
    ],
)
def test_a_faulty_list_is_told_so(wrong: list[ListedSchool], said: str) -> None:
    assert said in faults(wrong)


def test_districts_are_those_of_the_parks() -> None:
    assert {each.name_en: each.code for each in load_districts().values()} == DISTRICTS


def test_our_own_list_has_no_fault_and_never_mixes_scripts() -> None:
    schools = listed()
    assert faults(schools) == []
    assert [school.id for school in schools] == sorted(school.id for school in schools)
    assert {school.district_code for school in schools} == set(DISTRICTS.values())
    assert [school for school in schools if (ONLY_HANS - ONLY_HANT) & set(school.name_zh_hant)] == []
    assert [school for school in schools if (ONLY_HANT - ONLY_HANS) & set(school.name_zh_hans)] == []


def test_our_own_list_is_what_the_source_gives() -> None:
    folder = shared()
    if folder:
        source = (folder / "schools.csv").read_text("utf-8")
        assert write_list(derive(source).schools) == PACKAGED.read_text("utf-8")


def test_schools_are_loaded_and_loaded_again(world: World) -> None:
    first, second = a_school(), a_school("510530")
    assert world.write(lambda tx: load(tx, [first, second])) == Loaded(added=2, changed=0, unlisted=0)
    assert world.write(lambda tx: load(tx, [first, second])) == Loaded(added=0, changed=0, unlisted=0)
    moved = replace(first, name_en="School of the Lotus", district_code="WC")
    third = a_school("510602")
    assert world.write(lambda tx: load(tx, [moved, third])) == Loaded(added=1, changed=1, unlisted=1)
    kept = {each.id: {**asdict(each)} for each in (moved, second, third)}
    for row in kept.values():
        del row["levels"]
    assert stored(world) == kept


def test_a_school_keeps_its_classes_when_it_is_renamed(world: World) -> None:
    (class_id,) = world.school("528781")
    world.write(lambda tx: load(tx, [a_school(name_en="School of the Lotus")]))
    with world.db.reading() as conn:
        assert [row.id for row in queries.classes(conn, ["528781"])] == [class_id]


def test_two_may_load_at_once(world: World) -> None:
    schools = [a_school(f"{number:06}") for number in range(300)]
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(world.write, lambda tx, own=own: load(tx, own)) for own in (schools, schools[::-1])]
        for each in done:
            each.result()
    assert len(stored(world)) == 300


def test_of_a_faulty_list_nothing_is_loaded(sqlite_world: World) -> None:
    with pytest.raises(SchoolFileError, match="510530: the district 'XX' is not known"):
        sqlite_world.write(lambda tx: load(tx, [a_school(), a_school("510530", district_code="XX")]))
    assert stored(sqlite_world) == {}


@pytest.mark.parametrize("command", ["build", "check", "load"])
def test_every_command_has_help_with_an_example(command: str) -> None:
    code, told = run(command, "--help")
    assert (code, f"Example: eplus schools {command}" in " ".join(told.split())) == (0, True)


def test_build_writes_the_list_and_tells_what_it_did(tmp_path: Path) -> None:
    source, out = tmp_path / "source.csv", tmp_path / "schools.csv"
    source.write_text(_csv(campus(1), campus(2), a_row(level="")), "utf-8")
    code, told = run("build", str(source), "--out", str(out), "--json")
    counts = {"rows": 3, "left_out": 1, "merged": 1, "schools": 1, "mended_names": 0}
    assert (code, json.loads(told)["counts"], json.loads(told)["faults"]) == (0, counts, [])
    assert read_list(out.read_text("utf-8")) == [only(campus(1), campus(2))]


def test_build_tells_people_in_sentences(tmp_path: Path) -> None:
    source = tmp_path / "source.csv"
    source.write_text(_csv(campus(1), campus(2, name="Ma on Shan School")), "utf-8")
    code, told = run("build", str(source), "--out", str(tmp_path / "schools.csv"))
    assert (code, "2 rows: 0 left out, 1 merged into others; 1 schools, 0 names mended." in told) == (0, True)


def test_a_faulty_build_does_not_replace_the_list(tmp_path: Path) -> None:
    source, out = tmp_path / "source.csv", tmp_path / "schools.csv"
    source.write_text(_csv(a_row(), a_row("510530000123")), "utf-8")
    code, told = run("build", str(source), "--out", str(out))
    assert (code, "2 schools are named Lotus School." in told, out.exists()) == (1, True, False)


def test_check_sees_our_own_list_and_a_fault_in_another(tmp_path: Path) -> None:
    code, told = run("check", "--json")
    assert (code, json.loads(told)) == (0, {"schools": len(listed()), "faults": []})
    (tmp_path / "schools.csv").write_text(write_list([a_school(district_code="XX")]), "utf-8")
    assert run("check", str(tmp_path / "schools.csv"))[0] == 1


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\xff\xfe", b"", b"id\n\x00"])
def test_something_else_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    file, out = tmp_path / "other", tmp_path / "schools.csv"
    file.write_bytes(content)
    for words in (["check", str(file)], ["build", str(file), "--out", str(out)]):
        code, told = run(*words)
        assert (code, told.startswith("Error: "), out.exists()) == (1, True, False)


def test_the_command_loads_our_own_list(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'e.sqlite'}"
    World.on(url).db.close()
    code, told = run("load", **environment(url))
    assert (code, told) == (0, f"{len(listed())} schools added, 0 changed.\n")
    code, told = run("load", "--json", **environment(url))
    assert (code, json.loads(told)) == (0, {"added": 0, "changed": 0, "unlisted": 0})


def _csv(*rows: Mapping[str, str]) -> str:
    return "\n".join([",".join(SOURCE), *(",".join(f'"{row[name]}"' for name in SOURCE) for row in rows), ""])
