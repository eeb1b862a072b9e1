"""RDF itself, without our model: terms, literals and their values, Turtle and SPARQL as text.

Works on terms of pyoxigraph and knows nothing of articles. `namespaces` has prefixes, `terms` conversions of terms,
`literals` the lexical forms of XSD 1.1 and `values` their values, `tokens` the tokenizer of Turtle, TriG and SPARQL,
`positions` where triples are written, `style` the formatter, `sparql` the reader of queries and their limits.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.rdf.style import tidy
    from kg.rdf.terms import Term, n_quads, rdflib_graph
    from kg.rdf.tokens import tokenize

__all__ = ["Term", "n_quads", "rdflib_graph", "tidy", "tokenize"]
__getattr__ = lazily(__name__, "style.tidy terms.Term terms.n_quads terms.rdflib_graph tokens.tokenize")
