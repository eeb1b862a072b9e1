"""The compiled dataset of a graph folder: built, kept, updated and asked.

`build` compiles sources to quads, `cache`, `statements` and `update` keep builds and bring large ones up to date,
`engine` answers SPARQL, `stored_queries` reads and binds the stored queries, `labels` names things both ways, `results`
writes rows, `golden` compares them with the answers that are kept.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.dataset.build import Build as Build
    from kg.dataset.build import compile_graph as compile_graph
    from kg.dataset.engine import Engine as Engine
    from kg.dataset.labels import Labels as Labels
    from kg.dataset.results import Ask as Ask
    from kg.dataset.results import Rows as Rows

__all__ = ["Ask", "Build", "Engine", "Labels", "Rows", "compile_graph"]
__getattr__ = lazily(
    {
        "Ask": "kg.dataset.results",
        "Build": "kg.dataset.build",
        "Engine": "kg.dataset.engine",
        "Labels": "kg.dataset.labels",
        "Rows": "kg.dataset.results",
        "compile_graph": "kg.dataset.build",
    }
)
