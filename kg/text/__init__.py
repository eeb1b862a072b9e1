"""Text in a natural language, without RDF: quotes located in it, segments, and expressions read.

`quotes` locates a quote exactly, `normalisation` up to characters that look alike, `alignment` the nearest span;
`segments` splits a text into sentences, headings and captions; `dates`, `amounts` and `names` find expressions;
`verbs` inflects English verbs.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.text.amounts import find_amounts
    from kg.text.dates import find_dates, resolve, weeks
    from kg.text.quotes import find

__all__ = ["find", "find_amounts", "find_dates", "resolve", "weeks"]
__getattr__ = lazily(__name__, "amounts.find_amounts dates.find_dates dates.resolve dates.weeks quotes.find")
