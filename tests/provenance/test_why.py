"""Every proof ends in quotes, background or a computation, each step is right, and a no says what is missing."""

import json
from pathlib import Path

import naive
import pytest
from broken import break_it, cases, compose
from datasets import SOURCE, dataset, inferred, triples
from markup import Markup
from pyoxigraph import Literal, NamedNode, Store, Triple
from running import Run

from kg.dataset import build, computed
from kg.graph import Graph
from kg.provenance import why
from kg.provenance.backward import BackwardChainer
from kg.provenance.proofs import RULES, Proof, Prover, brief
from kg.provenance.why import nearest_miss
from kg.rdf import values
from kg.rdf.namespaces import ENT, ID, ONTOLOGY_GRAPH, RDF_TYPE, XSD
from kg.reasoning import closure, forward
from kg.reasoning.rules import rules
from kg.source.layout import GraphFolder
from kg.validation import run

COMPUTED = {ENT + day: date for date, days in computed.BOUNDS.items() for day in days}
LEAVES = {"asserted", "background", "ontology"}


def fact(subject: str, verb: str, value: str) -> Triple:
    return Triple(NamedNode(ID + subject), NamedNode(ENT + verb), NamedNode(ID + value))


def prover(store: Store) -> Prover:
    return Prover(store, BackwardChainer(store).steps)


# The descriptions of rules


def test_each_rule_and_each_contradiction_has_a_description() -> None:
    given = {rule.name for rule in rules() if rule.head}
    clashes = {rule.name for rule in rules() if not rule.head}
    own = {"asserted", "background", "evidence", "ontology", "owl2-rl", *forward.DATATYPE_RULES, *computed.RULES}
    assert RULES.keys() == given | own
    assert closure.CONTRADICTIONS.keys() == clashes | {"dt-diff", "dt-not-type"}
    assert all(text and not text.endswith(".") for text in [*RULES.values(), *closure.CONTRADICTIONS.values()])


# The article


@pytest.fixture(scope="module")
def proofs(shipped: Graph) -> list[Proof]:
    """The proof of each inferred and each computed triple of the article."""
    days = [q.triple for day in COMPUTED for q in shipped.store.quads_for_pattern(None, NamedNode(day), None, None)]
    made = [why.prove(shipped.context, t) for t in [*inferred(shipped.store), *dict.fromkeys(days)]]
    assert None not in made
    return [proof for proof in made if proof]


def test_every_proof_ends_in_quotes_or_background_with_its_source(proofs: list[Proof]) -> None:
    assert len(proofs) > 120
    for leaf in (leaf for proof in proofs for leaf in proof.leaves()):
        assert leaf.rule in LEAVES
        assert leaf.quotes if leaf.rule == "asserted" else leaf.source.startswith("https://")


def test_quotes_are_what_the_articles_say(shipped: Graph, proofs: list[Proof]) -> None:
    quotes = {q for proof in proofs for leaf in proof.leaves() for q in leaf.quotes}
    assert len(quotes) > 30
    for quote in quotes:
        text = Path(shipped.graph_folder.articles, quote.article, "article.txt").read_text("utf-8")
        assert text[quote.start : quote.end] == quote.text
        assert not quote.speakers, "what somebody says is no fact"


def test_every_step_follows_by_the_rule_table_alone(shipped: Graph, proofs: list[Proof]) -> None:
    graph = NamedNode(ONTOLOGY_GRAPH)
    ontology = [q.triple for q in shipped.store.quads_for_pattern(None, None, None, graph)]
    steps = {node for proof in proofs for node in proof.nodes() if node.premises}
    assert len(steps) > 120
    for step in steps:
        premises = {p.triple for p in step.premises}
        if step.rule == "bounds":
            assert str(step.triple.object).split('"')[1] in days(premises, step.triple)
        else:
            assert set(step.axioms) <= set(ontology)
            assert naive.follows(step.triple, premises | naive.described(step.axioms, ontology)), step.triple
            assert not naive.follows(step.triple, naive.described(step.axioms, ontology)), (
                "the axioms alone do not do it"
            )


