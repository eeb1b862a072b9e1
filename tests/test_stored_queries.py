"""Each stored query: its golden answer in three kinds of engine, what it finds, and what it must not let in.

Its head and its form are what `kg check` judges (test_query_hygiene).
"""

import shutil

import pytest
from folders import with_first_article
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from running import ROOT

from kg.dataset import results, stored_queries
from kg.dataset.engine import Engine
from kg.dataset.results import Rows
from kg.errors import UsageError
from kg.graph import Graph
from kg.rdf.namespaces import ARTICLE, BACKGROUND, ENT, ID, local_name
from kg.rdf.tokens import tokenize
from kg.source.layout import GraphFolder

FILES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "queries").glob("*.rq"))}
ANSWERS = ROOT / "queries" / "answers"
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
# Their rows are passages, or what a passage has: its words, its numbers, its speaker.
OF_PASSAGES = {"facts-about", "how-is-it-worded", "how-much", "how-relations-stand", "one-passage-only", "passages"}
OF_PASSAGES |= {"accepted", "sources", "who-said-what"}
# Of these rdflib takes up to ten seconds; the default run asks it one of them on a graph of one short article.
SLOW_IN_RDFLIB = {
    "agreements",
    "how-connected",
    "meetings-and-visits",
    "one-passage-only",
    "sources",
    "timeline",
    "what-happened",
}


@pytest.fixture(scope="session")
def engines(checkout: Graph) -> dict[str, Engine]:
    """The checkout's dataset, as it is, with the union of all graphs as the default graph, and in the other engine."""
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
    return Graph(GraphFolder(str(folder)))


