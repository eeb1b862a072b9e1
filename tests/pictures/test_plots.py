"""Pictures of answers: which columns make which picture, saved as a whole, and what cannot be drawn is said."""

from pathlib import Path

import pytest
from drawn import Picture

from kg.errors import InputError, UsageError
from kg.graph import Graph
from kg.rdf.namespaces import ENT, ID

PREFIXES = f"PREFIX ent: <{ENT}> PREFIX id: <{ID}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"


def drawn(graph: Graph, query: str, kind: str = "", **values: str) -> Picture:
    text = PREFIXES + query if "{" in query else query
    return Picture(str(graph.ask(text, values).plot(kind)))


def test_a_column_of_dates_is_a_timeline_of_its_rows(shipped: Graph) -> None:
    picture = drawn(shipped, "timeline")
    things = {e.attrib["data-iri"].removeprefix(ID) for e in picture.of_class("dated")}
    assert {"downing-of-russian-warplane", "s-400-deal", "putin-to-turkey-april-2018"} <= things
    assert "rows have no date" in picture.text
    assert picture.titles()[0] == "What has passed between two states, in the order of time?"


def test_two_columns_of_actors_are_a_network_of_its_rows(shipped: Graph) -> None:
    picture = drawn(shipped, "who-backs-whom")
    pairs = {(e.attrib["data-first"], e.attrib["data-second"]) for e in picture.of_class("tie")}
    assert (ID + "free-syrian-army", ID + "turkey") in pairs
    assert {t.words for t in picture.texts() if "label" in t.classes} == {"backed"}


def test_a_column_of_numbers_is_bars(shipped: Graph) -> None:
    rows = 'SELECT ?name ?size { VALUES (?name ?size) { ("one" 1) ("two" 2.5) ("less" -1) } }'
    picture = drawn(shipped, rows)
    assert [t.words for t in picture.texts()] == ["size", "one", "1", "two", "2.5", "less", "-1"]
    widths = [float(e.attrib["width"]) for e in picture.of_class("solid")]
    assert widths[1] == pytest.approx(2.5 * widths[0], abs=0.2)
    assert widths[2] == pytest.approx(widths[0], abs=0.2)


def test_two_columns_of_dates_are_from_when_to_when(shipped: Graph) -> None:
    rows = "VALUES (?what ?since ?until) { ('a war' '1914'^^xsd:gYear '1918-11-11'^^xsd:date) }"
    rows = f"SELECT ?what ?since ?until {{ {rows} }}"
    (mark,) = drawn(shipped, rows).of_class("dated")
    assert (mark.attrib["data-from"], mark.attrib["data-to"]) == ("1914-01-01", "1918-11-11")


def test_a_kind_can_be_chosen(shipped: Graph) -> None:
    rows = "SELECT ?a ?b ?n ?day { VALUES (?a ?b ?n ?day) { (id:turkey id:russia 3 '2018-04-03'^^xsd:date) } }"
    assert drawn(shipped, rows).of_class("network")
    assert drawn(shipped, rows, "timeline").of_class("timeline")
    assert drawn(shipped, rows, "bars").of_class("bars")


@pytest.mark.parametrize(
    ("query", "kind", "message"),
    [
        ("SELECT ?x { VALUES ?x { 'words' } }", "", "nothing in these columns can be drawn: x"),
        ("SELECT ?x { VALUES ?x { 1 } }", "network", "can be drawn as network"),
        ("SELECT ?x { VALUES ?x { 1 } }", "pie", "no picture pie"),
        ("SELECT ?x { VALUES ?x { } }", "", "without rows"),
        ("ASK { id:turkey a ent:State }", "", "nothing in these columns can be drawn: answer"),
    ],
)
def test_what_cannot_be_drawn_is_said(shipped: Graph, query: str, kind: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        shipped.query(PREFIXES + query).plot(kind)
    assert error.value.hint


def test_a_picture_is_shown_and_saved_as_a_whole(shipped: Graph, tmp_path: Path) -> None:
    picture = shipped.query("timeline").plot()
    file = tmp_path / "timeline.svg"
    file.write_text("before", "utf-8")
    picture.save(str(file))
    assert file.read_bytes() == picture._repr_svg_().encode()
    assert [p.name for p in tmp_path.iterdir()] == ["timeline.svg"]
    with pytest.raises(InputError, match="no folder"):
        picture.save(str(tmp_path / "none" / "x.svg"))


def test_hostile_cells_are_text(shipped: Graph) -> None:
    words = '<script>alert(1)</script>" onload="x'
    rows = f"SELECT ?name ?n ?day {{ VALUES (?name ?n ?day) {{ ({words!r} 1 '2018'^^xsd:gYear) }} }}"
    for kind in ("bars", "timeline"):
        picture = drawn(shipped, rows, kind)
        assert picture.is_self_contained()
        assert any("<script>" in text.words for text in picture.texts())


def test_numbers_that_are_none_make_no_bar(shipped: Graph) -> None:
    rows = "SELECT ?name ?n { VALUES (?name ?n) { ('a' 'NaN'^^xsd:double) ('b' 'INF'^^xsd:double) ('c' 2e0) } }"
    assert [float(e.attrib["width"]) > 0 for e in drawn(shipped, rows).of_class("solid")] == [False, False, True]
