"""What is measured: each measure with its contenders, the sizes of corpora it is tried at, and what comes before it.

The first contender of a measure is Entente, and ratios are to it. Times are those of the whole process unless the
contender reports others.
"""

import functools
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench import inputs
from bench.environments import command, entente
from bench.measure import Contender
from kg.dataset import cache
from kg.source.layout import GraphFolder
from kg.validation import suspects

_PATIENT = 3600  # seconds, where the contender itself limits each query
QUERY = "who-backs-whom"  # which answers alike from the asserted graphs and the closure, without computed bounds


@dataclass(frozen=True)
class Trial:
    """One measure at one size: who takes part, and what is done ahead of each run, unmeasured."""

    contenders: list[Contender]
    before: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Measure:
    """A measure by name: what is counted, who takes part in which environment, and how a trial is set up."""

    name: str
    title: str
    environments: tuple[str, ...]
    sizes: tuple[int, ...]
    trial: Callable[[int], Trial]
    missing: Callable[[], str] = lambda: ""
    rounds: int = 5


def _cold(size: int) -> Trial:
    folder = inputs.corpus_of(size)
    ask = entente("-C", folder, "query", QUERY)
    subprocess.run(ask, stdout=subprocess.DEVNULL, check=True)  # the build that is fresh from then on
    contenders = [Contender("entente", ask), Contender("python -c pass", [sys.executable, "-c", "pass"])]
    return Trial([*contenders, *_up_to(10, size, _answer(folder))])


def _answer(folder: Path) -> Contender:
    return Contender("rdflib + owlrl", command("rdflib", "rdflib_stack", "answer", folder, QUERY))


def _up_to(most: int, size: int, *contenders: Contender) -> list[Contender]:
    """The contenders that end within minutes up to a size of corpus, if this one is not larger."""
    return list(contenders) if size <= most else []


def _edit(size: int) -> Trial:
    edited = inputs.Edited(size)
    ask = entente("-C", edited.folder, "query", QUERY)
    subprocess.run(ask, stdout=subprocess.DEVNULL, check=True)
    return Trial([Contender("entente", ask), *_up_to(10, size, _answer(edited.folder))], edited.edit)


def _closure(size: int) -> Trial:
    files = [inputs.facts(size) / name for name in ("facts.nt", "ontology.nt")]

    def trial(name: str, environment: str, script: str, task: str = "closure") -> Contender:
        return Contender(name, command(environment, script, task, *files), limit=900)

    ours = trial("entente", "entente", "entente")
    sparq = trial("sparq-rdf", "sparq", "plain_sparq")
    owlrl = trial("owlrl", "rdflib", "rdflib_stack")
    whole = [
        trial("entente, from triples to triples", "entente", "entente", "closure_whole"),
        trial("sparq-rdf, with loading", "sparq", "plain_sparq", "closure_whole"),
    ]
    return Trial([ours, sparq, *_up_to(300, size, owlrl), *whole])


def _build(size: int) -> Trial:
    folder = inputs.corpus_of(size)
    out = inputs.facts(size) / "by-rdflib.nq"
    theirs = Contender("rdflib + owlrl", command("rdflib", "rdflib_stack", "build", folder, out), limit=900)
    ours = Contender("entente", entente("-C", folder, "build"))

    def forget() -> None:
        for cached in (folder / ".kg", cache.large_home(GraphFolder(str(folder)))):
            shutil.rmtree(cached, ignore_errors=True)

    return Trial([ours, *_up_to(10, size, theirs)], forget)


def _verdict(size: int) -> Trial:
    folder, plain = inputs.corpus_of(size), inputs.facts(size)
    files = (plain / "facts.nt", plain / "ontology.nt", folder / "shapes")
    theirs = Contender("pyshacl, shapes only", command("rdflib", "rdflib_stack", "verdict", *files))
    return Trial([Contender("entente", entente("-C", folder, "validate")), *_up_to(10, size, theirs)])


def _shapes(size: int) -> Trial:
    folder = inputs.corpus_of(size)
    return Trial(
        [
            Contender(name, command("entente", "entente", "shapes", folder, engine), limit=_PATIENT)
            for name, engine in (("pyshifty before pyshacl", "auto"), ("pyshacl alone", "pyshacl"))
        ]
    )


def _with_shapes(size: int) -> Trial:
    folder = inputs.corpus_of(size)
    return Trial(
        [
            Contender(f"kg {task[0]} --shacl {engine}", entente("-C", folder, *task, "--shacl", engine), 3600, (0, 1))
            for task in (("validate",), ("check", "--timeout", "3600"))
            for engine in ("auto", "pyshacl")
        ]
    )


def _no_pyshifty() -> str:
    return "" if suspects.is_there() else "skipped: pyshifty (the extra fast) is not installed"


