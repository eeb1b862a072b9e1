"""The compiled dataset: its layout (model, rule 24), and that no opinion is ever a quad of it (model, rule 8)."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from kg.dataset import build, computed
from kg.dataset.engine import Engine
from kg.dataset.results import Ask
from kg.errors import InputError
from kg.graph import Graph
from kg.rdf.namespaces import ARTICLE, ENT, ID, INFERRED_GRAPH, ONTOLOGY_GRAPH, RDF, RDF_TYPE, XSD
from kg.source import documents
from kg.source.article import Passage
from kg.source.layout import GraphFolder

_TYPE = NamedNode(RDF_TYPE)


def graphs(quads: list[Quad]) -> dict[str, set[Triple]]:
    """The triples of each graph by its IRI; those of the default graph under the empty string."""
    found: dict[str, set[Triple]] = {}
    for q in quads:
        found.setdefault(getattr(q.graph_name, "value", ""), set()).add(q.triple)
    return found


@pytest.fixture(scope="module")
def layout(shipped_quads: list[Quad]) -> dict[str, set[Triple]]:
    return graphs(shipped_quads)


def reported(graph: Graph) -> list[tuple[Passage, Triple]]:
    return [(p, t) for e in graph.build.evidence for p in e.reported for t in p.triples]


def test_there_is_reported_speech_to_speak_of(shipped: Graph) -> None:
    assert len(reported(shipped)) > 10


def test_no_opinion_is_a_quad_unless_the_article_says_so_itself(shipped: Graph) -> None:
    own = shipped.build.facts.keys()
    opinions = [t for _, t in reported(shipped) if t not in own]
    assert len(opinions) > 10
    assert [t for t in opinions if any(shipped.store.quads_for_pattern(t.subject, t.predicate, t.object, None))] == []


@pytest.mark.parametrize("union", [False, True])
def test_no_engines_default_graph_holds_an_opinion(union: bool, shipped: Graph) -> None:
    own = shipped.build.facts.keys()
    engine = Engine(shipped.store, union=union)
    for _, t in reported(shipped):
        found = engine.run(f"ASK {{ {t.subject} {t.predicate} {t.object} }}")
        assert isinstance(found, Ask)
        assert found.value == (t in own)


def test_the_referees_default_graph_holds_no_opinion_either(shipped: Graph) -> None:
    own, triples = shipped.build.facts.keys(), set(shipped.rdflib())
    from kg.rdf.terms import rdflib_graph

    opinions = rdflib_graph(t for _, t in reported(shipped) if t not in own)
    assert len(opinions) > 10
    assert not triples & set(opinions)


def test_every_opinion_is_a_claim_with_its_speaker_and_passage(shipped: Graph, layout: dict[str, set[Triple]]) -> None:
    parts: dict[object, dict[str, object]] = {}
    for t in layout[""]:
        parts.setdefault(t.subject, {})[t.predicate.value] = t.object
    claims = [values for values in parts.values() if values.get(RDF_TYPE) == NamedNode(ENT + "Claim")]
    told = {
        (*(c[RDF + x] for x in ("subject", "predicate", "object")), c[ENT + "passage"], c[ENT + "claimedBy"])
        for c in claims
    }
    said = reported(shipped)
    assert len(claims) == len(said) == shipped.counts["claims"]
    assert told == {(*t, NamedNode(p.iri), NamedNode(s)) for p, t in said for s in p.speakers}


def test_a_reported_passage_has_no_graph(shipped: Graph, layout: dict[str, set[Triple]]) -> None:
    assert not {p.iri for p, _ in reported(shipped)} & layout.keys()


def test_nothing_is_inferred_from_an_opinion(shipped: Graph, layout: dict[str, set[Triple]]) -> None:
    known = {x for t in shipped.build.facts for x in (t.subject, t.object)}
    only_said = {t.subject for _, t in reported(shipped)} - known
    assert only_said
    assert not {t for t in layout[INFERRED_GRAPH] if t.subject in only_said or t.object in only_said}


def test_what_is_asserted_stands_in_the_default_graph_and_in_its_passages(
    shipped: Graph, layout: dict[str, set[Triple]]
) -> None:
    asserted = [p for e in shipped.build.evidence for p in e.asserted]
    assert len(asserted) > 30
    for passage in asserted:
        assert layout[passage.iri] == set(passage.triples)
        assert layout[passage.iri] <= layout[""]


def test_background_stands_in_its_own_graphs_and_in_the_default_graph(layout: dict[str, set[Triple]]) -> None:
    names = {t.subject.value for t in layout[""] if t.object == NamedNode(ENT + "Background")}  # type: ignore[union-attr]
    assert names
    for name in names:
        assert layout[name] <= layout[""]


def test_what_is_inferred_is_told_apart(shipped: Graph, layout: dict[str, set[Triple]]) -> None:
    assert layout[INFERRED_GRAPH] <= layout[""]
    assert not layout[INFERRED_GRAPH] & shipped.build.facts.keys()
    assert len(layout[INFERRED_GRAPH]) == shipped.counts["inferred"] > 0


def test_the_ontology_stands_in_its_graph_and_nowhere_else(shipped: Graph, layout: dict[str, set[Triple]]) -> None:
    assert layout[ONTOLOGY_GRAPH] == set(shipped.build.ontology)
    assert not [name for name, triples in layout.items() if name != ONTOLOGY_GRAPH and triples & layout[ONTOLOGY_GRAPH]]


def test_there_are_no_other_graphs(shipped: Graph, layout: dict[str, set[Triple]]) -> None:
    passages = {p.iri for e in shipped.build.evidence for p in e.asserted}
    background = {q.graph_name.value for q in shipped.build.background if isinstance(q.graph_name, NamedNode)}
    assert layout.keys() == {"", INFERRED_GRAPH, ONTOLOGY_GRAPH, *passages, *background}


def test_units_cover_all_letters_and_digits_of_the_text(shipped: Graph) -> None:
    (read,) = shipped.build.evidence
    inside = {i for r in read.readings for i in range(r.segment.start, r.segment.end)}
    assert len(inside) > 2_500
    assert not [c for i, c in enumerate(read.article.text) if c.isalnum() and i not in inside]


def test_each_passage_names_the_units_in_which_it_stands(shipped: Graph) -> None:
    rows = shipped.query(
        f"""SELECT DISTINCT ?p ?u WHERE {{
          ?p <{ENT}quote> ?q ; <{ENT}unit> ?u ; <{ENT}textStart> ?s ; <{ENT}textEnd> ?e .
          ?u <{ENT}textStart> ?us ; <{ENT}textEnd> ?ue . FILTER (?s < ?ue && ?us < ?e) }}"""
    ).rows
    placed = {row[0].value for row in rows}
    assert placed == {p.iri for e in shipped.build.evidence for p in [*e.passages, *e.asides]}


# Bounds (model, rule 12)


def literal(value: str, kind: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + kind))


def bounds(*facts: tuple[str, Literal]) -> dict[str, str]:
    thing = NamedNode(ID + "thing")
    found = computed.bounds(Triple(thing, NamedNode(ENT + name), value) for name, value in facts)
    return {t.predicate.value.removeprefix(ENT): t.object.value for t in found if isinstance(t.object, Literal)}


@pytest.mark.parametrize(
    ("value", "kind", "earliest", "latest"),
    [
        ("2015", "gYear", "2015-01-01", "2015-12-31"),
        ("2017-12", "gYearMonth", "2017-12-01", "2017-12-31"),
        ("2016-02", "gYearMonth", "2016-02-01", "2016-02-29"),
        ("2018-04-03", "date", "2018-04-03", "2018-04-03"),
    ],
)
def test_the_bounds_of_a_date_keep_its_precision(value: str, kind: str, earliest: str, latest: str) -> None:
    assert bounds(("date", literal(value, kind))) == {"earliest": earliest, "latest": latest}


def test_start_and_end_have_bounds_of_their_own() -> None:
    assert bounds(("start", literal("2011", "gYear")), ("end", literal("2015-11", "gYearMonth"))) == {
        "earliestStart": "2011-01-01",
        "latestStart": "2011-12-31",
        "earliestEnd": "2015-11-01",
        "latestEnd": "2015-11-30",
    }


def test_a_finer_date_decides_and_dates_that_differ_leave_all_days_open() -> None:
    year, month, other = literal("2015", "gYear"), literal("2015-11", "gYearMonth"), literal("2018-04-03", "date")
    assert bounds(("date", year), ("date", month)) == {"earliest": "2015-11-01", "latest": "2015-11-30"}
    assert bounds(("date", month), ("date", other)) == {"earliest": "2015-11-01", "latest": "2018-04-03"}


def test_limits_bound_what_has_no_date() -> None:
    week = ("notBefore", literal("2021-09-20", "date")), ("notAfter", literal("2021-09-26", "date"))
    assert bounds(*week) == {"earliest": "2021-09-20", "latest": "2021-09-26"}
    assert bounds(("notAfter", literal("2023", "gYear"))) == {"latest": "2023-12-31"}
    assert bounds(("notBefore", literal("2030", "gYear")), ("notBefore", literal("2031", "gYear"))) == {
        "earliest": "2031-01-01"
    }
    assert bounds(("date", literal("2021", "gYear")), *week) == {"earliest": "2021-01-01", "latest": "2021-12-31"}


# The order in which passages are shown (rule `reading-order`), and what is stated where by it


def order(name: str, *kinds: str, read: str = "2018-01-01", article: str = "a", start: int = 0, end: int = 5) -> str:
    """The reading order of a passage of units of these kinds."""
    return build.reading_order(kinds, read, f"{ARTICLE}{article}#{name}", start, end).value


SENTENCE, INNER, NEXT, OTHER, LATER, CAPTION, HEADING = BEST_FIRST = [
    order("z", "heading", "sentence", start=9, end=20),
    order("a", "sentence", start=9, end=15),
    order("b", "sentence", start=1_200, end=1_215),
    order("c", "sentence", article="b"),
    order("d", "sentence", article="a", read="2019-01-01"),
    order("e", "caption"),
    order("f", "heading"),
]


def test_a_sentence_is_shown_first_then_the_earliest_article_then_its_text() -> None:
    assert sorted(BEST_FIRST) == BEST_FIRST
    assert order("e", "credit") == CAPTION
    assert order("e", "caption", "heading") == CAPTION


def test_no_two_passages_have_the_same_reading_order() -> None:
    assert order("a", "sentence") != order("b", "sentence")
    assert order("a", "sentence", article="b") != order("a", "sentence")


def stated_in(*passages: tuple[bool, str]) -> str:
    """Of passages that name a thing, or say something of it, the reading order of the one that states it."""
    thing, names = NamedNode(ID + "thing"), {f"http://x/#{at.split()[-1]}": at for _, at in passages}
    mentioning = (computed.Mentioning(naming, at, name) for name, (naming, at) in zip(names, passages, strict=True))
    (found,) = computed.stated_in((thing, m) for m in mentioning)
    assert isinstance(found.object, NamedNode)
    return names[found.object.value]


def test_a_thing_is_stated_by_the_first_passage_that_says_something_of_it() -> None:
    assert stated_in((True, SENTENCE), (False, HEADING)) == HEADING
    assert stated_in((False, OTHER), (False, SENTENCE), (False, NEXT)) == SENTENCE
    assert stated_in((True, INNER), (True, SENTENCE)) == SENTENCE


def test_who_holds_an_office_is_stated_where_that_is_named() -> None:
    node = NamedNode(ID + "office")
    said = [Triple(NamedNode(ID + "tenure"), NamedNode(ENT + "office"), node)]
    meant, named = computed.mentioning(said, set(), SENTENCE, "p1"), computed.mentioning(said, {node}, NEXT, "p2")
    assert named < meant < computed.mentioning(said, {node}, CAPTION, "p3")


def test_a_status_is_stated_by_the_first_passage_of_the_latest_articles() -> None:
    status = Triple(NamedNode(ID + "row"), NamedNode(ENT + "status"), NamedNode(ENT + "held"))
    rows = (("heading", HEADING), ("next", NEXT), ("sentence", SENTENCE))
    said = [computed.StatusStatement(status, f"http://x/#{name}", at, "2018-04-03") for name, at in rows]
    stated = {t.predicate.value: t.object for t in computed.current(said)}
    assert stated[ENT + "statusStatedIn"] == NamedNode("http://x/#sentence")


# The first and last day of a thing (rule `days`)


def days(facts: str, over: str = "") -> dict[str, tuple[str, str]]:
    """The first and last day of each thing, given its dates and wholes; `held` is over by the reading date `over`."""
    turtle = f"@prefix e: <{ENT}> . @prefix x: <{XSD}> . @prefix : <{ID}> . {facts}"
    stated = [q.triple for q in parse(turtle, format=RdfFormat.TURTLE)]
    held = Triple(NamedNode(ID + "held"), NamedNode(ENT + "status"), NamedNode(ENT + "held"))
    ended = computed.ended([computed.StatusStatement(held, "http://x/#p", "", over)])
    found: dict[str, dict[str, str]] = {}
    for t in computed.days([*stated, *computed.bounds(stated)], ended):
        thing, day = str(t.subject).strip("<>"), getattr(t.object, "value", "")
        found.setdefault(thing.removeprefix(ID), {})[t.predicate.value.removeprefix(ENT)] = day
    return {thing: (of.get("firstDay", ""), of.get("lastDay", "")) for thing, of in found.items()}


def test_a_thing_can_have_been_on_the_days_of_its_dates() -> None:
    facts = ':a e:date "2015-11"^^x:gYearMonth . :b e:start "2011"^^x:gYear . :c e:end "2014"^^x:gYear .'
    assert days(facts) == {
        "a": ("2015-11-01", "2015-11-30"),
        "b": ("2011-01-01", ""),
        "c": ("", "2014-12-31"),
    }


def test_an_undated_part_has_the_days_of_its_wholes_and_a_dated_one_its_own() -> None:
    facts = """:visit e:start "2018-04-03"^^x:date ; e:end "2018-04"^^x:gYearMonth . :year e:date "2018"^^x:gYear .
        :talks e:partOf :visit , :year . :summit e:partOf :visit ; e:date "2018-04-04"^^x:date . :loose e:partOf :x ."""
    found = days(facts)
    assert found["talks"] == found["visit"] == ("2018-04-03", "2018-04-30")
    assert found["summit"] == ("2018-04-04", "2018-04-04")
    assert "loose" not in found


def test_what_has_begun_is_over_by_the_article_that_calls_it_held() -> None:
    start = ':held e:start "2018-04-03"^^x:date .'
    assert days(start) == {"held": ("2018-04-03", "")}
    assert days(start, over="2018-05-01") == {"held": ("2018-04-03", "2018-05-01")}
    assert days(start, over="2017-05-01") == {"held": ("2018-04-03", "")}  # one of the two is wrong
    assert days(f'{start} :held e:end "2018-04-05"^^x:date .', over="2018-05-01") == {
        "held": ("2018-04-03", "2018-04-05")
    }
    assert days("", over="2018-05-01") == {}


def test_only_the_latest_article_says_whether_a_thing_is_over() -> None:
    thing, status = NamedNode(ID + "row"), NamedNode(ENT + "status")
    held, under_way = (Triple(thing, status, NamedNode(ENT + name)) for name in ("held", "underWay"))
    said = [computed.StatusStatement(held, "http://x/#p", "", "2018-04-03")]
    assert set(computed.ended(said)) == {thing}
    assert computed.ended([*said, computed.StatusStatement(under_way, "http://x/#q", "", "2018-04-03")]) == {}
    assert computed.ended([*said, computed.StatusStatement(under_way, "http://y/#q", "", "2019-04-03")]) == {}


def test_what_is_no_date_has_no_bounds() -> None:
    assert (
        bounds(("date", literal("2018-13", "gYearMonth")), ("date", Literal("soon")), ("wording", Literal("x"))) == {}
    )


def test_bounds_are_days_in_the_default_graph_and_no_inference(shipped: Graph, layout: dict[str, set[Triple]]) -> None:
    found = {t for t in layout[""] if t.predicate == NamedNode(ENT + "earliest")}
    assert found
    assert all(isinstance(t.object, Literal) and t.object.datatype.value == XSD + "date" for t in found)
    assert not found & layout[INFERRED_GRAPH]


# Claims


def test_the_same_words_of_two_speakers_are_two_claims() -> None:
    triple = Triple(NamedNode(ID + "a"), NamedNode(ENT + "backs"), NamedNode(ID + "b"))
    said = [Passage("http://x/#p", "…", 0, 1, (triple,), speakers=(ID + who,)) for who in ("one", "other", "one")]
    one, other, again = (next(build.claims(p)).subject for p in said)
    assert one == again
    assert one != other


# Compiling


def test_two_builds_of_one_folder_are_the_same_to_the_byte(tiny: GraphFolder) -> None:
    one, two = (build.read_sources(documents.load_sources(tiny)).quads() for _ in range(2))
    assert list(map(str, one)) == list(map(str, two)) == sorted(map(str, one))


def test_broken_evidence_is_not_built(tiny: GraphFolder) -> None:
    facts = Path(tiny.articles, "2020-03-norland", "facts.trig")
    facts.write_text(facts.read_text("utf-8").replace("Norland has backed", "Norland had backed"), "utf-8")
    with pytest.raises(InputError, match=r"facts\.trig:15:15: violation: .* \[misquote\]") as caught:
        build.compile_graph(documents.load_sources(tiny))
    assert caught.value.hint


def test_counts_are_those_of_the_dataset(small: Graph) -> None:
    quads = small.build.quads()
    inferred = [q for q in quads if q.graph_name == NamedNode(INFERRED_GRAPH)]
    claims = [q for q in quads if q.object == NamedNode(ENT + "Claim") and isinstance(q.graph_name, DefaultGraph)]
    counts = small.counts
    assert (counts["inferred"], counts["claims"]) == (len(inferred), len(claims))
    assert {k: counts[k] for k in ("articles", "units", "read", "passages", "reported", "background")} == {
        "articles": 1,
        "units": 2,
        "read": 2,
        "passages": 3,
        "reported": 1,
        "background": 1,
    }
