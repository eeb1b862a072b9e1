"""Each stored query: its golden answer in three kinds of engine, its head, its form, and what it must not let in."""

import re
import shutil
from pathlib import Path

import pytest
from folders import with_first_article
from pyoxigraph import Literal, NamedNode, RdfFormat, parse
from running import ROOT

from kg import queries, results
from kg.engines import Engine
from kg.errors import UsageError
from kg.graph import Graph
from kg.paths import Rooms
from kg.results import Rows
from kg.tokens import tokenize
from kg.vocabulary import ENT, expand, local_name

FILES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "queries").glob("*.rq"))}
ANSWERS = ROOT / "queries" / "answers"
MODES = ("oxigraph", "union", "rdflib")  # as given; a default graph that is the union of all; the referee
SECOND = ROOT / "tests" / "graphs" / "second" / "kg"

# An article of what the shipped one lacks: a support in no conflict, a reported amount, ministers, a common border.
BORDER = {
    "article.txt": """\
Foreign Minister Ana Reval of Ostrania met her Meridian counterpart Jon Dask in May.
Ostrania held a Lurian lorry at its border with Meridia.
The bridge there will cost 90 million euros, the builder Pontis said.
Luria backs Meridia.
""",
    "facts.trig": """\
@prefix ent: <https://w3id.org/entente/ontology#> .
@prefix id: <https://w3id.org/entente/id/> .
@prefix p: <https://w3id.org/entente/article/2020-06-border#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

<https://w3id.org/entente/article/2020-06-border> a ent:Article ; ent:readingDate "2020-06-01"^^xsd:date .

p:talks a ent:Passage ; ent:quote "Ana Reval of Ostrania met her Meridian counterpart Jon Dask in May" .
p:talks {
    id:talks-of-may a ent:Meeting ;
        ent:participant id:ana-reval , id:jon-dask ;
        ent:date "2020-05"^^xsd:gYearMonth ;
        ent:status ent:held .
    id:reval-as-minister a ent:Tenure ; ent:holder id:ana-reval ; ent:office id:minister-of-ostrania .
    id:dask-as-minister a ent:Tenure ; ent:holder id:jon-dask ; ent:office id:minister-of-meridia .
    id:minister-of-ostrania a ent:Office ; ent:officeOf id:ostrania .
    id:minister-of-meridia a ent:Office ; ent:officeOf id:government-of-meridia .
    id:government-of-meridia a ent:Government ; ent:governmentOf id:meridia .
    id:ostrania a ent:State .
    id:meridia a ent:State .
    id:luria a ent:State .
}
p:lorry a ent:Passage ; ent:quote "Ostrania held a Lurian lorry at its border with Meridia" .
p:lorry {
    id:seizure-of-lorry a ent:Incident ; ent:participant id:ostrania ; ent:place id:ostrania-meridia-border .
    id:ostrania-meridia-border a ent:Place ; ent:borderOf id:ostrania , id:meridia .
}
p:cost a ent:Passage ; ent:speaker id:pontis ; ent:quote "The bridge there will cost 90 million euros" .
p:cost {
    id:border-bridge a ent:Bridge ; ent:cost id:cost-of-border-bridge .
    id:cost-of-border-bridge a ent:Quantity ; ent:number 90000000 ; ent:measure "EUR" .
}
p:pontis a ent:Passage ; ent:quote "the builder Pontis" .
p:pontis { id:pontis a ent:Company . }
p:support a ent:Passage ; ent:quote "Luria backs Meridia" .
p:support { id:luria-for-meridia a ent:Support ; ent:backer id:luria ; ent:backed id:meridia . }
""",
}

Cells = tuple[str, ...]


