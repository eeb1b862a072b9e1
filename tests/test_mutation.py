"""The mutants are what they say, a gap in the tests is seen, and a sample of mutants finds none."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from mutation import check_runs, checks, command, mutants, shape_runs
from mutation.checks import CheckMutant
from mutation.mutants import Mutant, Outcome
from mutation.shapes import ShapeMutant
from pyoxigraph import Literal, Triple
from shape_cases import read

from kg.rdf.namespaces import RDF, SH, local_name
from kg.validation.shacl import SHAPES


def test_no_spoilt_shape_of_a_sample_goes_unnoticed() -> None:
    chosen = mutants.sample(shape_runs.mutants(), 8, seed=3)
    assert mutants.unexplained(map(shape_runs.outcome, chosen)) == []


def test_every_constraint_target_and_path_is_dropped_or_moved() -> None:
    dropped = {m.lost for m in shape_runs.mutants() if not m.gained or m.kind == "path moved"}
    constraining = {
        SH + name for name in ("class", "datatype", "in", "minCount", "not", "or", "pattern", "targetClass")
    }
    said = [t for d in read().shapes for t in d.triples if t.predicate.value in constraining]
    assert len(said) > 250
    assert [str(t) for t in said if t not in dropped] == []


def test_a_mutant_knows_its_line() -> None:
    for mutant in shape_runs.mutants():
        line = (mutants.ROOT / mutant.file).read_text("utf-8").split("\n")[mutant.line - 1]
        if mutant.lost.predicate.value.startswith(SH):
            assert local_name(mutant.lost.predicate.value) in line, mutant.what


def test_a_gap_in_the_cases_is_seen() -> None:
    """No case is about messages, so nobody notices when one is lost: unlike the constraint that it belongs to."""
    spoilt = next(m for m in shape_runs.mutants() if m.shape == SHAPES + "Field" and m.what.startswith("sh:class"))
    assert shape_runs.outcome(spoilt).caught
    said = [t for d in read().shapes for t in d.triples if t.subject == spoilt.lost.subject]
    message = next(t for t in said if t.predicate.value == SH + "message")
    assert not shape_runs.outcome(replace(spoilt, lost=message, gained=())).caught


def test_a_shape_that_cannot_be_used_is_noticed() -> None:
    spoilt = next(m for m in shape_runs.mutants() if m.lost.predicate.value == SH + "pattern")
    broken = ShapeMutant("", "", 0, "", spoilt.shape, spoilt.lost, (_with_value(spoilt.lost, "("),))
    assert shape_runs.outcome(broken).caught


def _with_value(t: Triple, value: str) -> Triple:
    return Triple(t.subject, t.predicate, Literal(value))


def test_shapes_that_need_each_other_are_judged_together() -> None:
    groups = shape_runs.groups()
    assert {SHAPES + "State", SHAPES + "Place"} <= groups[SHAPES + "name"]
    assert groups[SHAPES + "Field"] == {SHAPES + "Field"}
    assert sum(map(len, set(groups.values()))) == len(groups)


def test_lists_lose_and_gain_members() -> None:
    kinds = {m.what: m for m in shape_runs.mutants() if m.shape == SHAPES + "Participation" and "sh:in" in m.what}
    assert sorted(kinds) == [
        "sh:in [ … ] dropped",
        "sh:in with ent:held",
        "sh:in without ent:byVideoConference",
        "sh:in without ent:inPerson",
    ]
    longer = kinds["sh:in with ent:held"].gained
    assert [t.predicate.value.removeprefix(RDF) for t in longer] == [SH + "in", "first", "rest"]


@pytest.mark.parametrize(
    ("source", "spoilt"),
    [
        ("x = a < b", ["x = a <= b"]),
        ("x = a == b != c", ["x = a != b != c", "x = a == b == c"]),
        ("x = a in b", ["x = a not in b"]),
        ("x = a and b", ["x = a or b"]),
        ("x = not a", ["x = not not a"]),
        ("x = 5", ["x = 6", "x = 4"]),
        ("x = True", []),
        ("x = 'a'", []),
        ("if a:\n    b", ["if not a:\n    b"]),
        ("if not a:\n    b", ["if not not a:\n    b"]),
        ("if a is None:\n    b", ["if a is not None:\n    b"]),
        ("x = [a for a in b if a if c]", ["x = [a for a in b if not a if c]", "x = [a for a in b if a if not c]"]),
        ("def f():\n    yield a", ["def f():\n    (yield a) if False else None"]),
        ("def f():\n    x.append(a)\n    x.sort()", ["def f():\n    None\n    x.sort()"]),
        ("def f() -> str:\n    return a", ["def f() -> str:\n    return ''"]),
        ("def f() -> str | None:\n    return a", ["def f() -> str | None:\n    return None"]),
        ("def f() -> bool:\n    return a", ["def f() -> bool:\n    return not a"]),
        ("def f() -> bool:\n    return a == b", ["def f() -> bool:\n    return a != b"]),
        ("def f() -> A:\n    return a", []),
    ],
)
def test_each_way_to_spoil_a_line(source: str, spoilt: list[str]) -> None:
    assert [text for _, _, text in checks.spoilt(source)] == spoilt


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A root of our own for files with explanations."""
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    mutants.lines.cache_clear()
    yield tmp_path
    mutants.lines.cache_clear()


