"""A name that is not there leads to the one that was meant, and to none that is far."""

import pytest

from kg.suggestions import did_you_mean, short
from kg.vocabulary import ARTICLE, DCTERMS, ENT, ID

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
def test_did_you_mean(wrong: str, question: str) -> None:
    assert did_you_mean(wrong, KNOWN) == question


def test_two_names_may_be_as_close() -> None:
    assert did_you_mean(ENT + "backe", {ENT + "backed", ENT + "backer"}).count(" or ") == 1


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
