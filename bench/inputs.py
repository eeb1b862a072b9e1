"""What is measured on: corpora, and the same graph as plain files for those who do not read graph folders.

`python -m bench.inputs facts|dataset DIR OUT` writes the plain files of one corpus, in a process of its own.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from bench import corpus, environments

_LINE = '\n        ent:wording "open"@en .'
_WHO = ("-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgsign=false")


def corpus_of(size: int) -> Path:
    """The corpus of so many articles, made once; remade where the generator or its sources have changed."""
    folder = environments.home() / "corpora" / str(size)
    generator = ("bench/scenes", "bench/articles.py", "bench/corpus.py", "bench/world.py")
    stamp = _newest(*generator, "ontology", "shapes", "queries", "kg/articles", "kg/background")
    if _made_by(folder) != stamp:
        shutil.rmtree(folder, ignore_errors=True)
        corpus.generate(size, folder)
        (folder / "made-by").write_text(stamp, encoding="utf-8")
    return folder


def _newest(*folders: str) -> str:
    """The time of the last change to these files and folders, in nanoseconds."""
    paths = [corpus.ROOT / folder for folder in folders]
    files = (p for path in paths for p in ([path] if path.is_file() else path.rglob("*")))
    kinds = (".py", ".in", ".ttl", ".trig", ".rq", ".txt")
    return str(max(p.stat().st_mtime_ns for p in files if p.suffix in kinds))


def _made_by(folder: Path) -> str:
    mark = folder / "made-by"
    return mark.read_text(encoding="utf-8") if mark.exists() else ""


def facts(size: int) -> Path:
    """A folder with `facts.nt` and `ontology.nt`, which a reasoner is given."""
    return _plain(size, "facts")


def dataset(size: int) -> Path:
    """The compiled graph as N-Quads."""
    return _plain(size, "dataset") / "dataset.nq"


def count(size: int, what: str) -> int:
    """How many triples the `facts` of a corpus are, with the ontology, or its `dataset`, quads of all graphs."""
    return int((_plain(size, what) / "count").read_text(encoding="utf-8"))


def _plain(size: int, what: str) -> Path:
    """Made once; remade where the corpus or the code of Entente has changed."""
    source, folder = corpus_of(size), environments.home() / what / str(size)
    stamp = _made_by(source) + " " + _newest("kg")
    if _made_by(folder) != stamp:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        subprocess.run([sys.executable, "-m", "bench.inputs", what, source, folder], check=True, cwd=corpus.ROOT)
        (folder / "made-by").write_text(stamp, encoding="utf-8")
    return folder


class Edited:
    """A copy of a corpus in a Git repository, in which one article changes with each call of `edit`."""

    def __init__(self, size: int) -> None:
        self.folder = environments.home() / "edited" / str(size)
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(corpus_of(size), self.folder, ignore=shutil.ignore_patterns(".kg", "made-by"))
        for command in (["init", "-q"], ["add", "."], [*_WHO, "commit", "-qm", "made"]):
            subprocess.run(["git", "-C", self.folder, *command], check=True)
        articles = sorted((self.folder / "kg" / "articles").iterdir())
        self._facts = articles[len(articles) // 2] / "facts.trig"

    def edit(self) -> None:
        """Take a fact out of the article in the middle, or put it back."""
        text = self._facts.read_text(encoding="utf-8")
        if _LINE in text:
            text = text.replace(" ;" + _LINE, " .\n        # open", 1)
        else:
            text = text.replace(" .\n        # open", " ;" + _LINE, 1)
        self._facts.write_text(text, encoding="utf-8", newline="\n")


def main() -> None:
    """Write the plain files, `facts` or `dataset`, of the corpus DIR to OUT."""
    what, folder, out = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    counted = _write_facts(folder, out) if what == "facts" else _write_dataset(folder, out)
    (out / "count").write_text(str(counted), encoding="utf-8")


def _write_facts(folder: str, out: Path) -> int:
    from pyoxigraph import RdfFormat, serialize

    from kg.dataset import build
    from kg.source import documents, layout

    read = build.read_sources(documents.load_sources(layout.find_graph_folder(folder)))
    for name, triples in [("facts", list(read.facts)), ("ontology", read.ontology)]:
        (out / f"{name}.nt").write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
    return len(read.facts) + len(read.ontology)


def _write_dataset(folder: str, out: Path) -> int:
    import kg

    data = kg.open(folder).export("nquads")
    (out / "dataset.nq").write_bytes(data)
    return data.count(b"\n")


if __name__ == "__main__":
    main()
