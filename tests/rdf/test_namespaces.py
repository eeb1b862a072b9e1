"""Names of terms, short and long."""

import pytest

from kg.rdf.namespaces import ARTICLE, DCTERMS, ENT, ID, PREFIXES, compact, expand, local_name, readable, short, suggest


@pytest.mark.parametrize("prefix", PREFIXES)
def test_short_names_lead_back_to_the_iri(prefix: str) -> None:
    iri = PREFIXES[prefix] + "x-1"
    assert compact(iri) == f"{prefix}:x-1"
    assert expand(compact(iri)) == iri


def test_what_has_no_prefix_stays_as_it_is() -> None:
    assert compact("http://www.wikidata.org/entity/Q43") == "http://www.wikidata.org/entity/Q43"


@pytest.mark.parametrize("name", ["turkey", "wd:Q43", "http://example.org/", ":x", ""])
def test_what_is_no_prefixed_name_of_ours(name: str) -> None:
    assert expand(name) is None


@pytest.mark.parametrize(
    ("iri", "local", "words"),
    [
        (ID + "putin-as-president", "putin-as-president", "putin as president"),
        (ENT + "governmentOf", "governmentOf", "governmentOf"),
        ("http://example.org/a/b/", "b", "b"),
    ],
)
def test_local_names(iri: str, local: str, words: str) -> None:
    assert (local_name(iri), readable(iri)) == (local, words)


KNOWN = {ENT + "buyer", ENT + "builder", ENT + "City", DCTERMS + "title", ID + "ana-tarn", f"{ARTICLE}a#deal"}


@pytest.mark.parametrize(
    ("wrong", "question"),
    [
        (ENT + "buyr", "did you mean ent:buyer?"),
        (ENT + "Cyti", "did you mean ent:City?"),  # two letters that changed places
        (ENT + "CITY", "did you mean ent:City?"),
        (DCTERMS + "titel", "did you mean dcterms:title?"),
        (ID + "ana-torn", "did you mean id:ana-tarn?"),
        (f"{ARTICLE}a#dael", "did you mean p:deal?"),
        (ENT + "zebra", ""),
        ("", ""),
    ],
)
def test_suggestions(wrong: str, question: str) -> None:
    assert suggest(wrong, KNOWN) == question


def test_two_names_may_be_as_close() -> None:
    assert suggest(ENT + "backe", {ENT + "backed", ENT + "backer"}).count(" or ") == 1


@pytest.mark.parametrize(
    ("iri", "name"),
    [
        (f"{ARTICLE}2019-05-a#deal", "p:deal"),
        (f"{ARTICLE}2019-05-a", "article:2019-05-a"),
        (ID + "turkey", "id:turkey"),
        ("https://example.org/x", "https://example.org/x"),
    ],
)
def test_short(iri: str, name: str) -> None:
    assert short(iri) == name
