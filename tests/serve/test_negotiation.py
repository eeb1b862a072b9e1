import pytest

from kg.serve.negotiation import DATASETS, ENDINGS, GRAPHS, ROWS, media_type, preferred

OFFERED = ["application/sparql-results+json", "application/sparql-results+xml", "text/csv"]
JSON, XML, CSV = OFFERED


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/*", CSV),
        ("text/csv;q=0.5, application/sparql-results+xml", XML),
        ("application/sparql-results+xml;q=0.5, */*;q=0.1", XML),
        ("*/*, text/csv", CSV),  # named, at the same quality
        ("text/csv;q=0, */*", JSON),
        ("application/*;q=0.2, text/csv;q=0.3", CSV),
        ("application/sparql-results+json;q=0.1, application/*", XML),  # the more specific range counts
        ("text/csv;charset=utf-8", CSV),
        ("text/csv ; q = 0.4 , application/sparql-results+xml; q=0.3", CSV),
        ("text/html", None),
        ("text/csv;q=0", None),
        ("*/*;q=0", None),
        ("text/csv;q=2", None),
        ("text/csv;q=x", None),
        ("text/csv;q=-1", None),
        ("text", None),
        ("/", None),
        (",,,", None),
        ("text/csv;q=1.000", CSV),
        ("text/csv;q=.5", CSV),
        (", ".join(["text/html"] * 200) + ", text/csv", None),  # beyond what is looked at
    ],
)
def test_the_type_that_is_liked_best(accept: str | None, expected: str | None) -> None:
    assert preferred(accept, OFFERED) == expected


def test_each_format_has_a_type_of_its_own() -> None:
    formats = {*ROWS.values(), *DATASETS.values()}
    assert {media_type(form).partition(";")[0] for form in formats} <= {*ROWS, *DATASETS}
    assert len({media_type(form) for form in formats}) == len(formats)
    assert formats == {*ENDINGS.values()}
    assert media_type("csv") == "text/csv; charset=utf-8"
    assert media_type("rdfxml") == "application/rdf+xml"
    assert GRAPHS.items() <= DATASETS.items()
