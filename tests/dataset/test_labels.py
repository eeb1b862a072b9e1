"""What a user means by a name, and how things are called."""

import pytest
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from kg.dataset.labels import Labels, fold
from kg.errors import UsageError
from kg.graph import Graph
from kg.provenance.describe import Listing
from kg.rdf.namespaces import ARTICLE, ENT, ID, RDFS_LABEL, compact


def test_names_are_folded() -> None:
    assert fold("Straße ‘Å’") == fold("STRASSE 'a'")
    assert fold("S-400") != fold("S400")


@pytest.fixture(scope="module")
def things(shipped: Graph) -> Labels:
    return shipped.things


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("Turkey", "turkey"),
        ("TURKEY", "turkey"),
        ("  turkey ", "turkey"),
        ("Türkiye", "turkey"),
        ("turkiye", "turkey"),
        ("TÜRKİYE", "turkey"),
        ("Recep Tayyip Erdoğan", "recep-tayyip-erdogan"),
        ("erdogan", "recep-tayyip-erdogan"),
        ("Russia's President", "president-of-russia"),
        ("russia’s  president", "president-of-russia"),
        ("russia`s president", "president-of-russia"),
        ("Bashar al Assad", "bashar-al-assad"),
        ("id:turkey", "turkey"),
        (ID + "turkey", "turkey"),
        (f"<{ID}turkey>", "turkey"),
    ],
)
def test_names_of_things(name: str, thing: str, things: Labels) -> None:
    assert things.resolve(name) == NamedNode(ID + thing)


def test_words_of_the_ontology_are_things_too(things: Labels) -> None:
    assert things.resolve("ent:State") == NamedNode(ENT + "State")


def test_a_thing_comes_before_a_word_of_the_same_name(shipped: Graph) -> None:
    store = Store()
    store.extend(shipped.quads)
    label, government = NamedNode(RDFS_LABEL), NamedNode(ID + "government-of-nowhere")
    store.add(Quad(government, label, Literal("government"), DefaultGraph()))
    assert Labels(store).resolve("government") == government
    assert Labels(shipped.store).resolve("government") == NamedNode(ENT + "Government")


def test_what_a_file_calls_a_passage_is_no_name(shipped: Graph) -> None:
    store = Store()
    store.extend(shipped.quads)
    passage = NamedNode(f"{ARTICLE}2018-04-turkey-russia#visit")
    store.add(Quad(passage, NamedNode(RDFS_LABEL), Literal("Turkey"), DefaultGraph()))
    labels = Labels(store)
    assert labels.resolve("Turkey") == NamedNode(ID + "turkey")
    assert labels.label(passage) == "article:2018-04-turkey-russia#visit"
    assert labels.names() == Labels(shipped.store).names()


def test_a_name_of_two_things_lists_both(things: Labels) -> None:
    with pytest.raises(UsageError, match="“Ankara” is the name of 2 things") as caught:
        things.resolve("Ankara")
    assert caught.value.rule == "ambiguous"
    assert "id:ankara  (city)" in caught.value.hint
    assert "id:government-of-turkey  (government)" in caught.value.hint


@pytest.mark.parametrize(("kind", "thing"), [("City", "ankara"), ("Government", "government-of-turkey")])
def test_a_class_decides_between_them(kind: str, thing: str, things: Labels) -> None:
    assert things.resolve("ankara", ENT + kind) == NamedNode(ID + thing)


def test_a_class_that_fits_none_of_them_decides_nothing(things: Labels) -> None:
    with pytest.raises(UsageError, match="2 things"):
        things.resolve("Ankara", ENT + "Person")


def test_a_class_does_not_hide_the_only_thing_of_that_name(things: Labels) -> None:
    assert things.resolve("Turkey", ENT + "Person") == NamedNode(ID + "turkey")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Turky", "did you mean “Turkey”"),
        ("the Ankara summit of 2018", "did you mean “Ankara”"),
        ("Hanoi", "see `kg show` for what it knows"),
        ("Vladimir Puttin", "did you mean “Vladimir Putin”"),
        ("Atlantis of Old", "see `kg show`"),
        ("bakcs", "did you mean “backs”?"),
        ("id:nowhere", ""),
        ("", ""),
        ("://", ""),
        ("http://[", ""),
        ("<http://a b>", ""),
        ("x:y", ""),
    ],
)
def test_what_nobody_knows(name: str, hint: str, things: Labels) -> None:
    with pytest.raises(UsageError) as caught:
        things.resolve(name)
    assert caught.value.rule == "unknown-thing"
    assert hint in caught.value.hint


def test_labels(things: Labels) -> None:
    assert things.label(NamedNode(ID + "turkey")) == "Turkey"
    assert things.label(NamedNode(ENT + "governmentOf")) == "government of"
    assert things.label(NamedNode(ID + "no-label-here")) == "no label here"
    assert things.label(NamedNode("http://www.wikidata.org/entity/Q43")) == "http://www.wikidata.org/entity/Q43"
    assert things.label(Literal("2017-12")) == "2017-12"
    assert things.label(None) == ""
    assert things.label(BlankNode("x")) == "_:x"


def test_a_thing_of_several_labels_is_always_called_the_same() -> None:
    rows = [Quad(NamedNode(ID + "x"), NamedNode(RDFS_LABEL), Literal(name)) for name in ("Zeta", "Beta", "Alphabet")]
    for order in (rows, rows[::-1]):
        store = Store()
        store.extend(order)
        assert Labels(store).label(NamedNode(ID + "x")) == "Beta"


def test_only_the_most_special_classes_are_named(things: Labels) -> None:
    assert things.kinds(NamedNode(ID + "turkey")) == ["state"]
    assert things.kinds(NamedNode(ID + "akkuyu-plant")) == ["nuclear power plant"]


def test_names_are_those_of_things_and_not_of_words(things: Labels) -> None:
    assert {"Turkey", "Türkiye", "Ankara"} <= set(things.names())
    assert "government of" not in things.names()


@pytest.mark.parametrize("name", ["President of Turkey", "Moscow's support for Bashar al Assad"])
def test_what_is_listed_is_understood(name: str, things: Labels) -> None:
    assert things.label(things.resolve(name)).casefold().replace("’", "'") == name.casefold()


def test_all_that_is_listed_is_understood(shipped: Graph) -> None:
    listed = Listing(shipped.context).json()
    named = {thing["label"]: sorted(x["name"] for x in listed if x["label"] == thing["label"]) for thing in listed}
    for label, names in named.items():
        found = _meant(shipped.things, label)
        assert found in names or all(name in found for name in names)


def _meant(things: Labels, label: str) -> str:
    try:
        return compact(things.resolve(label).value)
    except UsageError as error:
        return error.hint if error.rule == "ambiguous" else ""


def test_an_article_is_known_by_its_title(shipped: Graph) -> None:
    (title,) = shipped.things.titles
    assert shipped.things.resolve(title) == NamedNode(f"{ARTICLE}2018-04-turkey-russia")
    assert "characters" in str(shipped.show(title))


def test_a_stated_label_comes_before_a_computed_one() -> None:
    store, (own, other) = Store(), (NamedNode(ID + name) for name in ("own", "other"))
    rows = [(own, RDFS_LABEL), (other, ENT + "computedLabel")]
    store.extend(Quad(thing, NamedNode(name), Literal("Summit"), DefaultGraph()) for thing, name in rows)
    assert Labels(store).resolve("summit") == own
    assert Labels(store).named("summit") == [own.value]


def test_computed_labels_are_offered(things: Labels) -> None:
    assert "President of Turkey" in things.names()
    assert "President of Turkey" in things.names(ENT + "Office")
