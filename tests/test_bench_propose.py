"""The bench of a model's proposals: figures by replay of answers that were written by hand, and lies as answers."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Triple
from replaying import facts as answer

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # bench is not in the wheel

from bench import propose_model  # noqa: E402
from bench.propose import Facts, Score  # noqa: E402
from bench.propose_model import Conformance, Figures, Recorded, by_fact  # noqa: E402
from kg.drafting.model.client import Reply  # noqa: E402
from kg.errors import InputError  # noqa: E402
from kg.rdf.namespaces import ENT, ID, RDF_TYPE  # noqa: E402

SENTENCE = "Ostia backs Westia."
ASKED: dict[str, Any] = {
    "sentence": SENTENCE,
    "known": [{"id": "id:ostia", "name": "Ostia"}, {"id": "id:westia", "name": "Westia"}],
    "dates": [{"name": "d1", "words": "Monday", "means": "2020-03-09"}],
    "amounts": [],
    "terms": {
        "classes": [
            {"class": "ent:Support", "roles": [{"role": "ent:backer"}, {"role": "ent:backed"}]},
            {"class": "ent:State", "roles": []},
        ],
        "roles of any thing": [{"role": "ent:start"}],
        "values": {"ent:Status": [{"value": "ent:held"}]},
    },
}
GOOD: dict[str, Any] = {
    "thing": "new:ostia-for-westia",
    "class": "ent:Support",
    "words": ["backs Westia"],
    "values": [
        {"role": "ent:backer", "value": "id:ostia"},
        {"role": "ent:backed", "value": "id:westia"},
        {"role": "ent:start", "value": "d1"},
    ],
}


def body(sentence: str = SENTENCE, number: int = 1) -> dict[str, Any]:
    asked = {"role": "user", "content": json.dumps(ASKED | {"sentence": sentence})}
    return {"messages": [{"role": "system", "content": ""}, asked, *[{}] * (2 * number - 2)]}


def shares(*facts: dict[str, Any]) -> list[float]:
    found = Conformance()
    found.add(ASKED, answer(*facts))
    return [round(share, 2) for share in found.shares().values()]


def test_what_was_sent_is_no_hallucination() -> None:
    assert shares(GOOD) == [1, 0, 0, 0]
    assert shares() == [1, 0, 0, 0]


def test_hallucinations_are_told_apart() -> None:
    assert shares(GOOD | {"class": "ent:Unicorn", "values": []}) == [0, 0, 1, 0]
    assert shares(GOOD | {"values": [{"role": "ent:buyer", "value": "id:ostia"}]}) == [0.5, 0, 0.5, 0]
    assert shares(GOOD | {"values": [{"role": "ent:backer", "value": "id:nordia"}]}) == [1, 0, 0, 1]
    assert shares(GOOD | {"values": [{"role": "ent:backer", "value": "new:nobody"}]}) == [1, 0, 0, 1]
    assert shares(GOOD | {"words": ["fights Westia"], "values": []}) == [1, 1, 0, 0]
    assert shares(GOOD | {"label": "Ostia the Great", "values": []}) == [1, 1, 0, 0]
    nordia = {"thing": "id:nordia", "class": "ent:State", "words": ["Nordia"]}
    assert shares(GOOD, nordia) == [1, 0.5, 0, 0]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"facts": 5}', '{"facts": [1, null]}', "[" * 100_000])
def test_answers_that_cannot_be_read_are_counted(text: str) -> None:
    found = Conformance()
    found.add(ASKED, text)
    assert found.subjects == 0


def triples(*rows: tuple[str, str, str]) -> list[Triple]:
    return [Triple(NamedNode(ID + s), NamedNode(p), NamedNode(o)) for s, p, o in rows]


def said(name: str, *fillers: str) -> Facts:
    roles = {(ENT + role, ID + x) for role, x in zip(("backer", "backed"), fillers, strict=False)}
    return Facts(kinds={ID + name: {ENT + "Support", ENT + "Relation"}}, relations={ID + name: roles})


def test_facts_are_compared_by_the_relation_with_which_they_have_most_in_common() -> None:
    theirs = said("ostia-for-westia", "ostia", "westia")
    accepted = triples(
        ("ostia-for-westia", RDF_TYPE, ENT + "Support"),
        ("ostia-for-westia", ENT + "backer", ID + "ostia"),
        ("ostia-for-westia", ENT + "backed", ID + "westia"),
    )
    proposed = triples(
        ("backing", RDF_TYPE, ENT + "Support"),
        ("backing", ENT + "backer", ID + "ostia"),
        ("backing", ENT + "backed", ID + "nordia"),
    )
    assert by_fact(said("backing", "ostia", "nordia"), theirs, proposed, accepted) == Score(3, 2, 3, 2)
    assert by_fact(said("backing", "nordia"), theirs, proposed, accepted) == Score(3, 0, 3, 0)


class Asking:
    def __init__(self) -> None:
        self.asked = 0

    def ask(self, body: dict[str, Any], seconds: float) -> Reply:
        self.asked += 1
        return Reply(answer(GOOD), 100)


def test_answers_are_recorded_and_replayed(tmp_path: Path) -> None:
    path, model = str(tmp_path / "answers.jsonl"), Asking()
    first = Recorded(path, model)
    assert first.ask(body(), 1) == first.ask(body(), 1) == Reply(answer(GOOD), 100)
    assert model.asked == 1
    again = Recorded(path)
    assert again.ask(body(), 1) == Reply(answer(GOOD), 100)
    assert json.loads(again.ask(body("Nordia."), 1).text)["facts"] == []
    assert json.loads(again.ask(body(number=2), 1).text)["facts"] == []
    assert again.missing == 2
    assert [about["sentence"] for about, _ in again.asked] == [SENTENCE, "Nordia."]


@pytest.mark.parametrize("line", ["{", "[]", "5", '{"sentence": "x"}'])
def test_what_is_no_recorded_answer_is_an_error(tmp_path: Path, line: str) -> None:
    (tmp_path / "answers.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match="no recorded answer"):
        Recorded(str(tmp_path / "answers.jsonl"))


def test_figures_of_articles_are_added() -> None:
    one = Figures(rules={"facts": Score(1, 1, 2, 1)}, tokens=5, missing=1)
    one.refused["answer"] += 2
    one.conformance.add(ASKED, answer(GOOD))
    both = one + one
    assert both.rules == {"facts": Score(2, 2, 4, 2)}
    assert (both.tokens, both.missing, both.refused["answer"], both.conformance.subjects) == (10, 2, 4, 2)
    shown = propose_model.shown(both)
    for line in ("facts       precision 1.00 (2 of 2)", "refused by answer: 4", "object hallucination: 0.00"):
        assert line in shown


@pytest.mark.parametrize(
    "given", [[], ["--model", "x", "--replay", "y"], ["--model", "x", "no-article"], ["--replay", "y"]]
)
def test_the_command_says_what_it_needs(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        propose_model.main(given)
    assert ended.value.code == 2
    assert "usage: python -m bench propose" in capsys.readouterr().err
