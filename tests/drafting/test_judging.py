"""The judge of proposals: nothing passes that a check finds, whoever is to blame for it."""

from collections.abc import Callable, Sequence

import pytest
from pyoxigraph import NamedNode, Triple

from kg.drafting.judging import Judge
from kg.findings import Finding
from kg.rdf.namespaces import ARTICLE, ENT, ID, RDF_TYPE
from kg.source.proposals import Proposal

PASSAGE = f"{ARTICLE}2020-01-x#visit"


class Pretended(Judge):
    """A judge of proposals by their names: a check finds something on those among which is each of some."""

    def __init__(self, *wrong: str, focus: Callable[[str], str] = lambda name: f"{ID}{name}") -> None:
        self._wrong, self._focus = wrong, focus

    def findings(self, proposed: Sequence[Proposal]) -> list[Finding]:
        names = {p.name for p in proposed}
        pairs = ((pair, [*pair]) for pair in self._wrong)
        return [
            Finding("facts.trig", 1, 1, "violation", "rule", f"{pair} is wrong", focus=self._focus(each[-1]))
            for pair, each in pairs
            if names.issuperset(each)
        ]


def proposal(name: str) -> Proposal:
    triple = Triple(NamedNode(ID + name), NamedNode(RDF_TYPE), NamedNode(ENT + "State"))
    return Proposal(name, PASSAGE, ("x",), "rule: x", (triple,))


def judged(judge: Judge, names: str, beside: str = "") -> tuple[str, str]:
    """The names of what passes, and of what does not."""
    found = judge.judge([*map(proposal, names)], [*map(proposal, beside)])
    return "".join(p.name for p in found.passed), "".join(sorted(p.name for p, _ in found.failed))


def test_what_is_wrong_fails_by_itself() -> None:
    assert judged(Pretended("c", "f"), "abcdefg") == ("abdeg", "cf")


def test_what_is_wrong_beside_another_fails() -> None:
    assert judged(Pretended("ad"), "abcd") == ("abc", "d")
    assert judged(Pretended("ad"), "d", beside="abc") == ("", "d")


def test_what_was_there_before_is_not_judged_again() -> None:
    assert judged(Pretended("a"), "bc", beside="a") == ("bc", "")


@pytest.mark.parametrize("wrong", [["c"], ["a", "e"], ["ae"], ["bg", "cd"], ["a", "b", "c", "d", "e", "f", "g"]])
def test_a_finding_that_names_none_of_them_finds_who_causes_it(wrong: list[str]) -> None:
    judge = Pretended(*wrong, focus=lambda _: f"{ID}nobody")
    passed, failed = judged(judge, "abcdefg")
    assert judge.findings([*map(proposal, passed)]) == []
    assert sorted(passed + failed) == [*"abcdefg"]
    assert len(failed) == len(wrong)


def test_more_rounds_than_are_made_together_are_made_apart() -> None:
    """Each proposal is wrong once the one before it is gone."""

    class Chain(Pretended):
        def findings(self, proposed: Sequence[Proposal]) -> list[Finding]:
            names = sorted(p.name for p in proposed if p.name < "x")
            return [Finding("facts.trig", 1, 1, "violation", "rule", "wrong", focus=ID + names[0])] if names else []

    assert judged(Chain(), "abcdefghijklmnopx") == ("x", "abcdefghijklmnop")