@pytest.fixture(scope="session")
def border(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The shipped article and that of the border."""
    folder = with_first_article(tmp_path_factory.mktemp("border"))
    article = folder / "kg" / "articles" / "2020-06-border"
    article.mkdir()
    for name, text in BORDER.items():
        (article / name).write_text(text, encoding="utf-8", newline="\n")
    return Graph(GraphFolder(str(folder)))


def asked(engine: Engine, text: str) -> Rows:
    found = engine.run(text)
    assert isinstance(found, Rows)
    return found


def head(name: str) -> stored_queries.Query:
    return stored_queries.parse(name, f"queries/{name}.rq", FILES[name])


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


@pytest.mark.parametrize("name", FILES)
def test_golden_answer(name: str, engines: dict[str, Engine]) -> None:
    answers = [asked(engines[mode], FILES[name]) for mode in ("oxigraph", "union")]
    assert [results.write(found, "csv") for found in answers] == [golden(name)] * 2


@pytest.mark.parametrize("name", [pytest.param(n, marks=[pytest.mark.long] * (n in SLOW_IN_RDFLIB)) for n in FILES])
def test_golden_answer_in_rdflib(name: str, engines: dict[str, Engine]) -> None:
    ours, theirs = (asked(engines[mode], FILES[name]) for mode in ("oxigraph", "rdflib"))
    assert results.write(theirs, "csv") == golden(name)
    assert results.write(theirs, "json") == results.write(ours, "json")  # kinds of terms as well


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The second article alone."""
    folder = tmp_path_factory.mktemp("short")
    for part in ("ontology", "queries"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(SECOND, folder / "kg")
    return Graph(GraphFolder(str(folder)))


@pytest.mark.parametrize("name", ["timeline", pytest.param("agreements", marks=pytest.mark.long)])
def test_engines_agree_on_a_short_article(name: str, short: Graph) -> None:
    ours, theirs = (asked(Engine(short.store, engine), FILES[name]) for engine in ("oxigraph", "rdflib"))
    assert results.write(theirs, "json") == results.write(ours, "json")


def test_every_golden_answer_has_its_query() -> None:
    assert {path.name for path in ANSWERS.iterdir()} == {f"{name}.csv" for name in FILES}


def test_given_the_defaults_the_answers_are_the_same(checkout: Graph) -> None:
    given = {name: {p["name"]: p["default"] for p in head(name).parameters} for name in FILES}
    assert {name: checkout.ask(name, values).write("csv") for name, values in given.items()} == {
        name: golden(name) for name in FILES
    }


@pytest.fixture(scope="module")
def every_article(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The first article and all invented ones, among which are two of one story."""
    folder = with_first_article(tmp_path_factory.mktemp("every"))
    for graph in ("communique", "regional-paper", "second", "sequel", "wire-report"):
        shutil.copytree(ROOT / "tests" / "graphs" / graph / "kg", folder / "kg", dirs_exist_ok=True)
    return Graph(GraphFolder(str(folder)))


@pytest.mark.parametrize("name", sorted(FILES.keys() - OF_PASSAGES))
def test_what_several_passages_state_is_one_row(name: str, every_article: Graph) -> None:
    of_any = {p["name"]: "any" for p in every_article.queries[name].parameters if p["type"] not in ("date", "integer")}
    answer = every_article.ask(name, {} if name == "how-connected" else of_any)
    shown = [i for i, column in enumerate(answer.columns) if column not in ("passage", "said_in")]
    reported = answer.columns.index("said_by") if "said_by" in answer.columns else None
    rows = [tuple(row[i] for i in shown) for row in answer.rows if reported is None or row[reported] is None]
    assert answer.rows
    assert [row for row in rows if rows.count(row) > 1] == []


@pytest.mark.parametrize("name", FILES)
def test_a_query_is_short_enough_to_be_read_in_a_minute(name: str) -> None:
    assert len(FILES[name].splitlines()) <= 50


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


@pytest.mark.parametrize(
    ("name", "parameter"),
    [("who-leads", "state"), ("who-leads", "date"), ("how-connected", "length"), ("who-said-what", "about")],
)
def test_hostile_values_are_refused(name: str, parameter: str, shipped: Graph) -> None:
    before = len(shipped.store)
    for value in HOSTILE:
        with pytest.raises(UsageError):
            shipped.ask(name, {parameter: value})
    assert len(shipped.store) == before


def test_a_value_takes_the_place_of_one_token(shipped: Graph) -> None:
    bound = stored_queries.bind(head("who-leads"), {"date": "2017-01-01", "state": "Iran"}, shipped.things)
    tokens = [t.text for t in tokenize(bound) if t.kind not in ("space", "comment")]
    assert len(tokens) == len([t for t in tokenize(FILES["who-leads"]) if t.kind not in ("space", "comment")])
    assert {"<https://w3id.org/entente/id/iran>", '"2017-01-01"'} <= set(tokens)


def test_any_can_be_asked_of_every_parameter_but_the_day_of_a_leader(shipped: Graph) -> None:
    answers = {
        name: shipped.ask(name, {p["name"]: stored_queries.ANY for p in head(name).parameters}) for name in FILES
    }
    assert {name: answer.columns for name, answer in answers.items()} == {name: head(name).columns for name in FILES}
    # No day, no leader; and no amounts in the article, nor facts that a machine proposed.
    assert {name for name, answer in answers.items() if not answer} == {"who-leads", "how-much", "accepted"}


@pytest.mark.parametrize("name", FILES)
def test_any_takes_a_line_out_and_leaves_no_undef(name: str, shipped: Graph) -> None:
    """UNDEF beside a UNION or a FILTER gives other rows in other engines."""
    for parameter in head(name).parameters:
        bound = stored_queries.bind(head(name), {parameter["name"]: stored_queries.ANY}, shipped.things)
        assert stored_queries.UNDEF not in bound


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
        ("Talvia", "2031-06-13", {("amara-velindi", "talvia", "nearest before, some 12 years away", "2019-06-13")}),
        ("Talvia", "2020-01-01", {("amara-velindi", "talvia", "nearest before", "2019-06-13")}),
        ("Talvia", "2010-01-01", {("ivo-marenka", "talvia", "nearest after, some 4 years away", "2014-01-01")}),
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
    assert {("annexation-of-crimea", "mitat-celikpala"), ("cyprus-island", "mitat-celikpala")} <= divided
    assert ("syrian-war", "") in divided
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


# Roles that the second article states in one passage with others of the same relation.
ROLES = {
    "meetings-and-visits": ("velindi-at-the-ossen-dam-opening", "occasion"),
    "partners-on-opposing-sides": ("russia-with-assad", "side"),
    "superlatives": ("ossen-dam-as-the-regions-largest", "rank"),
    "who-attends-how": ("velindi-at-the-ossen-dam-opening", "occasion"),
    "who-backs-whom": ("corvania-for-the-northern-front", "backed"),
    "who-belongs-where": ("talvia-in-the-amber-pact", "memberIn"),
    "who-cooperates-on-what": ("cooperation-on-de-escalation-zones", "concerns"),
    "who-is-on-which-side": ("corvania-for-the-northern-front", "side"),
    "who-supplies-whom": ("electricity-deal", "buyer"),
}


@pytest.mark.parametrize("name", ROLES)
def test_roles_of_one_relation_join_across_passages(name: str, both: Graph) -> None:
    thing, role = (NamedNode(base + local) for base, local in zip((ID, ENT), ROLES[name], strict=True))
    other = NamedNode(f"{ARTICLE}2019-06-talvia-corvania#ankara")
    quads = both.build.quads()
    moved = {q for q in quads if (q.subject, q.predicate) == (thing, role) and q.graph_name != DefaultGraph()}
    apart = [Quad(q.subject, q.predicate, q.object, other) if q in moved else q for q in quads]
    before, after = asked(Engine(quads), FILES[name]), asked(Engine(apart), FILES[name])
    assert moved
    assert after.rows == before.rows != []


# The role by which a question finds who has a part in a relation.
FROM_ELSEWHERE = {
    "agreements": ("electricity-deal", "seller", {"state": "id:corvania"}),
    "what-divides": ("talvia-corvania-row", "disagreeing", {"a": "id:talvia", "b": "id:corvania"}),
    "who-attends-how": ("velindi-at-the-ossen-dam-opening", "attendee", {}),
    "who-backs-whom": ("corvania-for-the-northern-front", "backer", {}),
    "who-belongs-where": ("talvia-in-the-amber-pact", "member", {}),
    "who-cooperates-on-what": ("cooperation-on-de-escalation-zones", "cooperating", {}),
    "who-is-on-which-side": ("corvania-for-the-northern-front", "backer", {}),
    "who-leads": ("velindi-as-president", "holder", {"state": "id:talvia"}),
}


@pytest.mark.parametrize("name", FROM_ELSEWHERE)
def test_a_role_that_background_gives_is_as_good(name: str, both: Graph) -> None:
    local, role, values = FROM_ELSEWHERE[name]
    background = NamedNode(f"{BACKGROUND}natural-earth")
    quads = both.build.quads()
    moved = {
        q
        for q in quads
        if (q.subject, q.predicate) == (NamedNode(ID + local), NamedNode(ENT + role)) and q.graph_name != DefaultGraph()
    }
    apart = [Quad(q.subject, q.predicate, q.object, background) if q in moved else q for q in quads]
    text = stored_queries.bind(head(name), values, both.things)
    before, after = asked(Engine(quads), text), asked(Engine(apart), text)
    assert moved
    assert after.rows == before.rows != []


@pytest.mark.parametrize("name", ["agreements", "incidents"])
def test_a_kind_is_one_of_what_was_asked_for(name: str, both: Graph) -> None:
    """A thing may have a class of another kind as well."""
    thing = {"agreements": "electricity-deal", "incidents": "downing-of-russian-warplane"}[name]
    other = Quad(NamedNode(ID + thing), NamedNode(ENT + "directType"), NamedNode(ENT + "Ceremony"))
    quads = both.build.quads()
    values = {"state": "id:corvania"} if name == "agreements" else {}
    text = stored_queries.bind(head(name), values, both.things)
    assert asked(Engine([*quads, other]), text).rows == asked(Engine(quads), text).rows != []


@pytest.mark.parametrize("name", ["how-much", pytest.param("timeline", marks=pytest.mark.long), "who-backs-whom"])
def test_engines_agree_on_what_the_shipped_article_lacks(name: str, border: Graph) -> None:
    given = {"a": "id:ostrania", "b": "id:meridia"} if name == "timeline" else {}
    text = stored_queries.bind(head(name), given, border.things)
    engines = (Engine(border.store), Engine(border.store, union=True), Engine(border.store, "rdflib"))
    answers = [asked(engine, text) for engine in engines]
    assert len({results.write(answer, "json") for answer in answers}) == 1
    assert [bool(answer) for answer in answers] == [True] * 3


@pytest.mark.parametrize("name", [name for name, text in FILES.items() if ", passage]" in text])
def test_the_first_quote_of_a_row_is_that_of_its_passage(name: str, shipped: Graph) -> None:
    answer = shipped.query(name, receipts=True)
    assert answer.columns[-1] == "passage"
    found = zip(answer.terms, answer.attributions, strict=True)
    firsts = [(row[-1].value, told.receipts[0].passage) for row, told in found if told.receipts]
    assert firsts or answer.is_empty, "no row has a receipt"
    assert [pair for pair in firsts if pair[0] != pair[1]] == []
