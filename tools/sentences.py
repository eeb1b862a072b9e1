"""The golden sentences, as tests/sentences/NAME.txt keeps them: each thing with roles, and each other fact, in English.

Of each graph: the names of things that nothing labels, the clause of each relation, event and work, and the sentence of
each fact that no clause tells. Beside a clause stands which of it background alone states. They are those of the first
article with a fixed background, and of the graphs of tests/graphs.

`python -m tools.sentences` writes them anew; read the difference before you keep it: none false, none ugly.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode

import kg
from kg.dataset import computed
from kg.dataset.stated import FACTS
from kg.graph import Graph
from kg.provenance.describe import voice_of
from kg.provenance.receipts import BACKED
from kg.rdf.namespaces import ENT, ID, RDF, RDF_TYPE, compact, local_name
from tools.receipts import BACKGROUND, FIRST, ROOT

FOLDER = ROOT / "tests" / "sentences"
GRAPHS = ROOT / "tests" / "graphs"
NAMES = (FIRST, *sorted(p.parent.parent.name for p in GRAPHS.glob("*/kg/articles")))


def compose(name: str, folder: Path) -> Path:
    """A graph folder with one of these graphs, with the shipped ontology, shapes and queries where it has none."""
    own = GRAPHS / name
    if name == FIRST:
        shutil.copytree(ROOT / "kg" / "articles" / FIRST, folder / "kg" / "articles" / FIRST)
        shutil.copytree(BACKGROUND, folder / "kg" / "background")
    else:
        shutil.copytree(own / "kg", folder / "kg")
    for part in ("ontology", "shapes", "queries"):
        source = own if (own / part).is_dir() else ROOT
        shutil.copytree(source / part, folder / part, ignore=shutil.ignore_patterns("answers"))
    return folder


def written(graph: Graph) -> str:
    """The names, clauses and facts of a graph, as they are kept."""
    find = graph.store.quads_for_pattern
    typed = (q.subject for q in find(None, NamedNode(RDF_TYPE), None, DefaultGraph()))
    claimed = (q.object for q in find(None, NamedNode(RDF + "subject"), None, DefaultGraph()))
    things = sorted({t for t in (*typed, *claimed) if isinstance(t, NamedNode) and t.value.startswith(ID)}, key=str)
    has_lexicon = any(True for _ in find(None, NamedNode(ENT + "clause"), None, None))
    lines = [] if has_lexicon else ["# Without a lexicon, facts are told by labels alone.", ""]
    lines += ["# Names of things that nothing labels"]
    names = {
        t: [str(q.object) for q in find(t, NamedNode(ENT + "computedLabel"), None, DefaultGraph())] for t in things
    }
    lines += [f"{compact(t.value)}: {', '.join(name)}" for t, name in names.items() if name]
    told = dict.fromkeys(line for t in things for line in _clauses(graph, t))
    lines += ["", "# Relations, events and works", *told]
    said = {line.partition(": ")[2] for line in told}
    lines += ["", "# Other facts", *sorted({*_facts(graph, things)} - said)]
    return "\n".join(lines) + "\n"


def _clauses(graph: Graph, thing: NamedNode) -> Iterator[str]:
    """What the facts say of a thing, then what each speaker does."""
    facts = [f for f in graph.show(compact(thing.value)).facts if f.triple.subject == thing]
    for voice in sorted({FACTS, *map(voice_of, facts)}, key=sorted):
        sentences = graph.context.sentences.said_by(voice)
        if clause := sentences.clause(thing):
            backed = {f.triple for f in facts if f.status == BACKED}
            known = sorted({local_name(t.predicate.value) for t in sentences.told(thing, clause) if t in backed})
            note = f" [{', '.join(known)} from background]" * bool(known)
            yield f"{'(reported) ' * bool(voice)}{compact(thing.value)}: {clause.text}{note}"


def _facts(graph: Graph, things: list[NamedNode]) -> Iterator[str]:
    """The facts that no clause tells."""
    naming = ("label", "altLabel", "computedLabel", "directType", "rdf-syntax-ns#type", *computed.PREDICATES)
    for thing in things:
        for fact in graph.show(compact(thing.value)).facts:
            t = fact.triple
            sentences = graph.context.sentences.said_by(voice_of(fact))
            clause = sentences.clause(thing)
            is_own = t.subject == thing and not t.predicate.value.endswith(naming)
            if is_own and not sentences.tells(clause, t):
                yield f"{'(reported) ' * (fact.status == 'reported')}{sentences.fact(t)}"


def update() -> None:
    """Write the golden sentences."""
    FOLDER.mkdir(exist_ok=True)
    for name in NAMES:
        with tempfile.TemporaryDirectory() as folder:
            text = written(kg.open(str(compose(name, Path(folder)))))
        (FOLDER / f"{name}.txt").write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    update()
