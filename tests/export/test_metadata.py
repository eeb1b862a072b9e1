"""Claims lead from every fact to a quote, and selectors find that quote in the text."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from kg.dataset.computed import DIRECT_TYPE
from kg.errors import InputError
from kg.export import metadata
from kg.graph import Graph
from kg.provenance.context import Context
from kg.rdf.namespaces import ARTICLE, ENT, OA, PROV, RDF, RDF_TYPE
from kg.source import layout

Values = dict[str, dict[str, list[str]]]


def described(graph: Graph, *, asserted_only: bool = False) -> Values:
    """The export with claims, as {subject: {predicate: [objects]}}."""
    data = graph.export("ntriples", claims=True, asserted_only=asserted_only)
    found: Values = {}
    for q in parse(data, format=RdfFormat.N_TRIPLES):
        found.setdefault(q.subject.value, {}).setdefault(q.predicate.value, []).append(str(q.object))
    return found


@pytest.fixture(scope="module")
def values(graph: Graph) -> Values:
    return described(graph)


def claims(values: Values) -> Values:
    return {node: about for node, about in values.items() if f"<{ENT}Claim>" in about.get(RDF_TYPE, [])}


def claimed(about: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(about[RDF + part][0] for part in ("subject", "predicate", "object"))


def key(t: Triple) -> tuple[str, ...]:
    return str(t.subject), str(t.predicate), str(t.object)


def test_each_asserted_fact_has_a_claim_for_each_passage(graph: Graph, values: Values) -> None:
    found = {(claimed(a), a[ENT + "passage"][0]) for a in claims(values).values() if ENT + "passage" in a}
    passages = [p for e in graph.build.evidence for p in e.passages]
    assert found == {(key(t), f"<{p.iri}>") for p in passages for t in p.triples}


def test_only_reported_claims_have_a_speaker(graph: Graph, values: Values) -> None:
    found = {a[ENT + "passage"][0] for a in claims(values).values() if ENT + "claimedBy" in a}
    assert found == {f"<{p.iri}>" for e in graph.build.evidence for p in e.reported}


def test_background_names_its_source(graph: Graph, values: Values) -> None:
    found = {claimed(a) for a in claims(values).values() if PROV + "hadPrimarySource" in a}
    assert found == {key(q.triple) for q in graph.build.background if isinstance(q.graph_name, NamedNode)}


def test_each_derived_fact_leads_to_quotes_or_sources(graph: Graph, values: Values) -> None:
    made = claims(values)
    derived = {claimed(a) for a in made.values() if ENT + "rule" in a}
    assert derived == {key(t) for t in graph.build.inferred | set(graph.build.bounds) | set(graph.build.computed())}
    for node, about in made.items():
        if claimed(about)[1:] == (f"<{ENT}directType>", f"<{ENT}Article>"):
            assert about[ENT + "rule"] == ['"direct-type"']
            assert PROV + "wasDerivedFrom" not in about  # the article's description says so, which no passage does
        elif ENT + "rule" in about:
            assert about[ENT + "rule"] != ['"owl2-rl"']
            for leaf in leaves(node, made, ()):
                assert {ENT + "passage", PROV + "hadPrimarySource"} & made[leaf].keys()


def leaves(node: str, made: Values, above: tuple[str, ...]) -> list[str]:
    """The claims on which a claim rests in the end; each has some, and none rests on itself."""
    assert node not in above
    if ENT + "rule" not in made[node]:
        return [node]
    premises = [iri[1:-1] for iri in made[node][PROV + "wasDerivedFrom"]]
    return [leaf for premise in premises for leaf in leaves(premise, made, (*above, node))]


def test_each_passage_has_one_selector_of_each_kind(graph: Graph, values: Values) -> None:
    assert any(evidence.passages for evidence in graph.build.evidence)
    for evidence in graph.build.evidence:
        text = evidence.article.text
        for passage in evidence.passages:
            about = values[passage.iri]
            assert about[OA + "hasSource"] == [f"<{evidence.iri}>"]
            quote, position = passage.iri + ".quote", passage.iri + ".position"
            assert sorted(about[OA + "hasSelector"]) == [f"<{position}>", f"<{quote}>"]
            start, end = (int(values[position][OA + n][0].split('"')[1]) for n in ("start", "end"))
            assert text[start:end] == passage.quote
            assert values[quote][RDF_TYPE] == [f"<{OA}TextQuoteSelector>"]
            assert values[position][RDF_TYPE] == [f"<{OA}TextPositionSelector>"]


def test_a_quote_stands_between_its_prefix_and_suffix(odd: Graph) -> None:
    data = odd.export("ntriples", claims=True)
    selector = NamedNode(f"{ARTICLE}2020-odd#not.quote")
    found = {
        q.predicate.value: q.object.value for q in parse(data, format=RdfFormat.N_TRIPLES) if q.subject == selector
    }
    assert found[OA + "prefix"] == "e name of a plant with 01 towers.\n"[-metadata.AROUND :]
    assert found[OA + "exact"] == "+1 is no number here, said Ann."
    assert found[OA + "suffix"] == "\n"


def test_asserted_only_has_no_claim_of_what_was_inferred(graph: Graph) -> None:
    rules = {a[ENT + "rule"][0] for a in claims(described(graph, asserted_only=True)).values() if ENT + "rule" in a}
    assert rules == {'"bounds"', '"current-status"', '"days"', '"direct-type"', '"label"', '"stated-in"'}


def types(triples: list[Triple]) -> set[Triple]:
    """The types on which the direct types rest."""
    return {Triple(t.subject, NamedNode(RDF_TYPE), t.object) for t in triples if t.predicate == DIRECT_TYPE}


def test_asserted_only_has_no_direct_type_that_rests_on_what_was_inferred(graph: Graph) -> None:
    exported = graph.triples(asserted_only=True)
    assert types(exported) == types(graph.triples()) - graph.build.inferred
    assert types(graph.triples()) & graph.build.inferred
    made = claims(described(graph, asserted_only=True)).values()
    claimed_types = {claimed(a)[::2] for a in made if claimed(a)[1] == str(DIRECT_TYPE)}
    assert claimed_types == {key(t)[::2] for t in types(exported)}


def test_a_text_that_changed_meanwhile_is_an_error(odd: Graph, tmp_path: Path) -> None:
    article = tmp_path / "kg" / "articles" / "2020-odd"
    article.mkdir(parents=True)
    (tmp_path / "ontology").mkdir()
    (article / "article.txt").write_text("Another text.\n", encoding="utf-8", newline="\n")
    other = Context(layout.find_graph_folder(str(tmp_path)), lambda: odd.quads)
    with pytest.raises(InputError, match="the text of 2020-odd is not the one"):
        list(metadata.claims(other))