@pytest.fixture(scope="session")
def engines(checkout: Graph) -> dict[str, Engine]:
    """The checkout's dataset in the three kinds of engine (model, rule 25)."""
    return {
        "oxigraph": Engine(checkout.store),
        "union": Engine(checkout.store, union=True),
        "rdflib": Engine(checkout.store, "rdflib"),
    }


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The shipped article and an invented later one, which changes statuses and states dates of tenures."""
    folder = with_first_article(tmp_path_factory.mktemp("both"))
    shutil.copytree(SECOND, folder / "kg", dirs_exist_ok=True)
    return Graph(Rooms(str(folder)))


@pytest.fixture(scope="session")
def border(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The shipped article and that of the border."""
    folder = with_first_article(tmp_path_factory.mktemp("border"))
    article = folder / "kg" / "articles" / "2020-06-border"
    article.mkdir()
    for name, text in BORDER.items():
        (article / name).write_text(text, encoding="utf-8", newline="\n")
    return Graph(Rooms(str(folder)))


def head(name: str) -> queries.Query:
    return queries.parse(name, f"queries/{name}.rq", FILES[name])


def golden(name: str) -> str:
    return (ANSWERS / f"{name}.csv").read_bytes().decode()


def rows(graph: Graph, name: str, *columns: str, **values: str) -> set[Cells]:
    """The named columns of an answer, IRIs cut down to their local names, nothing where unbound."""
    answer = graph.ask(name, values)
    at = [answer.columns.index(c) for c in columns]
    return {tuple(_short(row[i]) for i in at) for row in answer.rows}


def _short(term: object) -> str:
    return local_name(term.value) if isinstance(term, NamedNode) else getattr(term, "value", "")


# The answers


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", FILES)
def test_golden_answer(name: str, mode: str, engines: dict[str, Engine]) -> None:
    found = engines[mode].run(FILES[name])
    assert isinstance(found, Rows)
    assert results.write(found, "csv") == golden(name)
    first = engines["oxigraph"].run(FILES[name])
    assert isinstance(first, Rows)
    assert results.write(found, "json") == results.write(first, "json")  # kinds of terms as well
    assert found.columns == head(name).columns


