"""From a text to facts for review: new graph folders, new articles, drafted passages."""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.drafting.new import init_graph as init_graph
    from kg.drafting.new import new_article as new_article

__all__ = ["init_graph", "new_article"]
__getattr__ = lazily(__name__, "new.init_graph new.new_article")
