"""The files of a graph folder: found, read with positions, checked and written.

`layout` has the folders and the atomic writer, `documents` reads RDF files and text, `article` locates the quotes of an
article's passages, `graphs` is the policy of named graphs, `git` reads other revisions.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.source.article import Evidence, Passage
    from kg.source.documents import Document, load_sources
    from kg.source.layout import GraphFolder, find_graph_folder

__all__ = ["Document", "Evidence", "GraphFolder", "Passage", "find_graph_folder", "load_sources"]
__getattr__ = lazily(
    dict.fromkeys(("Document", "load_sources"), "kg.source.documents")
    | dict.fromkeys(("Evidence", "Passage"), "kg.source.article")
    | dict.fromkeys(("GraphFolder", "find_graph_folder"), "kg.source.layout")
)
