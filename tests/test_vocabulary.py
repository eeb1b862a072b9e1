"""Names of terms, short and long."""

import pytest

from kg.vocabulary import ENT, ID, PREFIXES, compact, expand, local_name, readable


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