def test_every_golden_answer_has_its_query() -> None:
    assert {path.name for path in ANSWERS.iterdir()} == {f"{name}.csv" for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_given_the_defaults_the_answer_is_the_same(name: str, checkout: Graph) -> None:
    given = {p["name"]: p["default"] for p in head(name).parameters}
    assert checkout.ask(name, given).write("csv") == golden(name)


# The head and the form


@pytest.mark.parametrize("name", FILES)
def test_the_head_says_what_the_query_is(name: str) -> None:
    query = head(name)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert query.summary.endswith("?")
    assert query.description.endswith(".")
    assert query.tags
    assert len(query.tags) == len(set(query.tags))
    assert all(isinstance(c, str) for c in query.columns)  # `on` and `no` are booleans in YAML
    assert [list(p) for p in query.parameters] == [["name", "type", "default"]] * len(query.parameters)


def token_of(parameter: dict[str, str]) -> str:
    """What stands in the VALUES block for a default that the head names."""
    if parameter["default"] == queries.ANY:
        return queries.ANY
    return f'"{parameter["default"]}"^^xsd:date' if parameter["type"] == "date" else parameter["default"]


@pytest.mark.parametrize("name", FILES)
def test_the_defaults_of_the_head_are_those_of_the_query(name: str) -> None:
    query = head(name)
    assert queries.defaults(query) == {p["name"]: token_of(p) for p in query.parameters}


@pytest.mark.parametrize("name", FILES)
def test_every_block_of_a_parameter_has_the_same_default(name: str) -> None:
    for parameter in head(name).parameters:
        blocks = re.findall(rf"VALUES \?{parameter['name']} {{ (.*?) }}", FILES[name])
        assert blocks
        assert set(blocks) == {token_of(parameter)}


@pytest.mark.parametrize("name", FILES)
def test_parameters_have_types_that_the_ontology_declares(name: str, shipped: Graph) -> None:
    declared = {local_name(iri) for iri in terms(shipped)} | {"thing", "date", "integer", "string"}
    assert {p["type"] for p in head(name).parameters} <= declared


def terms(graph: Graph) -> set[str]:
    """The IRIs of all terms that the ontology declares."""
    found = set()
    for path in sorted(Path(graph.rooms.ontology).glob("*.ttl")):
        for quad in parse(path.read_bytes(), format=RdfFormat.TURTLE):
            if isinstance(quad.subject, NamedNode):
                found.add(quad.subject.value)
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_term_is_declared_and_every_thing_known(name: str, shipped: Graph) -> None:
    names = {t.text for t in tokenize(FILES[name]) if t.kind == "name" and not t.text.endswith(":")}
    declared = terms(shipped)
    for prefixed in names:
        iri = expand(prefixed)
        assert iri is not None, prefixed
        assert iri in declared if iri.startswith(ENT) else True, prefixed
        assert shipped.things.known(NamedNode(iri)) if prefixed.startswith("id:") else True, prefixed


@pytest.mark.parametrize("name", FILES)
def test_only_used_prefixes_are_declared(name: str) -> None:
    names = [t.text for t in tokenize(queries.opened(FILES[name])) if t.kind == "name"]
    declared = [n for n in names if n.endswith(":")]
    assert declared == sorted(set(declared))
    assert set(declared) == {n.partition(":")[0] + ":" for n in names if not n.endswith(":")}


@pytest.mark.parametrize("name", FILES)
def test_rows_are_distinct_and_in_a_total_order(name: str) -> None:
    text = FILES[name]
    order = text[text.rindex("\nORDER BY") :]
    grouped = re.search(r"\nGROUP BY (.*)\nORDER|\nGROUP BY (.*)\nHAVING", text)
    keys = re.findall(r"\?(\w+)", grouped[1] or grouped[2]) if grouped else head(name).columns
    assert "\nSELECT DISTINCT ?" in text
    assert "SELECT *" not in text
    assert set(keys) <= set(re.findall(r"\?(\w+)", order))
    assert "COUNT(" not in text.replace("COUNT(DISTINCT ", "")


@pytest.mark.parametrize("name", FILES)
def test_a_graph_that_is_a_variable_is_a_passage_or_background(name: str) -> None:
    text = FILES[name]
    for graph in set(re.findall(r"GRAPH \?(\w+)", text)):
        assert re.search(rf"\?{graph} a ent:(Passage|Background)\b", text), graph


# Parameters


@pytest.mark.parametrize("turkey", ["Turkey", "türkiye", "id:turkey", "https://w3id.org/entente/id/turkey"])
def test_a_thing_has_many_names(turkey: str, shipped: Graph) -> None:
    assert shipped.query("who-leads", state=turkey).rows == shipped.query("who-leads").rows != []
    assert shipped.query("timeline", a=turkey, b="Russian Federation").rows == shipped.query("timeline").rows != []


def test_another_value_gives_another_answer(shipped: Graph) -> None:
    assert rows(shipped, "who-leads", "leader", state="Iran") == {("hassan-rouhani",)}
    assert rows(shipped, "who-backs-whom", "backer", by="Russia") == {("russia",), ("government-of-russia",)}
    assert rows(shipped, "projects-by-stage", "project", stage="suspended") == set()
    assert rows(shipped, "how-connected", "steps", length="2") == set()
    assert {("ankara-summit-april-2018", "place")} <= rows(shipped, "what-is-where", "what", "link", place="id:ankara")


HOSTILE = (
    "} DROP ALL #",
    'Turkey" } ; DROP ALL ; #',
    "id:turkey } UNION { ?s ?p ?o",
    "id:turkey\n} INSERT DATA { id:a id:b id:c",
    "<https://w3id.org/entente/id/tur key>",
    "https://w3id.org/entente/id/turkey> } #",
    "UNDEF",
    "?state",
    "\\u007D DROP ALL",
    "id:",
    "\x00",
    "",
)


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    ("name", "parameter"),
    [("who-leads", "state"), ("who-leads", "date"), ("how-connected", "length"), ("who-said-what", "about")],
)
def test_hostile_values_are_refused(name: str, parameter: str, value: str, shipped: Graph) -> None:
    before = len(shipped.store)
    with pytest.raises(UsageError):
        shipped.ask(name, {parameter: value})
    assert len(shipped.store) == before