def _queries(size: int) -> Trial:
    folder, dataset = inputs.corpus_of(size), inputs.dataset(size)
    ask = (dataset, folder / "queries")
    ours = [
        Contender(name, command("entente", "entente", "queries", place, folder), limit=_PATIENT)
        for name, place in [("entente", "anywhere"), ("entente, in memory", "memory")]
    ]
    raw = [
        Contender(name, command("pyoxigraph", "plain_oxigraph", "queries", place, *ask), limit=_PATIENT)
        for name, place in [("pyoxigraph, in memory", "memory"), ("pyoxigraph, on disk", "disk")]
    ]
    wrapped = Contender("oxrdflib", command("oxrdflib", "rdflib_stack", "ox_queries", *ask))
    plain = Contender("rdflib", command("rdflib", "rdflib_stack", "queries", *ask), limit=120)
    return Trial([*ours, *raw, *_up_to(100, size, wrapped), *_up_to(10, size, plain)])


def _why(size: int) -> Trial:
    return Trial([Contender("entente", command("entente", "entente", "why", inputs.corpus_of(size)))])


def _export(size: int) -> Trial:
    theirs = command("rdflib", "rdflib_stack", "export", inputs.dataset(size))
    ours = Contender("entente", command("entente", "entente", "export", inputs.corpus_of(size)))
    return Trial([ours, *_up_to(100, size, Contender("rdflib", theirs))])


def _since(size: int) -> Trial:
    edited = inputs.Edited(size)
    since = entente("-C", edited.folder, "check", "--since", "HEAD")
    whole = entente("-C", edited.folder, "check", "--jobs")
    subprocess.run(entente("-C", edited.folder, "build"), stdout=subprocess.DEVNULL, check=True)  # the earlier build
    findings = (0, 1)  # golden answers and the like are not what is measured
    changed = Contender("entente --since", since, codes=findings)
    alone, by_two = (
        Contender(name, [*whole, jobs], codes=findings, limit=1800)
        for jobs, name in (("1", "entente, all of it"), ("2", "entente, all of it, --jobs 2"))
    )
    return Trial([changed, alone, by_two], edited.edit)


@functools.cache
def _no_since() -> str:
    shown = subprocess.run(entente("check", "--help"), capture_output=True, text=True).stdout
    return "" if "--since" in shown else "skipped: this `kg check` has no --since"


MEASURES = (
    Measure(
        "cold-start",
        "A stored query on a fresh build, the whole process; rdflib + owlrl answer from the sources",
        ("entente", "rdflib"),
        (1, 10, 100, 1000),
        _cold,
        rounds=9,
    ),
    Measure(
        "edit", "One article edited, to the fresh answer of a stored query", ("rdflib",), (1, 10, 100, 1000), _edit
    ),
    Measure(
        "closure",
        "The OWL 2 RL closure of a graph that each engine has loaded, as it has it: derivations are kept by Entente"
        " alone. Below, what it takes from triples to triples, or as near as the engine can come to that",
        ("rdflib", "sparq"),
        (10, 100, 300, 1000, 3000),
        _closure,
        rounds=3,
    ),
    Measure("build", "From the sources to the compiled graph, from nothing", ("rdflib",), (1, 10, 100, 1000), _build),
    Measure(
        "validate",
        "The verdict, whole process; pyshacl judges the shapes alone, without reading the files",
        ("rdflib",),
        (1, 10, 100, 1000),
        _verdict,
        rounds=3,
    ),
    Measure(
        "shapes",
        "What judges the shapes, from the loaded sources to the findings: pyshifty before pyshacl (the extra fast), and"
        " pyshacl alone",
        (),
        (1, 100, 1000),
        _shapes,
        _no_pyshifty,
        rounds=3,
    ),
    Measure(
        "shacl",
        "The whole verdict with pyshifty before pyshacl (the extra fast), and with pyshacl alone",
        (),
        (1, 100, 1000),
        _with_shapes,
        _no_pyshifty,
        rounds=3,
    ),
    Measure(
        "queries",
        "Every stored query, in process, on the loaded graph; Entente leaves it on disk from 10,000 quads on",
        ("pyoxigraph", "oxrdflib", "rdflib"),
        (1, 10, 100, 300),
        _queries,
    ),
    Measure("why", "The proof of an inferred triple, in process", (), (1, 10, 100, 300), _why),
    Measure("export", "Canonical Turtle, in process, of the loaded graph", ("rdflib",), (1, 10, 100, 1000), _export),
    Measure(
        "check-since",
        "One edited article checked: what that edit can affect, from an earlier build, or everything",
        (),
        (10, 100, 1000),
        _since,
        _no_since,
        rounds=3,
    ),
)
