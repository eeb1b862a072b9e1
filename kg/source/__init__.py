"""The files of a graph folder: found, read with positions, checked and written.

`layout` has the folders and the atomic writer, `documents` reads RDF files and text, `article` locates the quotes of an
article's passages, `graphs` is the policy of named graphs, `git` reads other revisions.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.source.article import Evidence as Evidence
    from kg.source.article import Passage as Passage
    from kg.source.documents import Document as Document
    from kg.source.documents import load_sources as load_sources
    from kg.source.layout import GraphFolder as GraphFolder
    from kg.source.layout import find_graph_folder as find_graph_folder

__all__ = ["Document", "Evidence", "GraphFolder", "Passage", "find_graph_folder", "load_sources"]
__getattr__ = lazily(
    {
        "Document": "kg.source.documents",
        "Evidence": "kg.source.article",
        "GraphFolder": "kg.source.layout",
        "Passage": "kg.source.article",
        "find_graph_folder": "kg.source.layout",
        "load_sources": "kg.source.documents",
    }
)
