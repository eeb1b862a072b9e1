"""A question says where the obvious neighbour of what was asked for has rows, so that silence is never false."""

import pytest
from pyoxigraph import NamedNode

from kg.cli.main import main
from kg.graph import Graph
from kg.provenance.neighbours import neighbours
from kg.rdf.namespaces import ID, compact


@pytest.mark.parametrize(
    ("thing", "beside"),
    [
        ("bashar-al-assad", {"id:assad-regime"}),
        ("assad-regime", {"id:bashar-al-assad", "id:syria"}),
        ("crimea", {"id:annexation-of-crimea"}),
        ("annexation-of-crimea", {"id:crimea"}),
        ("akkuyu", {"id:akkuyu-plant"}),
        ("akkuyu-plant", {"id:akkuyu"}),
        ("s-400", set()),
        ("nothing-of-this-name", set()),
    ],
)
def test_the_neighbours_of_a_thing(thing: str, beside: set[str], shipped: Graph) -> None:
    assert {compact(x.value) for x in neighbours(shipped.store, NamedNode(ID + thing))} == beside


@pytest.mark.parametrize(
    ("query", "given", "told"),
    [
        ("who-backs-whom", {"backed": "Assad"}, [("backed", "id:assad-regime", 2)]),
        ("who-said-what", {"about": "Crimea"}, [("about", "id:annexation-of-crimea", 1)]),
        ("who-said-what", {"about": "id:annexation-of-crimea"}, []),
        ("who-backs-whom", {"backed": "any"}, []),
        ("who-backs-whom", {}, []),
        ("what-happened", {"since": "2018-04-04"}, []),
    ],
)
def test_rows_of_neighbours_are_told(
    query: str, given: dict[str, str], told: list[tuple[str, str, int]], shipped: Graph
) -> None:
    assert [(n.parameter, compact(n.thing.value), n.rows) for n in shipped.beside(query, given)] == told


def test_a_description_ends_with_them(shipped: Graph) -> None:
    end = shipped.show("Akkuyu").text(80).split("\nsee also\n")[1]
    assert end == "Akkuyu Nuclear Power Plant (nuclear power plant)  id:akkuyu-plant\n"


def test_the_command_says_what_to_type(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "who-backs-whom", "-p", "backed=Assad", "-f", "text"]) == 0
    told = capsys.readouterr()
    assert told.err.endswith("Assad regime: 2 more, kg query who-backs-whom -p backed=id:assad-regime\n")
    assert main(["query", "who-backs-whom", "-p", "backed=Assad", "-f", "csv"]) == 0
    assert capsys.readouterr().err == ""
