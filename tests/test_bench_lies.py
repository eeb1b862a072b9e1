"""The lies bench changes facts that are true into false ones, leaves the quotes, and judges as `kg validate` does."""

import json
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from replaying import replaying

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # bench is not in the wheel

from bench.lies import command  # noqa: E402
from bench.lies import trial as trials  # noqa: E402
from bench.lies.lie import Lie, chosen  # noqa: E402
from bench.lies.reading import Reading, ent  # noqa: E402
from bench.lies.trial import KINDS, SEED, Folder, told_article  # noqa: E402
from bench.propose_lies import Replies, Trial, touched  # noqa: E402
from kg.drafting.model.client import OpenAIClient  # noqa: E402
from kg.findings import at_or_above  # noqa: E402
from kg.rdf.namespaces import ID  # noqa: E402
from kg.source.layout import GraphFolder  # noqa: E402
from kg.source.proposals import Proposal  # noqa: E402
from kg.validation import run  # noqa: E402

NAME = "2020-03-ostia-westia"
TEXT = """\
Ostia is to buy tanks from Westia for 2 billion euros, and backs Rome’s Blue Party.

“Ostia and Westia work together if we let them,” said Ada Holm.

President Ada Holm of Ostia visits Westia on Monday. Ivo Brandt, who led Westia until 2017, will join by video.

Westia and Nordia have been at odds over the Green Sea since 2015. Work on the Green Canal is under way.
"""
FACTS = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ent:     <https://w3id.org/entente/ontology#> .
@prefix id:      <https://w3id.org/entente/id/> .
@prefix p:       <https://w3id.org/entente/article/2020-03-ostia-westia#> .
@prefix rdfs:    <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos:    <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd:     <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/entente/article/2020-03-ostia-westia> a ent:Article ;
    dcterms:title "Ostia and Westia"@en ;
    dcterms:language "en" ;
    ent:readingDate "2020-03-04"^^xsd:date .

p:deal a ent:Passage ; ent:quote "Ostia is to buy tanks from Westia for 2 billion euros, and backs Rome’s Blue Party." .
p:deal {
    id:tank-deal a ent:ArmsDeal ; ent:buyer id:ostia ; ent:seller id:westia ; ent:item id:tanks ;
        ent:cost id:tank-cost ; ent:status ent:planned .
    id:tank-cost a ent:Quantity ; rdfs:label "2 billion euros"@en ; ent:number 2000000000 ; ent:measure "EUR" .
    id:tanks a ent:WeaponsSystem ; rdfs:label "tanks"@en .
    id:ostia a ent:State ; rdfs:label "Ostia"@en .
    id:westia a ent:State ; rdfs:label "Westia"@en .
    id:ostia-for-blue-party a ent:Support ; ent:backer id:ostia ; ent:backed id:blue-party ; ent:side id:blue-side .
    id:blue-party a ent:OppositionGroup ; rdfs:label "Blue Party"@en .
    id:blue-side a ent:Side ; ent:opposes id:red-side .
    id:red-side a ent:Side .
}

p:opinion a ent:Passage ; ent:speaker id:ada-holm ; ent:speech ent:quoted ;
    ent:quote "“Ostia and Westia work together if we let them,” said Ada Holm." .
p:opinion {
    id:ostia-with-westia a ent:Cooperation ; ent:cooperating id:ostia , id:westia ; ent:condition "if we let them"@en .
}

p:visit a ent:Passage ; ent:quote "President Ada Holm of Ostia visits Westia on Monday." .
p:visit {
    id:holm-to-westia a ent:Visit ; ent:visitor id:ada-holm ; ent:destination id:westia ; ent:status ent:planned ;
        ent:date "2020-03-09"^^xsd:date .
    id:talks a ent:Meeting .
    id:feast a ent:Meeting ; ent:partOf id:talks .
    id:ada-holm a ent:Person ; rdfs:label "Ada Holm"@en .
    id:holm-as-president a ent:Tenure ; ent:holder id:ada-holm ; ent:office id:president-of-ostia .
    id:president-of-ostia a ent:Presidency ; rdfs:label "President"@en ; ent:officeOf id:ostia .
}

