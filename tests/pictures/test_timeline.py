"""The timeline: dates as precise as they are known, in rows without overlaps, on a scale that keeps their order."""

from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from drawn import STYLES, Picture, folder_of

import kg
from kg.graph import Graph
from kg.pictures import timelines
from kg.pictures.dated import Dated, Reading, dated
from kg.pictures.families import ASSERTED, REPORTED
from kg.pictures.scale import Scale
from kg.pictures.ties import Ties
from kg.rdf.namespaces import ENT, ID


@pytest.fixture(scope="module", params=["first", *STYLES])
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shipped: Graph) -> Picture:
    style = request.param
    graph = shipped if style == "first" else kg.open(str(folder_of(style, tmp_path_factory.mktemp("drawn") / "graph")))
    return Picture(timelines.timeline(graph.context))


@pytest.fixture(scope="module")
def of_first(shipped: Graph) -> dict[str, Dated]:
    return {thing.iri.removeprefix(ID): thing for thing in dated(Ties(shipped.context))[0]}


def test_dates_keep_their_precision(of_first: dict[str, Dated]) -> None:
    assert of_first["ankara-summit-april-2018"].begins == ("2018-04-04", "2018-04-04")
    assert of_first["s-400-deal"].begins == ("2017-12-01", "2017-12-31")
    assert of_first["annexation-of-crimea"].begins == ("2014-01-01", "2014-12-31")


def test_what_lasts_goes_on_to_the_day_of_the_article_that_says_so(of_first: dict[str, Dated]) -> None:
    support = of_first["turkey-for-opposition-groups"]
    assert (support.lasts, support.ends, support.until) == (True, None, "2018-04-03")
    assert not of_first["annexation-of-crimea"].lasts


def test_planned_is_told_from_held(of_first: dict[str, Dated]) -> None:
    assert of_first["ankara-summit-april-2018"].planned
    assert not of_first["downing-of-russian-warplane"].planned


def test_a_reported_thing_has_its_speaker(tmp_path_factory: pytest.TempPathFactory) -> None:
    graph = kg.open(str(folder_of("second", tmp_path_factory.mktemp("reported") / "graph")))
    reported = [thing for thing in dated(Ties(graph.context))[0] if thing.form == REPORTED]
    assert [(thing.speaker, thing.begins) for thing in reported] == [("Ruth Ombasi", ("2011-01-01", "2011-12-31"))]


def test_of_a_thing_only_what_it_has_a_part_in(shipped: Graph) -> None:
    found, count = dated(Ties(shipped.context), ID + "hassan-rouhani")
    assert [thing.iri for thing in found] == [ID + "ankara-summit-april-2018"]
    assert count == 1


def test_no_words_overlap_others(drawn: Picture) -> None:
    wrong = [(a.words, b.words) for a, b in combinations(drawn.texts(), 2) if a.box.overlaps(b.box)]
    assert wrong == []


def test_all_words_are_within_the_picture(drawn: Picture) -> None:
    for text in drawn.texts():
        assert text.box.left >= 0, text
        assert text.box.right <= drawn.width, text
        assert text.box.bottom <= drawn.height, text


def test_each_timeline_stands_alone(drawn: Picture) -> None:
    assert drawn.is_self_contained()
    assert drawn.root.attrib["role"] == "img"
    assert all(e.attrib.get("data-from", "0") <= e.attrib.get("data-to", "9") for e in drawn.of_class("dated"))


def test_a_day_is_a_point_and_a_month_a_bar_shorter_than_a_year(shipped: Graph) -> None:
    picture = Picture(timelines.timeline(shipped.context))
    marks = {e.attrib["data-iri"].removeprefix(ID): e for e in picture.of_class("dated")}

    def length(name: str) -> float:
        (mark,) = [e for e in marks[name].iter() if "mark" in e.attrib.get("class", "").split()]
        return float(mark.attrib["width"]) if "width" in mark.attrib else 0.0

    assert length("ankara-summit-april-2018") == 0
    assert 0 < length("s-400-deal") < length("annexation-of-crimea")
    assert [m.attrib.get("data-planned") for n, m in marks.items() if n == "ankara-summit-april-2018"] == ["planned"]


