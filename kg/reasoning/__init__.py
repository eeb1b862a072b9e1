"""OWL 2 RL/RDF with derivations: the closure of any RDF graph, and how each inferred triple follows.

Knows `kg.rdf` and `kg.errors` alone, so that it can become a library of its own. `rules` is the table of rules (W3C OWL
2 Profiles §4.3), `grounding` instantiates them for an ontology, `forward` runs them over the dictionary-encoded triples
of `index`, `derivations` and `closure` hand out the results, `incremental` maintains them, `profile` checks axioms.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.reasoning.closure import Closure as Closure
    from kg.reasoning.closure import Contradiction as Contradiction
    from kg.reasoning.closure import close as close
    from kg.reasoning.derivations import Derivation as Derivation

__all__ = ["Closure", "Contradiction", "Derivation", "close"]
__getattr__ = lazily(
    {
        "Closure": "kg.reasoning.closure",
        "Contradiction": "kg.reasoning.closure",
        "Derivation": "kg.reasoning.derivations",
        "close": "kg.reasoning.closure",
    }
)
