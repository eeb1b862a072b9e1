"""What a draft knows by name: the things of a graph folder, and the entries of the sourced gazetteer."""

import unicodedata
from pathlib import Path

import pytest
from folders import with_first_article
from pyoxigraph import Literal

from kg.drafting.gazetteer import Entry, Gazetteer, entries
from kg.rdf.namespaces import ENT, ID, RDF_TYPE
from kg.rdf.terms import iri
from kg.source import documents, layout
from kg.source.layout import GraphFolder
from kg.text.forms import PLACE, flat, forms

BY_IRI = {entry.iri: entry for entry in entries()}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    folder = with_first_article(tmp_path_factory.mktemp("known") / "graph")
    return Gazetteer(documents.load_sources(GraphFolder(str(folder))))


def found(known: Gazetteer, text: str) -> dict[str, tuple[str, ...]]:
    return {match.words: tuple(x.removeprefix(ID) for x in match.iris) for match in known.things.find(text)}


def graph_of(tmp_path: Path, facts: str) -> Gazetteer:
    """What is known beside a graph folder with a background of these facts."""
    folder = with_first_article(tmp_path / "graph")
    (folder / "kg" / "background" / "ours.trig").write_text(
        f"@prefix ent: <{ENT}> . @prefix id: <{ID}> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "<https://w3id.org/entente/background/ours> a ent:Background ; dcterms:source <https://a.example/> .\n"
        f"<https://w3id.org/entente/background/ours> {{ {facts} }}\n",
        "utf-8",
        newline="\n",
    )
    return Gazetteer(documents.load_sources(GraphFolder(str(folder))))


def test_entries_are_of_declared_classes_and_in_places_that_have_entries() -> None:
    ontology = documents.load_sources(layout.shipped()).ontology
    classes = {iri(t.subject) for d in ontology for t in d.triples if t.predicate.value == RDF_TYPE}
    assert len(BY_IRI) == len(entries())
    for entry in entries():
        assert entry.kind in classes
        places = {entry.located_in, entry.capital_of} - {""}
        assert {BY_IRI[place].kind for place in places} <= {ENT + "State", ENT + "Place"}
        assert all(unicodedata.normalize("NFC", name) == name.strip() == name for name in (*entry.names, *entry.people))
    states = [entry for entry in entries() if entry.kind == ENT + "State"]
    assert len(states) == 193  # members of the United Nations
    assert len({entry.name for entry in states}) == len({entry.code for entry in states}) == 193
    capitals = [entry.capital_of for entry in entries() if entry.capital_of]
    assert len(set(capitals)) == len(capitals) > 170  # a state has one capital


def test_the_file_names_its_sources_and_their_licences() -> None:
    text = Path(layout.shipped().background, "gazetteer.tsv").read_text("utf-8")
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert any("World Factbook" in line and "public domain" in line for line in head)
    assert any("Unicode CLDR" in line and "Unicode-3.0" in line for line in head)


def test_the_lexicon_has_the_adjectives_of_states() -> None:
    """What drafting takes for the people of a state, validation does too."""
    ontology = documents.load_sources(layout.shipped()).ontology
    irregular: dict[str, list[str]] = {}
    for t in (t for d in ontology for t in d.triples if t.predicate.value == ENT + "demonym"):
        assert isinstance(t.object, Literal)
        name, given = t.object.value.split(": ")
        irregular.setdefault(flat(name), []).extend(flat(given).split(", "))
    islands = {"Kosraen", "Pohnpeian", "Chuukese", "Yapese"}  # states of the Federated States of Micronesia
    for entry in entries():
        if entry.kind == ENT + "State":
            words = {flat(w) for w in entry.people} - {w + end for w in islands for end in ("", "s")}
            assert words <= forms(entry.name, PLACE, irregular), entry.name


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("Uganda and China met.", {"Uganda": ("uganda",), "China": ("china",)}),
        ("Türkiye, or the Republic of Turkey", {"Türkiye": ("turkey",), "Republic of Turkey": ("turkey",)}),
        ("in Côte d'Ivoire", {"Côte d'Ivoire": ("cote-divoire",)}),
        ("in Cote d’Ivoire", {"Cote d’Ivoire": ("cote-divoire",)}),
        ("the U.S. and the UK", {"U.S.": ("united-states",), "UK": ("united-kingdom",)}),
        ("Congo", {"Congo": ("democratic-republic-of-the-congo", "republic-of-the-congo")}),
        ("in Papua New Guinea", {"Papua New Guinea": ("papua-new-guinea",)}),
        ("to the IAEA in Vienna", {"IAEA": ("iaea",), "Vienna": ("vienna",)}),
        ("male, chad and us", {}),
    ],
)
def test_names_of_entries_are_found(known: Gazetteer, text: str, things: dict[str, tuple[str, ...]]) -> None:
    assert found(known, text) == things