def days(premises: set[Triple], day: Triple) -> set[str]:
    """The first or the last days that dates of the same thing allow."""
    date = COMPUTED[day.predicate.value]
    assert {(p.subject, p.predicate.value) for p in premises} == {(day.subject, ENT + date)}
    at = computed.BOUNDS[date].index(day.predicate.value.removeprefix(ENT))
    return {values.bounds(p.object)[at] for p in premises if isinstance(p.object, Literal)}


def test_the_reading_order_of_a_passage_follows_from_where_it_stands(shipped: Graph) -> None:
    orders = [q.triple for q in shipped.store.quads_for_pattern(None, computed.READING_ORDER, None, None)]
    passages = list(shipped.store.quads_for_pattern(None, NamedNode(RDF_TYPE), NamedNode(ENT + "Passage"), None))
    assert len(orders) == len({t.object for t in orders}) == len(passages) > 30
    for order in orders:
        proof = why.prove(shipped.context, order)
        assert proof
        assert proof.rule == "reading-order"
        of: dict[str, list[str]] = {}
        for premise in proof.premises:
            assert premise.rule == "evidence"
            value = str(getattr(premise.triple.object, "value", ""))
            of.setdefault(premise.triple.predicate.value.removeprefix(ENT), []).append(value)
        kinds, (read,), (start,), (end,) = (of[name] for name in ("unitKind", "readingDate", "textStart", "textEnd"))
        place = str(getattr(order.subject, "value", "")), int(start), int(end)
        assert build.reading_order((kind.removeprefix(ENT) for kind in kinds), read, *place) == order.object


def test_a_proof_never_leans_on_itself(proofs: list[Proof]) -> None:
    def check(proof: Proof, above: tuple[Triple, ...]) -> None:
        assert proof.triple not in above
        for premise in proof.premises:
            check(premise, (*above, proof.triple))

    for proof in proofs:
        check(proof, ())


def test_a_quote_says_what_it_is_read_with(shipped: Graph) -> None:
    proof = shipped.why("Moscow", "backs", "Bashar al Assad")
    assert proof
    leaf = proof.premises[0]
    assert [q.passage.split("#")[1] in {h.split("#")[1] for h in leaf.companions} for q in leaf.quotes] == [False, True]
    text = why.write_proof([proof], "text", shipped.things, 100)
    assert "read with “Russia and Turkey – along with Iran" in text
    assert "a chain of relations makes another [prp-spo2]" in text


def test_the_ontology_can_be_asked_too(shipped: Graph) -> None:
    proof = shipped.why("ent:State", "rdfs:subClassOf", "ent:Actor")
    assert proof
    assert (proof.rule, proof.source) == ("ontology", ONTOLOGY_GRAPH)


def test_the_place_in_the_triple_tells_a_class_from_a_relation(shipped: Graph) -> None:
    assert why.find_triple(shipped.context, "Turkey", "a", "place").object == NamedNode(ENT + "Place")
    assert why.find_triple(shipped.context, "Turkey", "is a", "Place").predicate == NamedNode(RDF_TYPE)
    assert why.find_triple(shipped.context, "Turkey", "Place", "id:ankara").predicate == NamedNode(ENT + "place")


# Other ways


def test_all_proofs_differ_and_the_shortest_comes_first(shipped: Graph) -> None:
    several = 0
    for triple in inferred(shipped.store):
        found = why.prove_all(shipped.context, triple)
        assert found[0] == why.prove(shipped.context, triple)
        assert len(set(found)) == len(found)
        assert [p.steps for p in found] == sorted(p.steps for p in found)
        several += len(found) > 1
    assert several > 1


def test_another_way_may_differ_below_its_root() -> None:
    store = dataset(
        triples(":A rdfs:subClassOf :C . :B rdfs:subClassOf :C . :C rdfs:subClassOf :D ."), triples(":x a :A , :B .")
    )
    first, second, *others = prover(store).all(triples(":x a :D .")[0])
    assert first.steps == second.steps == 2
    assert [p.premises[0].premises[0].triple for p in (first, second)] == triples(":x a :A , :B .")
    assert others == []
    assert {leaf.source for proof in (first, second) for leaf in proof.leaves()} == {SOURCE}