p:brandt a ent:Passage ; ent:quote "Ivo Brandt, who led Westia until 2017, will join by video." .
p:brandt {
    id:ivo-brandt a ent:Person ; rdfs:label "Ivo Brandt"@en .
    id:brandt-as-head a ent:Tenure ; ent:holder id:ivo-brandt ; ent:office id:head-of-westia ;
        ent:end "2017"^^xsd:gYear .
    id:head-of-westia a ent:Office ; ent:heads id:westia .
    id:brandt-at-feast a ent:Participation ; ent:attendee id:ivo-brandt ; ent:occasion id:feast ;
        ent:mode ent:byVideoConference .
    id:westian-join a ent:Meeting ; ent:participant id:ivo-brandt .
}

p:row a ent:Passage ; ent:quote "Westia and Nordia have been at odds over the Green Sea since 2015." .
p:row {
    id:westia-nordia-row a ent:Disagreement ; ent:disagreeing id:westia , id:nordia ; ent:over id:green-sea ;
        ent:start "2015"^^xsd:gYear .
    id:nordia a ent:State ; rdfs:label "Nordia"@en .
    id:green-sea a ent:Sea ; rdfs:label "Green Sea"@en .
}

p:canal a ent:Passage ; ent:quote "Work on the Green Canal is under way." .
p:canal {
    id:green-canal a ent:Canal ; rdfs:label "Green Canal"@en ; ent:stage ent:underWay .
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("lies")
    article = made / "kg" / "articles" / NAME
    article.mkdir(parents=True)
    (article / "article.txt").write_text(TEXT, encoding="utf-8", newline="\n")
    (article / "facts.trig").write_text(FACTS, encoding="utf-8", newline="\n")
    return made


@pytest.fixture(scope="module")
def judged(folder: Path) -> Folder:
    return Folder(str(folder))


@pytest.fixture(scope="module")
def reading(judged: Folder) -> Reading:
    (found,) = judged.readings
    return found


@pytest.fixture(scope="module")
def told(reading: Reading) -> dict[str, dict[str, Lie]]:
    """All lies that could be told, by kind and edit."""
    return {kind.name: {str(lie): lie for lie in kind.lies(reading)} for kind in KINDS}


EXPECTED = {
    "roles exchanged": """\
- id:tank-deal ent:buyer id:ostia in p:deal
- id:tank-deal ent:seller id:westia in p:deal
+ id:tank-deal ent:buyer id:westia in p:deal
+ id:tank-deal ent:seller id:ostia in p:deal""",
    "direction reversed": """\
- id:feast ent:partOf id:talks in p:visit
+ id:talks ent:partOf id:feast in p:visit""",
    "on the other side": """\
- id:ostia-for-blue-party ent:side id:blue-side in p:deal
+ id:ostia-for-blue-party ent:side id:red-side in p:deal""",
    "a thing not named, in a role": """\
- id:tank-deal ent:seller id:westia in p:deal
+ id:tank-deal ent:seller id:nordia in p:deal""",
    "a thing not named, added to a role": "+ id:tank-deal ent:buyer id:nordia in p:deal",
    "status changed": """\
- id:tank-deal ent:status ent:planned in p:deal
+ id:tank-deal ent:status ent:completed in p:deal""",
    "stage changed": """\
- id:green-canal ent:stage ent:underWay in p:canal
+ id:green-canal ent:stage ent:completed in p:canal""",
    "second status or stage": "+ id:green-canal ent:stage ent:announced in p:canal",
    "class changed": """\
- id:green-canal rdf:type ent:Canal in p:canal
+ id:green-canal rdf:type ent:Railway in p:canal""",
    "opposite relation": """\
- id:westia-nordia-row rdf:type ent:Disagreement in p:row
- id:westia-nordia-row ent:disagreeing id:westia in p:row
- id:westia-nordia-row ent:disagreeing id:nordia in p:row
- id:westia-nordia-row ent:over id:green-sea in p:row
+ id:westia-nordia-row rdf:type ent:Cooperation in p:row
+ id:westia-nordia-row ent:cooperating id:westia in p:row
+ id:westia-nordia-row ent:cooperating id:nordia in p:row
+ id:westia-nordia-row ent:concerns id:green-sea in p:row""",
    "opinion told as fact": """\
- p:opinion ent:speaker id:ada-holm
- p:opinion ent:speech ent:quoted""",
    "speaker changed": """\
- p:opinion ent:speaker id:ada-holm
+ p:opinion ent:speaker id:ivo-brandt""",
    "unit or currency changed": """\
- id:tank-cost ent:measure “EUR” in p:deal
+ id:tank-cost ent:measure “MW” in p:deal""",
    "number changed": """\
- id:tank-cost ent:number “2000000000” in p:deal
+ id:tank-cost ent:number “20000000000” in p:deal""",
    "date changed": """\
- id:holm-to-westia ent:date “2020-03-09” in p:visit
+ id:holm-to-westia ent:date “2019-03-09” in p:visit""",
    "start told as end": """\
- id:westia-nordia-row ent:start “2015” in p:row
+ id:westia-nordia-row ent:end “2015” in p:row""",
    "mode changed": """\
- id:brandt-at-feast ent:mode ent:byVideoConference in p:brandt
+ id:brandt-at-feast ent:mode ent:inPerson in p:brandt""",
    "second value": "+ id:head-of-westia ent:heads id:ostia in p:brandt",
    "name of another": "+ id:westia skos:altLabel “Ostia” in p:deal",
    "another named thing, in a role": """\
- id:tank-deal ent:buyer id:ostia in p:deal
+ id:tank-deal ent:buyer id:westia in p:deal""",
    "another named thing, added to a role": "+ id:tank-deal ent:seller id:ostia in p:deal",
    "relation made up between named things": """\
+ id:ostia-and-westia-support rdf:type ent:Support in p:deal
+ id:ostia-and-westia-support ent:backer id:ostia in p:deal
+ id:ostia-and-westia-support ent:backed id:westia in p:deal""",
    "twin with roles exchanged": """\
+ id:tank-deal-in-return ent:buyer id:westia in p:deal
+ id:tank-deal-in-return ent:seller id:ostia in p:deal
+ id:tank-deal-in-return ent:item id:tanks in p:deal
+ id:tank-deal-in-return ent:cost id:tank-cost in p:deal
+ id:tank-deal-in-return ent:status ent:planned in p:deal
+ id:tank-deal-in-return rdf:type ent:ArmsDeal in p:deal""",
    "condition left out": "- id:ostia-with-westia ent:condition “if we let them” in p:opinion",
    "end left out": "- id:brandt-as-head ent:end “2017” in p:brandt",
    "aim told as done": "+ id:westian-join ent:status ent:completed in p:brandt",
}


def test_every_kind_has_an_expected_edit() -> None:
    assert EXPECTED.keys() == {kind.name for kind in KINDS}


@pytest.mark.parametrize("kind", EXPECTED)
def test_a_kind_tells_its_lie(kind: str, told: dict[str, dict[str, Lie]]) -> None:
    assert EXPECTED[kind] in told[kind], "\n\n".join(told[kind])


TRUE = {
    "a state for its president": "ent:visitor id:ostia",
    "a president for her state": "ent:buyer id:ada-holm",
    "a status of the same step in a life": "+ id:green-canal ent:stage ent:construction",
    "what stands in the role already": "+ id:westia-nordia-row ent:disagreeing id:westia",
    "a class that the words hint at": "+ id:holm-to-westia rdf:type ent:Meeting",
    "a unit that the words have": "+ id:tank-cost ent:measure “EUR”",
    "a relation near to one that is there": "+ id:ostia-and-westia-cooperation",
    "what is done, as an aim": "+ id:brandt-as-head ent:status ent:completed",
}


@pytest.mark.parametrize("why", TRUE)
def test_what_the_words_support_is_no_lie(why: str, told: dict[str, dict[str, Lie]]) -> None:
    assert [lie for lies in told.values() for lie in lies if TRUE[why] in lie] == []


def test_what_is_put_in_as_not_named_is_not_named(told: dict[str, dict[str, Lie]]) -> None:
    names = {ID + "ostia": "Ostia", ID + "westia": "Westia", ID + "nordia": "Nordia", ID + "ada-holm": "Holm"}
    named: dict[bool, set[str]] = {True: set(), False: set()}
    for kind, lies in told.items():
        for lie in lies.values() if "named thing" in kind or "not named" in kind else ():
            named["not named" in kind] |= {
                str(q) for q in lie.added if names.get(getattr(q.object, "value", ""), "–") in lie.passage.quote
            }
    assert named[True] == set()
    assert named[False]


def test_a_relation_that_is_stated_besides_is_no_lie(reading: Reading, tmp_path: Path) -> None:
    both = FACTS.replace("id:ostia-for-blue-party a", "id:nordia-for-blue-party a")
    both = both.replace(
        "ent:backer id:ostia ; ent:backed id:blue-party ; ent:side id:blue-side .",
        """
        ent:backer id:nordia ; ent:backed id:blue-party .
    id:ostia-for-blue-party a ent:Support ; ent:backer id:ostia ; ent:backed id:blue-party .""",
    )
    article = tmp_path / "kg" / "articles" / NAME
    article.mkdir(parents=True)
    (article / "article.txt").write_text(TEXT, encoding="utf-8", newline="\n")
    (article / "facts.trig").write_text(both, encoding="utf-8", newline="\n")
    (other,) = Folder(str(tmp_path)).readings
    edits = [str(lie) for kind in KINDS for lie in kind.lies(other)]
    assert not any("+ id:nordia-for-blue-party ent:backer id:ostia" in edit for edit in edits)
    alone = [str(lie) for kind in KINDS for lie in kind.lies(reading)]
    assert any("+ id:ostia-for-blue-party ent:backer id:nordia" in edit for edit in alone)


def test_quotes_and_what_is_read_together_stay(judged: Folder, reading: Reading) -> None:
    kept = {ent("quote"), ent("readWith"), ent("prefix"), ent("suffix"), ent("dateWords")}
    for _, lie in judged.lies(3):
        assert lie.removed or lie.added
        assert not kept & {q.predicate for q in (*lie.removed, *lie.added)}
        assert told_article(reading.evidence.article, lie).text == TEXT


def test_the_same_lies_are_chosen_for_a_seed_from_as_many_passages_as_there_are(reading: Reading) -> None:
    (kind,) = (k for k in KINDS if k.name == "a thing not named, in a role")
    lies = kind.lies(reading)
    one = chosen(lies, 4, "a")
    assert one == chosen(lies[::-1], 4, "a") != chosen(lies, 4, "b")
    assert len(one) == 4
    assert len({lie.passage.iri for lie in one}) == min(4, len({lie.passage.iri for lie in lies}))


def test_a_lie_is_judged_as_by_kg_validate(folder: Path, judged: Folder, told: dict[str, dict[str, Lie]]) -> None:
    graph_folder, facts = GraphFolder(str(folder), str(ROOT)), folder / "kg" / "articles" / NAME / "facts.trig"
    (reading,) = judged.readings
    for kind in ("roles exchanged", "opinion told as fact", "number changed"):
        lie = told[kind][EXPECTED[kind]]
        verdict = judged.judge(reading, lie)
        facts.write_text(told_article(reading.evidence.article, lie).facts.text, encoding="utf-8", newline="\n")
        whole = at_or_above(run.validate(graph_folder).findings, "warning")
        facts.write_text(FACTS, encoding="utf-8", newline="\n")
        new = {(f.rule, f.message, f.focus, f.value) for f in whole}
        honest = {(f.rule, f.message, f.focus, f.value) for f in judged.honest}
        assert {(f.rule, f.message, f.focus, f.value) for f in verdict.found} == new - honest
        assert verdict.caught == bool(verdict.found)
        assert verdict.caught or kind != "number changed"


UNSAID = {"name of another"}  # no answer gives an alias to a known thing


@pytest.mark.usefixtures("reading_once")
def test_no_lie_that_is_noticed_awaits_review_where_a_model_tells_it(
    folder: Path, reading: Reading, told: dict[str, dict[str, Lie]]
) -> None:
    """Several at a time, of different passages, among the honest facts of the whole article."""
    groups: list[list[Lie]] = []
    for kind in EXPECTED.keys() - UNSAID:
        lie = told[kind][EXPECTED[kind]]
        free = (g for g in groups if all(touched(lie).isdisjoint(touched(other)) for other in g))
        group = next(free, None)
        if group is None:
            groups.append(group := [])
        group.append(lie)
    replies, left, checks = Replies(), list[Lie](), set[str]()
    with replaying(replies.reply) as server:
        trial = Trial(str(folder), replies, OpenAIClient(server.address), compare=False)
        run = trial.emptied(reading.evidence.article, reading.passages)
        honest = trial.asked(run, reading, reading.passages, reading.evidence.article.facts.quads)
        for group in groups:
            facts = list(reading.evidence.article.facts.quads)
            for lie in group:
                facts = lie.facts(facts)
            found = trial.asked(run, reading, reading.passages, facts)
            checks |= {r.check for r in found.returned}
            left += [lie for lie in group if is_left(lie, found.passed)]
    assert [lie.kind for lie in left if trial.folder.judge(reading, lie).caught] == []
    assert len(left) < 5
    assert len(honest.passed) > 15
    assert {"answer", "role-words", "status-words", "no-speaker"} <= checks
    assert (folder / "kg/articles" / NAME / "facts.trig").read_text("utf-8") == FACTS


def is_left(lie: Lie, passed: list[Proposal]) -> bool:
    """Whether what a lie states awaits review, or what it has left something out of."""
    added = {(q.graph_name.value, q.triple) for q in lie.added if isinstance(q.graph_name, NamedNode)}
    if added:
        return any((p.passage, t) in added for p in passed for t in p.triples)
    about = {q.subject for q in (*lie.removed, *lie.added)}
    gone = {q.triple for q in lie.removed}
    near = [p for p in passed if p.passage in touched(lie)]
    return any(not gone & {*p.triples} and about & {NamedNode(p.passage), *(t.subject for t in p.stated)} for p in near)


def test_tables_count_lies_and_false_alarms() -> None:
    def lie(kind: str, *found: str) -> command.Told:
        return command.Told("an-article", kind, kind == "condition left out", "p", "Quote.", "+ a b c", found)

    told = [lie("status changed", "a finding"), lie("status changed"), lie("condition left out")]
    honest = [command.Honest(".", ("an-article",), 200, ("an alarm",))]
    saved = command.figures(told, honest)
    (_, kinds), (_, articles) = command.tables(saved)
    assert ("status changed", "first", "2", "1", "50%") in kinds
    assert ("all of the hard kinds", "hard", "1", "0", "0%") in kinds
    assert ("an-article, first kinds", "2", "1", "50%") in articles
    assert "1 on 200 statements in passages (0.5%)" in command.summary(told, honest)
    assert command.missed(told[1]).splitlines() == ["an-article, p:p: status changed", "  “Quote.”", "  + a b c"]


def test_the_command_prints_what_is_missed_and_json(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = KINDS[1::4]
    monkeypatch.setattr(trials, "KINDS", few)
    ran = command.run([str(folder)], 1, SEED, 1)
    monkeypatch.setattr(command, "run", lambda *given: ran if given == ([str(folder)], 1, SEED, 1) else None)
    command.main([str(folder), "--quick", "--jobs", "1", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert {lie["kind"] for lie in found["lies"]} == {kind.name for kind in few}
    command.main([str(folder), "--quick", "--jobs", "1", "--missed"])
    out = capsys.readouterr().out
    missed = [lie for lie in found["lies"] if not lie["found"]]
    assert missed
    assert all(f"p:{lie['passage']}: {lie['kind']}\n  “{lie['quote']}”" in out for lie in missed)


def test_a_folder_without_articles_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="there is no kg/articles"):
        command.main([str(tmp_path), "--jobs", "1"])
    (tmp_path / "kg" / "articles" / NAME).mkdir(parents=True)
    with pytest.raises(SystemExit, match="missing-file"):
        command.main([str(tmp_path), "--jobs", "1"])
