"""The benchmarks: `python -m bench [NAME…]` measures, `python -m bench report` writes docs/benchmarks.md from that.

`python -m bench suites KIND FOLDER` runs a suite of test cases by others, `python -m bench lies` counts the false
facts that the checks notice, `python -m bench propose` measures what rules propose (`--model NAME`: a model of one's
own, `--lies N`: lies as its answers), `python -m bench serve` puts SPARQL servers under load, hostile requests among
it, `python -m bench site` writes the pages of corpora, with their sizes, and opens a long article in a browser,
`python -m bench cluster` builds corpora on Spark, and loads them into stores.
Run it on a quiet machine. Corpora and environments are made on the first run, in `.bench/`.
"""

import argparse
import sys

from bench import cluster, environments, inputs, propose_model, report, results, serving, site, suites
from bench import propose as proposing
from bench.lies import command as lies
from bench.measure import interleaved
from bench.measures import MEASURES, Measure


def main() -> None:
    """Run the measures that are named, or all, and keep their figures."""
    if sys.argv[1:2] == ["suites"]:
        suites.main(sys.argv[2:])
        return
    if sys.argv[1:2] == ["lies"]:
        lies.main(sys.argv[2:])
        return
    if sys.argv[1:2] == ["cluster"]:
        cluster.main(sys.argv[2:])
        return
    if sys.argv[1:2] == ["site"]:
        site.main(sys.argv[2:])
        return
    if sys.argv[1:2] == ["propose"]:
        by_model = any(a.startswith(("--model", "--replay", "--lies")) for a in sys.argv[2:])
        (propose_model.main if by_model else proposing.main)(sys.argv[2:])
        return
    if sys.argv[1:2] == ["serve"]:
        serving.main(sys.argv[2:])
        return
    arguments = _parser().parse_args()
    if arguments.names == ["report"]:
        report.write()
        return
    for measure in _chosen(arguments.names):
        if arguments.list:
            print(f"{measure.name:12} {measure.title}")
        else:
            _run(measure, arguments.sizes, arguments.rounds)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a measure (default: all), or `report`")
    parser.add_argument("--sizes", type=_sizes, help="articles in the corpora, such as 1,10 (default: the measure's)")
    parser.add_argument("--rounds", type=int, help="how often each contender runs (default: the measure's)")
    parser.add_argument("--list", action="store_true", help="name the measures")
    return parser


def _sizes(given: str) -> tuple[int, ...]:
    return tuple(int(size) for size in given.split(","))


def _chosen(names: list[str]) -> list[Measure]:
    known = {m.name: m for m in MEASURES}
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"error: no measure {unknown[0]}; there are {', '.join(known)}, and report")
    return [m for m in MEASURES if not names or m.name in names]


def _run(measure: Measure, sizes: tuple[int, ...] | None, rounds: int | None) -> None:
    print(f"\n{measure.name}: {measure.title}", flush=True)
    absent = {name: problem for name in measure.environments if (problem := environments.make(name))}
    versions = {k: v for name in ("entente", *measure.environments) for k, v in environments.versions(name).items()}
    figures = results.new(measure.name, measure.title, versions)
    figures["skipped"] = measure.missing() or "; ".join(f"no {name}: {why}" for name, why in absent.items())
    if figures["skipped"]:
        print(figures["skipped"])
    if not measure.missing():
        for size in sizes or measure.sizes:
            _try(measure, size, rounds or measure.rounds, figures)
        results.save(figures)


def _try(measure: Measure, size: int, rounds: int, figures: results.Figures) -> None:
    trial = measure.trial(size)
    triples = inputs.count(size, "facts" if measure.name == "closure" else "dataset")
    found = interleaved(trial.contenders, rounds, trial.before, lambda step: print(step, file=sys.stderr))
    results.add(figures, size, triples, found)
    print(results.table(results.HEAD, results.rows({"trials": figures["trials"][-1:]})), flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)  # as a shell has it
