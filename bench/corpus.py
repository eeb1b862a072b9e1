"""Write a corpus: a graph folder with as many articles as one likes, `python -m bench.corpus N DIR [--seed S]`.

The first article is the real one; the others are invented, and share states, leaders, organisations and conflicts.
Ontology, shapes, stored queries and background are those of this checkout. The same N and seed give the same bytes,
and a small corpus is the beginning of a large one.
"""

import argparse
import shutil
import time
from pathlib import Path

from bench.articles import Written, write
from bench.world import World

ROOT = Path(__file__).parents[1]
REAL = "2018-04-turkey-russia"  # the one article that is not invented
_BACKGROUND = """# States: codes and official names. Invented, like the states.
@prefix background: <https://w3id.org/entente/background/> .
@prefix dcterms:    <http://purl.org/dc/terms/> .
@prefix ent:        <https://w3id.org/entente/ontology#> .
@prefix id:         <https://w3id.org/entente/id/> .
@prefix skos:       <http://www.w3.org/2004/02/skos/core#> .

background:invented-states a ent:Background ;
    dcterms:title "An atlas of states that do not exist"@en ;
    dcterms:source <https://atlas.example/states> .

background:invented-states {
"""


def generate(count: int, folder: Path, seed: int = 1) -> None:
    """Write a graph folder of `count` articles, one or more, to a folder that must not exist yet.

    Raises FileExistsError if it does.
    """
    copy_terms(folder)
    shutil.copytree(ROOT / "kg" / "articles" / REAL, folder / "kg" / "articles" / REAL)
    world = World(seed)
    states: set[int] = set()
    for number in range(1, count):
        article = write(world, number)
        _save(article, folder)
        states.update(article.states)
    if states:
        _write(folder / "kg" / "background" / "invented-states.trig", _background(world, sorted(states)))


def copy_terms(folder: Path) -> None:
    """Make a graph folder with the ontology, shapes, stored queries and background of this checkout."""
    folder.mkdir(parents=True)
    for name in ("ontology", "shapes", "kg/background"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "queries", folder / "queries", ignore=shutil.ignore_patterns("answers"))


def _save(article: Written, folder: Path) -> None:
    home = folder / "kg" / "articles" / article.name
    home.mkdir()
    _write(home / "article.txt", article.text)
    _write(home / "facts.trig", article.facts)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _background(world: World, ranks: list[int]) -> str:
    lines = []
    for rank in ranks:
        state = world.states[rank]
        code = "X" + chr(65 + rank // 26) + chr(65 + rank % 26)
        lines.append(f'    id:{state.id} skos:altLabel "Republic of {state.name}"@en ; skos:notation "{code}" .\n')
    return _BACKGROUND + "".join(sorted(lines)) + "}\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.corpus", description=__doc__)
    parser.add_argument("count", type=int, metavar="N", help="how many articles")
    parser.add_argument("folder", type=Path, metavar="DIR", help="a folder that does not exist yet")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    started = time.perf_counter()
    generate(arguments.count, arguments.folder, arguments.seed)
    print(f"{arguments.count} article(s) in {arguments.folder}, {time.perf_counter() - started:.2f} s")


if __name__ == "__main__":
    main()
