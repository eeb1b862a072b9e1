"""The facade that notebooks use."""

from pathlib import Path

import pytest
import rdflib
from markup import Markup
from pyoxigraph import NamedNode, Quad, Triple

import kg
from kg.errors import InputError, UsageError
from kg.graph import Graph
from kg.rdf.namespaces import ENT, ID, INFERRED_GRAPH
from kg.source.layout import GraphFolder
from tools import sentences


def test_a_graph_in_memory_is_the_same(shipped_folder: Path) -> None:
    graph = kg.open(str(shipped_folder), in_memory=True)
    assert list(graph.query("who-backs-whom")) == list(kg.open(str(shipped_folder)).query("who-backs-whom")) != []
    assert len(graph.store) == len(graph.quads)


def test_open_takes_the_folder_that_is_named(shipped: Graph) -> None:
    graph = kg.open(shipped.graph_folder.root)
    assert len(graph.query("who-leads", state="Turkey")) == len(shipped.query("who-leads", state="id:turkey")) > 0


def test_open_refuses_what_is_no_graph(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        kg.open(str(tmp_path))


def test_a_reasoner_or_an_engine_that_there_is_not(tiny: GraphFolder) -> None:
    with pytest.raises(UsageError, match="no reasoner pellet"):
        Graph(tiny, reasoner="pellet")
    with pytest.raises(UsageError, match="no engine jena"):
        Graph(tiny, engine="jena").query("who-backs")


def test_both_engines_give_the_same_rows(small: Graph) -> None:
    other = Graph(small.graph_folder, engine="rdflib")
    for query in ("who-backs", "SELECT ?s ?o WHERE { ?s a ?o } ORDER BY ?s ?o"):
        assert other.query(query).rows == small.query(query).rows != []


def test_parameters_are_checked(small: Graph) -> None:
    assert len(small.query("who-backs", backer="Norland")) == 1
    assert len(small.query("who-backs", backer="Sudland")) == 0
    with pytest.raises(UsageError, match="has no parameter by"):
        small.query("who-backs", by="Norland")


@pytest.mark.parametrize("text", ["ASK { ?s ?p ?o }", "ASK{?s?p?o}", "ASK\n{?s?p?o}", f"DESCRIBE<{ID}norland>"])
def test_any_sparql_is_a_query(text: str, small: Graph) -> None:
    assert small.query(text)


def test_what_looks_like_a_name_is_one(small: Graph) -> None:
    with pytest.raises(UsageError, match="there is no stored query who-back"):
        small.query("who-back")


def test_a_query_of_ones_own_goes_nowhere_else(small: Graph) -> None:
    with pytest.raises(UsageError, match="SERVICE"):
        small.query("ASK { SERVICE <http://example.org/> { } }")


def test_triples_with_and_without_what_follows(small: Graph) -> None:
    all_triples, asserted = set(small.triples()), set(small.triples(asserted_only=True))
    inferred = {q.triple for q in small.quads if q.graph_name == NamedNode(INFERRED_GRAPH)}
    assert inferred
    assert all_triples - asserted == inferred
    assert Triple(NamedNode(ID + "norland"), NamedNode(ENT + "backs"), NamedNode(ID + "sudland")) in asserted


def test_rdflib_gets_a_plain_graph_of_the_same_triples(small: Graph) -> None:
    graph = small.rdflib()
    assert type(graph) is rdflib.Graph
    assert len(graph) == len(set(small.triples()))
    assert (rdflib.URIRef(ID + "norland"), rdflib.URIRef(ENT + "backs"), rdflib.URIRef(ID + "sudland")) in graph


def test_questions_over_other_files(small: Graph, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text(f"<{ID}a> <{ENT}backs> <{ID}b> .")
    (tmp_path / "y.nt").write_text(f"<{ID}a> <{ENT}backs> <{ID}c> .")
    other = small.over([str(tmp_path / "x.ttl"), str(tmp_path / "y.nt")])
    assert [row[1] for row in other.query("who-backs")] == [NamedNode(ID + "b"), NamedNode(ID + "c")]
    assert len(small.query("who-backs")) == 1


def test_blank_nodes_of_two_files_stay_two(small: Graph, tmp_path: Path) -> None:
    for name in ("x.ttl", "y.ttl"):
        (tmp_path / name).write_text(f"_:a <{ENT}backs> <{ID}{name[0]}> .")
    other = small.over([str(tmp_path / "x.ttl"), str(tmp_path / "y.ttl")])
    assert len(other.query(f"SELECT DISTINCT ?a WHERE {{ ?a <{ENT}backs> ?b }}")) == 2


def test_forms_of_one_value_stay_apart(small: Graph, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("<urn:a> <urn:p> 1, 01, 1.50 .")
    other = small.over([str(tmp_path / "x.ttl")])
    assert sorted(o.value for (o,) in other.query("SELECT ?o { ?s ?p ?o }")) == ["01", "1", "1.50"]
    assert not other.engine.merged


@pytest.mark.parametrize("engine", ["oxigraph", "rdflib"])
def test_a_named_graph_of_a_file_without_a_statement(engine: str, tiny: GraphFolder, tmp_path: Path) -> None:
    (tmp_path / "x.ttl").write_text("")
    other = Graph(tiny, engine).over([f"urn:g={tmp_path / 'x.ttl'}"])
    assert other.query("SELECT ?s FROM <urn:g> { ?s ?p ?o }").is_empty


def test_receipts_are_not_for_chosen_graphs(small: Graph) -> None:
    text = "SELECT ?s FROM <https://w3id.org/entente/ontology> { ?s ?p ?o }"
    assert len(small.query(text)) > 0
    with pytest.raises(UsageError, match="FROM"):
        _ = small.query(text, receipts=True).rows


def test_the_dataset_is_what_was_built(small: Graph) -> None:
    assert small.quads == small.build.quads()
    assert all(isinstance(q, Quad) for q in small.quads)
    assert len(small.store) == len(set(small.quads))


def test_validate_gives_findings(tiny: GraphFolder) -> None:
    facts = Path(tiny.articles, "2020-03-norland", "facts.trig")
    facts.write_text(facts.read_text("utf-8").replace("has backed", "had backed"), "utf-8")
    assert "misquote" in {f.rule for f in Graph(tiny).validate()}


def test_a_graph_says_what_it_is_and_holds(shipped: Graph, small: Graph, tmp_path: Path) -> None:
    counts = shipped.counts
    held = f"1 article: {counts['facts']} facts in {counts['passages']} passages, {counts['claims']} claims by others, "
    held += f"{counts['background']} background facts, {counts['inferred']} inferred facts"
    assert str(shipped) == repr(shipped) == f"<kg.Graph {shipped.graph_folder.root}: {held}>"
    page = Markup(shipped._repr_html_())
    assert page.texts[:2] == [shipped.graph_folder.root, held]
    assert "graph.query('who-leads', state='id:turkey', date='2018-04-04')" in page.texts
    assert "Who holds the leading offices of a state on a date, and on what does the answer rest?" in page.texts
    assert "parameters: state (State, default id:turkey), date (date, default 2018-04-04)" in page.titles
    assert repr(small.queries["who-backs"]) == f"<kg query who-backs: {small.queries['who-backs'].summary}>"
    file = tmp_path / "<b>.ttl"
    file.write_text("<urn:a> <urn:p> 1 .", encoding="utf-8")
    other = small.over([str(file)])
    assert repr(other) == f"<kg.Graph {file}: 1 quads>"
    assert Markup(other._repr_html_()).texts[:2] == [str(file), "1 quads"]


def test_a_graph_that_cannot_be_built_says_why_and_does_not_fail(tiny: GraphFolder) -> None:
    Path(tiny.articles, "2020-03-norland", "facts.trig").write_text("no TriG", "utf-8")
    graph = Graph(tiny)
    with pytest.raises(InputError) as caught:
        graph.compile()
    assert repr(graph) == f"<kg.Graph {tiny.root}: {caught.value.message}>"
    assert caught.value.message in Markup(graph._repr_html_()).texts


def test_a_notebook_shows_the_message_of_an_error_and_no_traceback(small: Graph) -> None:
    with pytest.raises(UsageError) as caught:
        small.show("Nrland")
    shown = ["error: the graph knows no “Nrland” [unknown-thing]", "  did you mean “Norland”?"]
    assert caught.value._render_traceback_() == shown


def test_progress_is_told_only_where_something_is_built(tiny: GraphFolder) -> None:
    told: list[str] = []
    for _ in range(2):
        Graph(tiny, progress=told.append).compile()
    assert told == ["compiling the graph"]


def test_a_verdict_is_of_no_other_graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query may ask the shipped graph; where parts of another one lie, a verdict on it would mislead."""
    (tmp_path / "shapes").mkdir()
    monkeypatch.chdir(tmp_path)
    graph = kg.open()
    assert graph.graph_folder.name == "the shipped graph"
    with pytest.raises(InputError, match="is no graph folder"):
        graph.validate()


def test_an_example_names_things_and_days_that_the_graph_knows(tmp_path: Path, shipped: Graph) -> None:
    """The defaults of the stored queries are those of the first article."""
    assert shipped.example(shipped.queries["what-divides"]) == {"a": "id:turkey", "b": "id:russia"}
    second = kg.open(str(sentences.compose("second", tmp_path)))
    found = {name: second.example(query) for name, query in second.queries.items()}
    values = {value for given in found.values() for value in given.values() if value.startswith("id:")}
    assert values
    assert all(second.things.resolve(value) for value in values)
    assert len({*found["what-divides"].values()}) == 2
    divided = found["what-divides"]
    assert second.query("what-divides", a=divided["a"], b=divided["b"])
    assert found["what-is-planned"]["date"] == second.things.reading_dates[1]
