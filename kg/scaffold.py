"""A graph of one's own: words, rules and questions of the shipped graph, and one small article as an example."""

import os
import shutil

from kg import paths
from kg.errors import UsageError
from kg.writer import write_atomic

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "example")
_README = """\
# A graph of news articles

Words in `ontology/`, rules in `shapes/`, questions in `queries/`, evidence in `kg/articles/`, one folder per article:
its text, and its facts, one named graph per passage. Start with `kg/articles/2024-05-example/`.

    kg validate         the verdict
    kg query            the questions
    kg show "Lake Bridge"
"""
_ATTRIBUTES = "* text=auto eol=lf\n"


def init(directory: str) -> list[str]:
    """Make a graph folder; the result is the files that were written. Raises UsageError where one stands already."""
    if os.path.exists(directory) and (not os.path.isdir(directory) or os.listdir(directory)):
        what = "is not empty" if os.path.isdir(directory) else "is no folder"
        raise UsageError(f"{directory} {what}: nothing was written", hint="name a new folder")
    shipped = paths.shipped()
    for folder in (shipped.ontology, shipped.shapes, shipped.queries):
        target = os.path.join(directory, os.path.basename(folder))
        shutil.copytree(folder, target, ignore=shutil.ignore_patterns("answers", "w3id"), dirs_exist_ok=True)
    shutil.copytree(EXAMPLE, os.path.join(directory, "kg", "articles", "2024-05-example"))
    os.makedirs(os.path.join(directory, "kg", "background"))
    for name, text in (("README.md", _README), (".gitattributes", _ATTRIBUTES), (".gitignore", ".kg/\n")):
        write_atomic(os.path.join(directory, name), text.encode())
    return sorted(os.path.join(d, f) for d, _, names in os.walk(directory) for f in names)