def test_what_is_stated_may_follow_as_well() -> None:
    store = dataset(triples(":p rdfs:subPropertyOf :q ."), triples(":x :p :y ; :q :y ."))
    stated, follows = prover(store).all(triples(":x :q :y .")[0])
    assert (stated.rule, follows.rule) == ("background", "prp-spo1")


def test_nothing_proves_itself_in_a_roundabout_way() -> None:
    ontology = ":p a owl:SymmetricProperty , owl:TransitiveProperty . :A owl:equivalentClass :B ."
    store = dataset(triples(ontology), triples(":x :p :y ; a :A . :y :p :z ."))
    assert len(inferred(store)) > 3
    for triple in inferred(store):
        for proof in prover(store).all(triple):
            assert sum(node.triple == triple for node in proof.nodes()) == 1


def test_without_the_dataset_the_closure_knows(shipped: Graph) -> None:
    ontology, facts = triples(":p a owl:FunctionalProperty ."), triples(":x :p :y , :z . :y :q :x .")
    (wanted,) = triples(":z :q :x .")
    closed = closure.close([*ontology, *facts], outside="ignore")
    remembered = closed.derivations
    assert remembered is not None
    proof = Prover(dataset(ontology, facts), lambda t: [remembered[t]] if t in remembered else []).best(wanted)
    assert (proof.rule, proof.premises[0].rule) == ("eq-rep-s", "prp-fp")


def test_no_more_than_twenty_proofs_are_given() -> None:
    ways = range(25)
    ontology = " ".join(f":p{n} rdfs:subPropertyOf :q ." for n in ways)
    for given, proved in ((20, 20), (21, 20)):
        store = dataset(triples(ontology), triples(" ".join(f":x :p{n} :y ." for n in ways[:given])))
        assert len(prover(store).all(triples(":x :q :y .")[0])) == proved


# What is not there


def test_a_near_miss_names_what_is_missing() -> None:
    ontology = ":r owl:propertyChainAxiom ( [ owl:inverseOf :of ] :p :q ) ."
    chainer = BackwardChainer(dataset(triples(ontology), triples(":u :of :x ; :p :y . :w :q :z .")))
    near = nearest_miss(chainer, triples(":x :r :z .")[0])
    assert near
    assert (near.rule, near.missing) == ("prp-spo2", triples(":y :q :z .")[0])
    assert set(near.premises) == set(triples(":u :of :x ; :p :y ."))


@pytest.mark.parametrize(
    ("ontology", "facts", "asked", "rule", "missing", "premises"),
    [
        (":p a owl:TransitiveProperty .", ":x :p :y .", ":x :p :z .", "prp-trp", ":y :p :z .", ":x :p :y ."),
        (":C owl:intersectionOf ( :A :B ) .", ":x a :A .", ":x a :C .", "cls-int1", ":x a :B .", ":x a :A ."),
        (
            "[] owl:onProperty :p ; owl:someValuesFrom :A ; rdfs:subClassOf :B .",
            ":x :p :y .",
            ":x a :B .",
            "cls-svf1",
            ":y a :A .",
            ":x :p :y .",
        ),
        (
            ":C owl:intersectionOf ( :A :B ) ; rdfs:subClassOf :D .",
            ":x a :A .",
            ":x a :D .",
            "cls-int1",
            ":x a :B .",
            ":x a :A .",
        ),
    ],
)
def test_each_near_miss_is_one_statement_away(
    ontology: str, facts: str, asked: str, rule: str, missing: str, premises: str
) -> None:
    said, known, (wanted,) = triples(ontology), triples(facts), triples(asked)
    near = nearest_miss(BackwardChainer(dataset(said, known)), wanted)
    assert near
    assert (near.rule, [near.missing], list(near.premises)) == (rule, triples(missing), triples(premises))
    assert wanted in closure.close([*said, *known, near.missing], outside="ignore").inferred


