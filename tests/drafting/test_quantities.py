"""The amounts of a sentence, as a rule proposes them and as a model chooses one by its name."""

import pytest

from kg.drafting.model.choices import choices
from kg.rdf.namespaces import ENT
from kg.rdf.terms import value


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("The plant has four VVER-1200 reactors.", [("four VVER-1200 reactors", "4", "reactor", "")]),
        ("At least 17 people were killed.", [("17 people", "17", "person", "atLeast")]),
        ("It delivers more than 4,800 megawatts.", [("4,800 megawatts", "4800", "MW", "moreThan")]),
        (
            "Six frigates and two submarines arrived.",
            [("Six frigates", "6", "frigate", ""), ("two submarines", "2", "submarine", "")],
        ),
        ("A loan of up to $2 billion", [("$2 billion", "2000000000", m, "atMost") for m in ("USD", "AUD", "CAD")]),
        ("The two sides met.", []),
        ("The S-400 is there.", []),
    ],
)
def test_what_there_is_to_choose_from(quote: str, expected: list[tuple[str, ...]]) -> None:
    assert [tuple(a.reading) for a in choices(quote, "2020-01-01", english=True).amounts] == expected


def test_a_bound_belongs_to_the_quantity_and_to_its_name() -> None:
    over, exact = (choices(q, "", english=True).amounts[0] for q in ("over 300 workers", "300 workers"))
    assert over.node != exact.node
    assert [value(t.object) for t in over.triples if t.predicate.value == ENT + "bound"] == [ENT + "moreThan"]
    assert not any(t.predicate.value == ENT + "bound" for t in exact.triples)


def test_what_is_counted_is_read_in_english_only() -> None:
    assert choices("4 Fregatten", "", english=False).amounts == ()
    assert [a.reading.measure for a in choices("4 km", "", english=False).amounts] == ["km"]
