"""What `kg show` says can be said in a review: its sentences are typed word for word, and mostly read as the same."""

from collections import Counter
from pathlib import Path

import pytest
from sayable import MORE, MORE_NAMED, SAME, outcomes

from tools.sentences import NAMES, compose

_AT_LEAST = {"2018-04-turkey-russia": 84, "communique": 52, "regional-paper": 16, "second": 72, "wire-report": 69}
_WRONG = 20  # read as something else, most of them as an event in the words of the article


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Counter[str]]:
    """By graph, how many of its sentences come back how."""
    folders: dict[str, Path] = {name: tmp_path_factory.mktemp(name) for name in NAMES if name in _AT_LEAST}
    return {
        name: Counter(x.kind for x in outcomes(compose(name, folder / "graph"))) for name, folder in folders.items()
    }


def test_sentences_that_are_shown_can_be_said(found: dict[str, Counter[str]]) -> None:
    assert {name: rows[SAME] for name, rows in found.items() if rows[SAME] < _AT_LEAST[name]} == {}


def test_few_sentences_are_read_as_something_else(found: dict[str, Counter[str]]) -> None:
    assert sum(rows[MORE] + rows[MORE_NAMED] for rows in found.values()) <= _WRONG