@pytest.mark.parametrize(("steps", "is_found"), [(0, True), (3, True), (4, False)])
def test_a_near_miss_is_at_most_three_rules_away(steps: int, is_found: bool) -> None:
    ontology = ":D0 owl:intersectionOf ( :A :B ) . :D0 rdfs:subClassOf :D1 . :D1 rdfs:subClassOf :D2 ."
    ontology += " :D2 rdfs:subClassOf :D3 . :D3 rdfs:subClassOf :D4 ."
    near = nearest_miss(
        BackwardChainer(dataset(triples(ontology), triples(":x a :A ."))), triples(f":x a :D{steps} .")[0]
    )
    assert (near and [near.missing]) == (triples(":x a :B .") if is_found else None)


@pytest.mark.parametrize("ontology", ["", ":A rdfs:subClassOf :C .", ":p rdfs:domain :C .", ":C owl:oneOf ( :y ) ."])
def test_what_nothing_comes_near_to_gets_a_plain_no(ontology: str) -> None:
    assert (
        nearest_miss(BackwardChainer(dataset(triples(ontology), triples(":x a :B ."))), triples(":x a :C .")[0]) is None
    )


def test_a_no_shows_what_is_there(shipped: Graph) -> None:
    found = why.why_not(shipped.context, fact("turkey", "backs", "bashar-al-assad"))
    written = found.text(shipped.things, 100)
    assert "no: the graph does not say so, and it does not follow" in written
    assert "prp-spo2 (a chain of relations makes another) if this were there:" in written
    assert found.premises
    assert all(leaf.quotes for proof in found.premises for leaf in proof.leaves())
    assert "what is there:" in written
    assert found.json()["missing"][0][1] == f"<{ENT}backed>"


def test_a_no_says_who_says_so_all_the_same(shipped: Graph) -> None:
    asked = fact("turkey-russia-compartments", "between", "turkey")
    found = why.why_not(shipped.context, asked)
    assert found.near is None
    assert [f.triple for f in found.reported] == [asked]
    for written in (found.text(shipped.things, 500), found.markdown(shipped.things)):
        assert "reported, which makes it no fact:" in written
        assert "compartmentalise issues,” Celikpala said” (Mitat Celikpala, 2018-04-turkey-russia" in written


def test_a_value_that_is_no_thing_is_a_literal(shipped: Graph) -> None:
    asked = why.find_triple(shipped.context, "Turkey", "wording", "nothing of the kind")
    assert asked.object == Literal("nothing of the kind")
    assert why.prove(shipped.context, asked) is None


# Contradictions


def test_each_side_of_a_contradiction_has_its_proof(tmp_path: Path) -> None:
    break_it(next(c for c in cases() if c.name == "contradiction-of-direction"), compose(tmp_path))
    found = {f.rule: f for f in run.validate(GraphFolder(str(tmp_path))).findings}
    both = found["contradiction:prp-asyp"].hint.split("\n")
    assert [line.split(": ")[1] for line in both if not line.startswith(" ")] == ["an article says so [asserted]"] * 2
    words = "“From 2011 to 2016, Ines Okoro led Sudmark’s government” (2019-05-lorvia-sudmark"
    assert any(line.strip().startswith(words) for line in both)
    deeper = found["contradiction:cax-adc"].hint
    assert "\n  Sudmark is a government: what stands in this relation has that class [prp-dom]\n" in deeper


def test_what_the_same_statements_lead_to_is_shown_once(tmp_path: Path) -> None:
    place = break_it(next(c for c in cases() if c.name == "contradiction-of-a-holder"), compose(tmp_path))
    found = run.validate(GraphFolder(str(tmp_path))).findings
    assert [(f.line, f.column) for f in found if f.rule.startswith("contradiction")] == [(place.line, place.column)]


def test_a_thing_without_a_name_is_a_thing(shipped: Graph) -> None:
    store = dataset([], triples("[] :p :y ."))
    (triple,) = [q.triple for q in store.quads_for_pattern(None, NamedNode("https://example.org/p"), None, None)][:1]
    assert brief(prover(store).best(triple), shipped.things)[0].startswith("Something: ")


# The command


