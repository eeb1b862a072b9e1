"""OWL 2 RL/RDF with derivations: the closure of any RDF graph, and how each inferred triple follows.

Depends on `kg.rdf` and `kg.errors` alone, so that it can become a library. `rules` is the table of rules (W3C OWL 2
Profiles §4.3), `index` holds dictionary-encoded triples, `grounding` instantiates the rules for an ontology, `forward`
evaluates them semi-naively, `derivations` and `closure` give the results, `incremental` maintains them (delete and
rederive), `profile` checks axioms.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.reasoning.closure import Closure as Closure
    from kg.reasoning.closure import Contradiction as Contradiction
    from kg.reasoning.closure import OutsideProfile as OutsideProfile
    from kg.reasoning.closure import OutsideProfileError as OutsideProfileError
    from kg.reasoning.closure import close as close
    from kg.reasoning.derivations import Derivation as Derivation

__all__ = ["Closure", "Contradiction", "Derivation", "OutsideProfile", "OutsideProfileError", "close"]
__getattr__ = lazily(
    __name__,
    "closure.Closure closure.Contradiction closure.OutsideProfile closure.OutsideProfileError closure.close"
    " derivations.Derivation",
)
