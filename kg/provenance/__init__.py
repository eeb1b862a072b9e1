"""Receipts and proofs: which passages a row, a fact or an inferred triple rests on.

`context` is the compiled dataset with its indexes. `receipts` finds the passages of a fact; `witness` the quads from
which a row of a SELECT is derived, and `attribution` the passages and sources of these, through the premises of
inferred ones. `backward` finds derivation steps, `proofs` makes trees of them, `why` proves a triple or says why not;
`answer` and `describe` present rows and things.
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
__getattr__ = lazily(__name__, "answer.Answer context.Context describe.Description proofs.Proof receipts.Receipt")