def test_the_command_tells_one_proof_or_all(kg: Run, shipped_folder: Path, shipped: Graph) -> None:
    asked = ("-C", str(shipped_folder), "why", "russia", "a", "actor")
    one, every = kg(*asked, "-f", "json"), kg(*asked, "--all", "-f", "json")
    assert (one.returncode, every.returncode) == (0, 0)
    proof = json.loads(one.stdout)
    assert list(proof) == ["triple", "rule", "premises", "quotes", "source"]
    assert {"text", "article", "start", "end", "speakers"} <= proof["premises"][0]["quotes"][0].keys()
    assert json.loads(every.stdout)[0] == proof


def test_the_command_numbers_other_ways(shipped: Graph) -> None:
    found = next(p for p in (why.prove_all(shipped.context, t) for t in inferred(shipped.store)) if len(p) > 1)
    for form in ("text", "md"):
        written = why.write_proof(found, form, shipped.things, 100, every=True)
        assert written.count("\nanother proof, ") == len(found) - 1
        assert f"\nanother proof, 2 of {len(found)}:\n" in written


def test_the_command_says_no_with_exit_1(kg: Run, shipped_folder: Path, shipped: Graph) -> None:
    asked = ("-C", str(shipped_folder), "why", "id:turkey", "backs", "id:bashar-al-assad")
    for form in ("text", "json", "md"):
        done = kg(*asked, "-f", form)
        assert (done.returncode, done.stderr) == (1, "")
    data = json.loads(kg(*asked, "-f", "json").stdout)
    assert data["rule"] is None
    assert data["nearest"] == "prp-spo2"
    assert len(data["missing"]) == 1


def test_an_ill_formed_name_is_unknown(kg: Run, shipped_folder: Path, shipped: Graph) -> None:
    done = kg("-C", str(shipped_folder), "why", "id:turkey", "ent:with space", "id:turkey")
    assert done.returncode == 2
    assert "unknown-thing" in done.stderr


def test_the_graph_gives_all_proofs(shipped: Graph) -> None:
    assert shipped.proofs("russia", "a", "actor")[0] == shipped.why("russia", "a", "actor")
    assert shipped.proofs("id:turkey", "backs", "id:bashar-al-assad") == []
    assert repr(shipped.proofs("id:turkey", "backs", "id:bashar-al-assad")) == "no proof"


def test_a_notebook_shows_a_proof_as_a_tree_with_footnotes(shipped: Graph) -> None:
    proof = shipped.why("Moscow", "backs", "Bashar al Assad")
    assert proof
    page = Markup(proof._repr_html_())
    assert page.texts[:2] == [
        "The government in Moscow backs Bashar al Assad",
        "a chain of relations makes another [prp-spo2]",
    ]
    assert page.texts.count("[1]") == 3  # at both leaves, and once beneath
    assert "read with “Russia and Turkey – along with Iran" in page.texts[-1]
    assert repr(proof) == why.write_proof([proof], "text", shipped.things, 100)
    several = shipped.proofs("russia", "a", "actor")
    assert several._repr_html_().count("<style>") == len(several) > 0
    assert all(repr(p) in repr(several) for p in several)


def test_a_notebook_shows_what_is_missing_for_a_proof(shipped: Graph) -> None:
    found = shipped.why("Moscow", "backs", "Turkey")
    assert not found
    texts = Markup(found._repr_html_()).texts
    assert texts[0] == "The government in Moscow backs or backed Turkey"
    missing = "Turkey is the one backed in Moscow’s support for Bashar al Assad"
    near = "The government in Moscow is the backer in the support for Bashar al Assad"
    assert {missing, "what is there:", near} <= set(texts)
    assert repr(found).splitlines()[:2] == [texts[0], f"  {texts[1]}"]


def test_a_day_is_computed_from_its_dates(shipped: Graph) -> None:
    day = Literal("2014-12-31", datatype=NamedNode(XSD + "date"))
    proof = why.prove(shipped.context, Triple(NamedNode(ID + "annexation-of-crimea"), NamedNode(ENT + "latest"), day))
    assert proof
    assert (proof.rule, [p.rule for p in proof.premises]) == ("bounds", ["asserted"])
    assert proof.premises[0].quotes
