"""The golden receipts of the stored queries, as tests/receipts/NAME.txt keeps them: each row, and on what it rests.

They are those of the first article alone, with a fixed background, so that an article that is added changes none.

A row is one line. Beneath it stand its passages by name, after `+` those that they are read with, after `!` the
numbers of notes, and after `all:`, where there is more than one witness, all on which the row could rest. The
quotes and the notes follow at the end.

`python -m tools.receipts` writes them anew; read the difference before you keep it.
"""

import shutil
import tempfile
from pathlib import Path

import kg
from kg.graph import Graph
from kg.provenance.receipts import Attribution, Note
from kg.rdf.namespaces import compact, local_name
from kg.rdf.terms import Term

FIRST = "2018-04-turkey-russia"
ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "tests" / "receipts"
BACKGROUND = ROOT / "tests" / "graphs" / "first" / "kg" / "background"


def written(graph: Graph, name: str) -> str:
    """The receipts of all rows of a stored query, as they are kept."""
    answer, every = (graph.query(name, receipts=wanted) for wanted in (True, "all"))
    notes = {note: i for i, note in enumerate(dict.fromkeys(n for a in answer.attributions for n in a.notes), 1)}
    lines = []
    for row, one, all_ in zip(answer.rows, answer.attributions, every.attributions, strict=True):
        lines += [" | ".join(map(_cell, row)), *_rests_on(one, all_, notes)]
    quotes = {local_name(r.passage): r.text for a in answer.attributions for r in a.receipts}
    lines += ["", *(f"{passage}: “{quotes[passage]}”" for passage in sorted(quotes))]
    lines += ["", *(f"{number} {note.kind}: {note.words or note.text}" for note, number in notes.items())]
    return "\n".join(lines).rstrip("\n") + "\n"


def _rests_on(one: Attribution, every: Attribution, notes: dict[Note, int]) -> list[str]:
    companions = [r.passage for r in one.receipts if r.passage not in one.passages]
    marks = [str(notes[note]) for note in one.notes]
    groups = (("", one.passages), ("+ ", companions), ("! ", marks))
    line = " ".join(lead + " ".join(map(local_name, group)) for lead, group in groups if group)
    rest = [f"    all: {' '.join(map(local_name, every.passages))}"] if every.passages != one.passages else []
    return [f"    {line}", *rest]


def _cell(term: Term | None) -> str:
    value = getattr(term, "value", "")
    return compact(value).replace(f"article:{FIRST}#", "#").removeprefix("id:").removeprefix("ent:")


def update() -> None:
    """Write the golden receipts."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("ontology", "shapes", "queries", f"kg/articles/{FIRST}"):
            shutil.copytree(ROOT / name, Path(folder, name), ignore=shutil.ignore_patterns("answers"))
        shutil.copytree(BACKGROUND, Path(folder, "kg", "background"))
        graph = kg.open(folder)
        for name in graph.queries:
            (FOLDER / f"{name}.txt").write_text(written(graph, name), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    update()
