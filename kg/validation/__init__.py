"""Validation: all checks of a graph folder, each result a finding at its place.

`run` is what `kg validate` and `kg check` call. `facts` and `entities` check what articles state, `shacl` and `verdict`
validate it with the shapes and the reasoner, `shapes`, `ontology` and `queries` are the lint of these; `dependencies`
and `incremental` limit all that to what a change can affect. `checks` collects the descriptions of all checks.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.validation.run import check as check
    from kg.validation.run import validate as validate

__all__ = ["check", "validate"]
__getattr__ = lazily(__name__, "run.check run.validate")