def test_a_thing_of_the_graph_is_no_entry(known: Gazetteer) -> None:
    assert known.entry(ID + "turkey") is None
    assert known.kinds(ID + "turkey") == {ENT + "State"}
    assert known.entry(ID + "uganda") == BY_IRI[ID + "uganda"]
    assert known.class_labels(ID + "uganda") == "state"
    assert known.class_labels(ID + "nato") == "alliance"
    assert known.entry(ID + "nowhere") is None


def test_a_capital_may_be_a_government(known: Gazetteer) -> None:
    assert known.government(ID + "ankara") == ID + "government-of-turkey"
    assert known.government(ID + "moscow") == ID + "government-of-russia"
    assert known.government(ID + "kampala") == ""  # no government of Uganda is known
    assert known.government(ID + "cape-town") is None  # one of several capitals
    assert known.government(ID + "jerusalem") is None  # contested


def test_the_thing_of_a_name_in_the_graph_is_that_of_the_entry(tmp_path: Path) -> None:
    own = 'id:ivory a ent:State ; rdfs:label "Côte d’Ivoire"@en . id:victoria a ent:Person ; rdfs:label "V. Ro"@en .'
    known = graph_of(tmp_path, own + ' id:georgia-ro a ent:Person ; rdfs:label "Georgia"@en .')
    assert found(known, "Ivory Coast") == {"Ivory Coast": ("ivory",)}
    assert known.entry(ID + "cote-divoire") is None
    assert found(known, "in Victoria") == {}  # here id:victoria is a person
    assert found(known, "Georgia") == {"Georgia": ("georgia", "georgia-ro")}  # a state, or a person of that name
    assert known.entry(ID + "georgia") is not None
    assert [(m.words, m.iris) for m in known.people.find("Ivorians")] == [("Ivorians", (ID + "ivory",))]


def test_adjectives_and_people_are_those_of_a_place(tmp_path: Path) -> None:
    known = graph_of(tmp_path, 'id:lorvia a ent:State ; rdfs:label "Lorvia"@en .')
    text = "Ugandan, Danes, Turkish, Lorvian, Nigerian, Nigerien and Congolese"
    people = {m.words: tuple(x.removeprefix(ID) for x in m.iris) for m in known.people.find(text)}
    assert people == {
        "Ugandan": ("uganda",),
        "Danes": ("denmark",),
        "Turkish": ("turkey",),
        "Lorvian": ("lorvia",),
        "Nigerian": ("nigeria",),
        "Nigerien": ("niger",),
        "Congolese": ("democratic-republic-of-the-congo", "republic-of-the-congo"),
    }


def test_without_entries_only_the_graph_is_known(tmp_path: Path) -> None:
    folder = with_first_article(tmp_path / "graph")
    sources = documents.load_sources(GraphFolder(str(folder)))
    assert found(Gazetteer(sources, ()), "Uganda and Turkey") == {"Turkey": ("turkey",)}
    made_up = Entry(ID + "lorvia", ENT + "State", "Lorvia", people=("Lorvian",))
    known = Gazetteer(sources, [made_up])
    assert found(known, "Uganda and Lorvia") == {"Lorvia": ("lorvia",)}
    assert known.entry(ID + "lorvia") == made_up
