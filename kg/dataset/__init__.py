"""The compiled dataset of a graph folder: built, cached, updated and queried.

`build` compiles the sources to quads, `computed` adds what is computed once and derives it, `cache` keeps builds and
`update` brings large ones up to date; `parallel` compiles many articles by several processes, in `shards`. `engine`
answers SPARQL, `stored_queries` reads and binds stored queries, `results` writes rows, `golden` compares answers.
`labels` and `statements` look up labels and triples.
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
__getattr__ = lazily(__name__, "build.Build build.compile_graph engine.Engine labels.Labels results.Ask results.Rows")
