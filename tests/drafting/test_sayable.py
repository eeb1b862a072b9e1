"""What `kg show` says can be said in a review: its sentences are typed word for word, and mostly read as the same."""

from collections import Counter
from pathlib import Path

import pytest
from sayable import MORE, MORE_NAMED, SAME, outcomes

from tools.sentences import compose

# Of each graph: the sentences that come back the same, at least, and those that are read as something else, at most,
# mostly as an event in the words of the article.
_EXPECTED = {
    "2018-04-turkey-russia": (84, 4),
    "communique": (51, 5),
    "regional-paper": (16, 2),
    "second": (73, 1),
    "wire-report": (69, 7),
}


@pytest.mark.parametrize("name", _EXPECTED)
def test_sentences_that_are_shown_can_be_said(name: str, tmp_path: Path) -> None:
    rows = Counter(x.kind for x in outcomes(compose(name, tmp_path / "graph")))
    same, other = _EXPECTED[name]
    assert rows[SAME] >= same
    assert rows[MORE] + rows[MORE_NAMED] <= other