def test_of_many_things_some_of_each_kind_are_drawn_and_the_rest_counted(
    shipped: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timelines, "MOST", 4)
    picture = Picture(timelines.timeline(shipped.context))
    assert "4 of 12 dated things" in picture.text
    assert len({e.attrib["data-family"] for e in picture.of_class("dated")}) == 4


def test_nothing_dated_is_said(shipped: Graph) -> None:
    picture = Picture(timelines.timeline(shipped.context, ID + "ap"))
    assert "Nothing here has a date." in picture.text
    assert not picture.of_class("dated")


def test_a_scale_keeps_the_order_of_days_and_gives_room_where_something_is() -> None:
    scale = Scale([("1923-01-01", "1923-12-31"), ("2018-04-03", "2018-04-03"), ("2018-04-04", "2018-04-04")], 100, 900)
    days = ["1923-01-01", "1950-06-01", "2017-12-31", "2018-03-31", "2018-04-01", "2018-04-03", "2018-12-31"]
    places = [scale.at(day) for day in days]
    assert all(a < b for a, b in pairwise(places))
    assert places[0] == 100
    assert scale.at("2018-12-31", after=True) == pytest.approx(900)
    april = scale.at("2018-04-30", after=True) - scale.at("2018-04-01")
    assert april > 5 * (scale.at("1950-01-01") - scale.at("1949-12-01"))
    assert [tick.words for tick in scale.months(20) if tick.words] == ["Apr"]
    assert {"1923", "2018"} <= {tick.words for tick in scale.years(30)}


def test_a_scale_of_millennia_has_its_busy_years_alone() -> None:
    scale = Scale([("0001-01-01", "0001-12-31"), ("2018-04-03", "2018-04-03")], 0, 100)
    assert scale.at("0001-01-01") == 0
    assert 0 < scale.at("2018-04-03") <= 100
    assert [tick.words for tick in scale.years(10)] == ["1", "2018"]


@pytest.mark.parametrize("style", ["wire-report", "communique"])
def test_what_has_limits_alone_is_drawn_within_them(style: str, tmp_path: Path) -> None:
    graph = kg.open(str(folder_of(style, tmp_path / "graph")))
    found = {thing.iri: thing for thing in dated(Ties(graph.context))[0]}
    rows = graph.query(
        f"SELECT ?x (MIN(?a) AS ?first) (MAX(?b) AS ?last) {{ ?x a ?kind OPTIONAL {{ ?x <{ENT}notBefore> ?a }}"
        f" OPTIONAL {{ ?x <{ENT}notAfter> ?b }} FILTER(BOUND(?a) || BOUND(?b))"
        f" FILTER NOT EXISTS {{ ?x <{ENT}date>|<{ENT}start>|<{ENT}end> ?day }} }} GROUP BY ?x"
    ).rows
    assert rows
    for thing, first, last in rows:
        drawn = found[thing.value]
        limits = [day.value for day in (first, last) if day is not None]
        assert drawn.limit == ("" if len(limits) == 2 else "first" if first is not None else "last")
        assert drawn.begins is not None
        assert [day.startswith(limit) for day, limit in zip(drawn.begins, (limits[0], limits[-1]), strict=True)] == [
            True,
            True,
        ]
        assert not drawn.lasts
    assert f'data-iri="{rows[0][0].value}"' in timelines.timeline(graph.context)


def test_of_many_reading_dates_those_of_one_place_have_one_mark() -> None:
    def marks(number: int) -> int:
        days = (date(2016, 1, 1) + timedelta(days=3 * n) for n in range(number))
        readings = [Reading(day.isoformat(), f"No. {n}", f"{ID}{n}") for n, day in enumerate(days)]
        first = ("2016-01-01", "2016-01-01")
        thing = Dated(f"{ID}x", "X", "", "other", first, None, False, "", ASSERTED, False, False, "", "X", 1)
        return timelines.draw([thing], readings, "Timeline", "").count('class="reading"')

    assert marks(100) == 100
    assert marks(800) < 200
