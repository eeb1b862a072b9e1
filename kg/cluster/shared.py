"""Which articles are compiled together, and by what a shard is known: its articles, the rules, and this tool.

An article is in the shard that the hash of its name gives, so that a change moves no other article; the number of
shards is a power of two, and changes only when a graph has doubled.
"""

import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.dataset import cache, shards
from kg.dataset.shards import ReadArticle, Relational
from kg.source import layout
from kg.source.documents import FACTS, TEXT
from kg.source.layout import GraphFolder

SIZE = 150  # articles of a shard: two seconds of work, and 30 MB of quads


class FolderShard(NamedTuple):
    """Articles of a graph folder that every machine reaches under the same path."""

    root: str
    schema: str
    names: tuple[str, ...]

    @property
    def graph_folder(self) -> GraphFolder:
        """Where the articles are."""
        return GraphFolder(self.root, self.schema)

    def prints(self) -> Iterator[str]:
        """The fingerprint of each article as it is now."""
        folder = self.graph_folder
        for name in self.names:
            paths = (os.path.join(folder.articles, name, file) for file in (TEXT, FACTS))
            yield cache.content_print(filter(os.path.lexists, paths), folder)

    def read(self) -> Iterator[ReadArticle]:
        """The articles, read one by one."""
        return shards.from_folders(self.graph_folder, self.names)


def key(tool: str, wanted: Relational, names: Iterable[str], prints: Iterable[str]) -> str:
    """By what a shard is known, 32 hexadecimal digits."""
    properties = "all" if wanted.properties is None else " ".join(sorted(wanted.properties))
    rows = (f"{name} {found}" for name, found in zip(names, prints, strict=True))
    return cache.digest(f"{part}\n".encode(errors="surrogatepass") for part in (tool, properties, *rows))


def shared_out(graph_folder: GraphFolder, size: int = SIZE) -> list[FolderShard]:
    """The articles of a graph folder in shards of about this size."""
    names = [os.path.basename(folder) for folder in layout.article_folders(graph_folder)]
    count = number(len(names), size)
    found: dict[int, list[str]] = {}
    for name in names:
        found.setdefault(place(name, count), []).append(name)
    return [FolderShard(graph_folder.root, graph_folder.schema, tuple(found[i])) for i in sorted(found)]


def number(articles: int, size: int) -> int:
    """How many shards so many articles make: a power of two."""
    return 1 << max(0, (articles - 1) // size).bit_length()


def place(name: str, count: int) -> int:
    """The shard of an article, among so many."""
    return int(cache.digest([name.encode(errors="surrogatepass")])[:12], 16) % count
