"""HTML for notebooks: nothing of the data is markup, and nothing is loaded."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import Markup
from running import environment

from kg import html
from kg.errors import clean
from kg.graph import Graph

HOSTILE = st.text(st.sampled_from("<>&\"'`/= \n\r\x1b\u202e\ud800$\\") | st.characters(), max_size=30)


@given(HOSTILE, HOSTILE)
def test_text_and_titles_come_back_as_they_are_safe_to_show(text: str, hover: str) -> None:
    page = Markup(html.block(html.span(text, hover=hover)))
    lines = [clean(line) for line in text.replace("\r\n", "\n").split("\n")]
    assert "".join(page.texts).replace(" ", "") == "".join("".join(lines).split())
    assert page.titles == (["\n".join(clean(x) for x in hover.replace("\r\n", "\n").split("\n"))] if hover else [])


def test_a_table_keeps_numbers_and_dates_on_one_line() -> None:
    page = Markup(html.block(html.table(["n", "<b>"], [["1", html.text("a < b")], ["2", ""]], ["number", ""])))
    assert page.texts == ["n", "<b>", "1", "a < b", "2"]
    assert page.classes.count("number") == 3


def test_many_footnotes_are_folded() -> None:
    few, many = (Markup(html.block(html.footnotes(["x"] * n, "(n) names"))) for n in (20, 21))
    assert ("details" in few.tags, "details" in many.tags) == (False, True)
    assert many.texts[0] == "21 footnotes"
    assert "[21]" in many.texts
    assert few.texts[-1] == "(n) names"
    assert html.footnotes([]) == ""


COMMANDS = [
    ("query", "who-backs-whom", "--receipts"),
    ("show", "Turkey"),
    ("why", "Moscow", "backs", "Bashar al Assad"),
]


@pytest.mark.parametrize("arguments", COMMANDS)
def test_no_command_loads_it(arguments: tuple[str, ...], shipped: Graph) -> None:
    code = "import sys; from kg.cli.main import main; main(sys.argv[1:]); print('kg.html' in sys.modules)"
    command = [sys.executable, "-c", code, "-C", shipped.graph_folder.root, *arguments]
    done = subprocess.run(command, capture_output=True, env=environment(), timeout=600, check=True)
    assert done.stdout.splitlines()[-1] == b"False"