def test_a_value_takes_the_place_of_one_token(shipped: Graph) -> None:
    bound = queries.bind(head("who-leads"), {"date": "2017-01-01", "state": "Iran"}, shipped.things)
    tokens = [t.text for t in tokenize(bound) if t.kind not in ("space", "comment")]
    assert len(tokens) == len([t for t in tokenize(FILES["who-leads"]) if t.kind not in ("space", "comment")])
    assert {"<https://w3id.org/entente/id/iran>", '"2017-01-01"'} <= set(tokens)


@pytest.mark.parametrize("name", FILES)
def test_any_can_be_asked_of_every_parameter_but_the_day_of_a_leader(name: str, shipped: Graph) -> None:
    given = {p["name"]: queries.ANY for p in head(name).parameters}
    answer = shipped.ask(name, given)
    assert answer.columns == head(name).columns
    assert bool(answer) is (name not in ("who-leads", "how-much"))  # no day, no leader; and no amounts in the article


# What an analyst relies on


def test_two_pairs_cooperate_while_they_back_opposing_sides(both: Graph, shipped: Graph) -> None:
    pairs = {("iran", "turkey"), ("russia", "turkey")}
    for graph in (shipped, both):
        assert rows(graph, "partners-on-opposing-sides", "a", "b") == pairs
        assert len(graph.query("partners-on-opposing-sides")) == 2


@pytest.mark.parametrize(
    ("state", "date", "expected"),
    [
        ("Turkey", "2018-04-03", {("recep-tayyip-erdogan", "turkey", "attested", "2018-04-03")}),
        ("Turkey", "2018-04-04", {("recep-tayyip-erdogan", "turkey", "nearest before", "2018-04-03")}),
        ("Turkey", "2017-01-01", {("recep-tayyip-erdogan", "turkey", "nearest after", "2018-04-03")}),
        ("Syria", "2018-04-03", {("bashar-al-assad", "assad-regime", "attested", "2018-04-03")}),
        ("Talvia", "2018-04-04", {("amara-velindi", "talvia", "stated", "2018-04-04")}),
        ("Talvia", "2020-01-01", {("amara-velindi", "talvia", "nearest before", "2019-06-13")}),
        ("Talvia", "2010-01-01", {("ivo-marenka", "talvia", "nearest after", "2014-01-01")}),
        (
            "Talvia",
            "2014-06-01",
            {
                ("ivo-marenka", "talvia", "nearest before", "2014-01-01"),
                ("amara-velindi", "talvia", "nearest after", "2014-12-31"),
            },
        ),
        ("Corvania", "2018-01-01", {("tomas-orrin", "government-of-corvania", "stated", "2018-01-01")}),
        ("Corvania", "2015-12-31", set()),
    ],
)
def test_who_leads_says_on_what_it_rests(state: str, date: str, expected: set[Cells], both: Graph) -> None:
    assert rows(both, "who-leads", "leader", "of", "basis", "on", state=state, date=date) == expected


def test_the_latest_article_decides_a_status(both: Graph, shipped: Graph) -> None:
    summit = "ankara-summit-april-2018"
    assert (summit,) in rows(shipped, "what-is-planned", "what")
    assert (summit,) not in rows(both, "what-is-planned", "what")
    assert rows(both, "meetings-and-visits", "event", "when", "status", of="Iran") == {(summit, "2018-04-04", "held")}
    history = rows(both, "status-history", "read_on", "status", "current", thing=f"id:{summit}")
    assert history == {("2018-04-03", "planned", "no"), ("2019-06-13", "held", "yes")}


def test_a_claim_is_told_with_its_speaker_and_a_fact_without(shipped: Graph) -> None:
    divided = rows(shipped, "what-divides", "over", "said_by")
    assert {("annexation-of-crimea", "mitat-celikpala"), ("cyprus-island", "mitat-celikpala"), ("syria", "")} <= divided
    assert rows(shipped, "who-said-what", "speaker") == {("mitat-celikpala",)}


