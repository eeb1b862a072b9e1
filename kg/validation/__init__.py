"""Verdicts: every check of a graph folder, each result a finding at its place.

`run` is what `kg validate` and `kg check` call. `facts` and `entities` check articles, `shacl` and `verdict` judge by
the shapes, `shapes`, `ontology` and `queries` check these themselves, `incremental` judges what a change can concern.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.validation.run import check as check
    from kg.validation.run import validate as validate

__all__ = ["check", "validate"]
__getattr__ = lazily({"check": "kg.validation.run", "validate": "kg.validation.run"})
