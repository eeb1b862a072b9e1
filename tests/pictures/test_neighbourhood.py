"""The neighbourhood of a thing: who acts on it stands left, on whom it acts right, wide or narrow."""

from itertools import combinations

import pytest
from drawn import STYLES, Picture, folder_of

import kg
from kg.graph import Graph
from kg.pictures import Ties, neighbourhood
from kg.rdf.namespaces import ID

_WIDTHS = (840.0, 680.0, 360.0)


@pytest.fixture(scope="module", params=["first", *STYLES])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shipped: Graph) -> list[Picture]:
    """The neighbourhoods of some things of all kinds, in each width."""
    style = request.param
    graph = shipped if style == "first" else kg.open(str(folder_of(style, tmp_path_factory.mktemp("drawn") / "graph")))
    ties = Ties(graph.context)
    things = sorted({end for ends in ties.rough.values() for end in ends} | {*ties.rough})
    return [Picture(neighbourhood(ties, iri, width=width)) for iri in things for width in _WIDTHS]


def test_no_words_overlap_others(drawn: list[Picture]) -> None:
    wrong = [
        (picture.titles()[0], picture.width, a.words, b.words)
        for picture in drawn
        for a, b in combinations(picture.texts(), 2)
        if a.box.overlaps(b.box)
    ]
    assert wrong == []


def test_all_words_are_within_the_picture(drawn: list[Picture]) -> None:
    wrong = [
        (picture.titles()[0], picture.width, text)
        for picture in drawn
        for text in picture.texts()
        if text.box.left < 0 or text.box.right > picture.width or not 0 <= text.box.bottom <= picture.height
    ]
    assert wrong == []


def test_each_stands_alone(drawn: list[Picture]) -> None:
    assert all(picture.is_self_contained() for picture in drawn)


def test_who_acts_on_a_thing_stands_left_and_on_whom_it_acts_right(shipped: Graph) -> None:
    picture = Picture(neighbourhood(shipped.context, ID + "turkey"))
    names = {text.words: text.box for text in picture.texts() if "name" in text.classes}
    middle = picture.width / 2
    assert names["Vladimir Putin"].right < middle < names["Free Syrian Army"].left
    assert names["Turkey"].left < middle < names["Turkey"].right


def test_an_event_has_those_who_take_part(shipped: Graph) -> None:
    picture = Picture(neighbourhood(shipped.context, ID + "ankara-summit-april-2018"))
    things = {e.attrib["data-iri"].removeprefix(ID) for e in picture.of_class("thing")}
    assert {"vladimir-putin", "hassan-rouhani", "recep-tayyip-erdogan", "ankara", "syrian-war"} <= things
    assert {e.attrib.get("data-planned") for e in picture.of_class("tie") if "rouhani" in e.attrib["data-second"]} == {
        "planned"
    } or "is to take part in" in picture.text


def test_the_strongest_are_drawn_and_the_rest_counted(shipped: Graph) -> None:
    picture = Picture(neighbourhood(shipped.context, ID + "turkey", most=3))
    assert len(picture.of_class("thing")) == 4
    assert "3 of the 20 things tied to it" in picture.text


def test_a_thing_without_ties_says_so(shipped: Graph) -> None:
    picture = Picture(neighbourhood(shipped.context, ID + "nobody"))
    assert "No statement ties nobody to another thing." in picture.text


def test_a_page_can_link_each_thing(shipped: Graph) -> None:
    picture = Picture(
        neighbourhood(shipped.context, ID + "turkey", link=lambda iri: f"../things/{iri[len(ID) :]}.html")
    )
    links = [e.attrib["href"] for e in picture.root.iter() if e.tag.endswith("}a")]
    assert "../things/russia.html" in links
    assert picture.root.attrib["role"] == "group"