def test_survivors_are_explained_on_their_line_or_right_above(folder: Path) -> None:
    lines = [
        "a = 1",
        "b = 2  # equivalent: so it is",
        "# equivalent: for a reason",
        "c = 3",
        "d = 4",
        "e = 5  # equivalent: no",
    ]
    (folder / "x.py").write_text("\n".join(lines), "utf-8")
    outcomes = [Outcome(Mutant("x", "x.py", n, "what"), n == 6) for n in (1, 2, 4, 5, 6)]
    assert [m.place for m in mutants.unexplained(outcomes)] == ["x.py:1", "x.py:5"]
    assert mutants.idle_explanations(outcomes, ["x.py"]) == ["x.py:6"]
    assert mutants.explanation("x.py", 4) == "for a reason"
    assert mutants.table(outcomes).split("\n") == [
        "mutants of  made  caught  explained  unexplained",
        "x              5       1          2            2",
        "all            5       1          2            2",
    ]


def test_a_sample_is_the_same_each_time() -> None:
    numbered = [Mutant("", "", n, "") for n in range(99)]
    assert mutants.sample(numbered, 5, 1) == mutants.sample(numbered, 5, 1) != mutants.sample(numbered, 5, 2)
    assert mutants.sample(numbered, 0, 1) == mutants.sample(numbered, 100, 1) == numbered


def module(name: str, old: str, new: str) -> CheckMutant:
    """A module of the package with one stretch of its source exchanged."""
    file = f"{name.replace('.', '/')}.py"
    source = (mutants.ROOT / file).read_text("utf-8")
    assert source.count(old) == 1
    return CheckMutant(name, file, 1, "", name, ast.unparse(ast.parse(source.replace(old, new))))


def test_a_spoilt_check_is_noticed_and_one_that_does_the_same_is_not() -> None:
    spoilt = [
        module("kg.text.normalisation", 'category == "Pd"', 'category == "Pe"'),
        module("kg.text.normalisation", "maxsize=4096", "maxsize=4097"),
    ]
    assert [o.caught for o in check_runs.outcomes(spoilt, jobs=2)] == [True, False]


def test_tests_that_fail_anyway_prove_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(check_runs.MORE_TESTS, "kg.text.normalisation", ("test_of_nothing.py",))
    with pytest.raises(RuntimeError, match=r"kg\.text\.normalisation fail before anything is spoilt"):
        list(check_runs.outcomes([module("kg.text.normalisation", "maxsize=4096", "maxsize=4097")], jobs=1))


def test_the_command_prints_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["shapes", "--sample", "2", "--seed", "5", "--jobs", "1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split() == ["mutants", "of", "made", "caught", "explained", "unexplained"]
    assert printed[-1].split() == ["all", "2", "2", "0", "0"]