def test_akkuyu_and_turkstream_are_shared_and_nobody_is_made_an_investor(shipped: Graph) -> None:
    shared = rows(shipped, "shared-projects", "project", "actor", "role")
    assert {project for project, _, _ in shared} == {"akkuyu-plant", "turkstream"}
    assert ("akkuyu-plant", "russia", "technologyFrom") in shared
    assert "investor" not in {role for _, _, role in shared}


def test_a_link_between_two_states_is_shared(both: Graph) -> None:
    shared = rows(both, "shared-projects", "actor", "role", "stage", project="Power link")
    assert shared == {
        ("talvia", "connects", "underWay"),
        ("corvania", "connects", "underWay"),
        ("corvania", "deliversTo", "underWay"),
    }


def test_the_timeline_runs_forward_and_ends_with_the_undated(shipped: Graph) -> None:
    answer = shipped.query("timeline")
    dated, earliest = ([row[answer.columns.index(c)] for row in answer.rows] for c in ("dated", "earliest"))
    marks = [term.value for term in dated]
    days = [term.value for term in earliest if isinstance(term, Literal)]
    assert marks == sorted(marks, reverse=True)
    assert set(marks) == {"yes", "no"}
    assert days == sorted(days)
    assert len(days) == marks.count("yes")


def test_a_bond_has_the_dates_of_no_other(shipped: Graph) -> None:
    assert rows(shipped, "who-belongs-where", "since", "until", who="Caitlin McGee") == {("", "")}


def test_sums_memberships_and_former_supports_are_found(both: Graph) -> None:
    assert ("ossen-dam", "cost", "2400000000", "USD") in rows(both, "how-much", "of", "aspect", "number", "measure")
    assert ("corvania", "amber-pact", "2018") in rows(both, "who-belongs-where", "who", "where", "until")
    supports = rows(both, "who-backs-whom", "backed", "since", "until", by="Corvania")
    assert supports == {("government-of-ilmaria", "", "2017"), ("northern-front", "2018-03", "")}


def test_a_support_in_no_conflict_is_told_unless_a_conflict_is_asked_for(border: Graph, shipped: Graph) -> None:
    columns = ("backer", "backed", "conflict", "side")
    shipped_ones = rows(shipped, "who-backs-whom", *columns)
    assert rows(border, "who-backs-whom", *columns) - shipped_ones == {("luria", "meridia", "", "")}
    assert rows(border, "who-backs-whom", *columns, by="id:luria") == {("luria", "meridia", "", "")}
    assert rows(border, "who-backs-whom", *columns, conflict="id:syrian-war") == shipped_ones


def test_a_reported_amount_is_told_with_its_speaker(border: Graph, both: Graph) -> None:
    told = rows(border, "how-much", "of", "aspect", "number", "measure", "read_on", "said_by", "passage")
    assert told == {("border-bridge", "cost", "90000000", "EUR", "2020-06-01", "pontis", "cost")}
    assert rows(both, "how-much", "said_by") == {("",)}


def test_the_timeline_knows_ministers_and_what_happens_at_the_common_border(border: Graph) -> None:
    assert rows(border, "timeline", "what", "when", "status", a="id:ostrania", b="id:meridia") == {
        ("talks-of-may", "2020-05", "held"),
        ("seizure-of-lorry", "", ""),
    }
    assert rows(border, "timeline", "what", a="id:luria", b="id:meridia") == {("luria-for-meridia",)}


@pytest.mark.parametrize("name", ["how-much", "timeline", "who-backs-whom"])
def test_engines_agree_on_what_the_shipped_article_lacks(name: str, border: Graph) -> None:
    given = {"a": "id:ostrania", "b": "id:meridia"} if name == "timeline" else {}
    text = queries.bind(head(name), given, border.things)
    engines = (Engine(border.store), Engine(border.store, union=True), Engine(border.store, "rdflib"))
    answers = [engine.run(text) for engine in engines]
    written = {results.write(answer, "json") for answer in answers if isinstance(answer, Rows)}
    assert len(written) == 1
