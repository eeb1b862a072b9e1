"""Receipts and proofs: which passages a row, a fact or an inferred triple rests on.

`context` lends the dataset to all of it. `receipts` finds the passages of a fact, `attribution` those of a triple
through what it was inferred from, `witness` those of the rows of any SELECT; `backward`, `proofs` and `why` prove a
triple or say why not; `answer` and `describe` present them.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.provenance.answer import Answer as Answer
    from kg.provenance.context import Context as Context
    from kg.provenance.describe import Description as Description
    from kg.provenance.proofs import Proof as Proof
    from kg.provenance.receipts import Receipt as Receipt

__all__ = ["Answer", "Context", "Description", "Proof", "Receipt"]
__getattr__ = lazily(
    {
        "Answer": "kg.provenance.answer",
        "Context": "kg.provenance.context",
        "Description": "kg.provenance.describe",
        "Proof": "kg.provenance.proofs",
        "Receipt": "kg.provenance.receipts",
    }
)
