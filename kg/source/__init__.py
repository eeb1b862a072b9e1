"""The files of a graph folder: found, read with positions, checked and written.

`layout` has the folders and the atomic writer, `documents` reads RDF files and text, `tidying` has their house style,
`article` locates the quotes of an article's passages, `graphs` is the policy of named graphs, `git` reads other
revisions.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.source.article import Evidence, Passage
    from kg.source.documents import Document, load_sources
    from kg.source.layout import GraphFolder, find_graph_folder

__all__ = ["Document", "Evidence", "GraphFolder", "Passage", "find_graph_folder", "load_sources"]
_NAMES = "article.Evidence article.Passage documents.Document documents.load_sources"
__getattr__ = lazily(__name__, f"{_NAMES} layout.GraphFolder layout.find_graph_folder")
