"""Texts in a natural language, without RDF: quotes found in them, and what their words say.

`quotes` finds a quote letter by letter, `alignment` and `normalisation` say how a near match differs, `segments`
splits a text into sentences, headings and captions, `dates`, `amounts` and `names` read expressions.
"""

from kg import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kg.text.amounts import find_amounts as find_amounts
    from kg.text.dates import find_dates as find_dates
    from kg.text.dates import resolve as resolve
    from kg.text.quotes import find as find

__all__ = ["find", "find_amounts", "find_dates", "resolve"]
__getattr__ = lazily(
    {
        "find": "kg.text.quotes",
        "find_amounts": "kg.text.amounts",
        "find_dates": "kg.text.dates",
        "resolve": "kg.text.dates",
    }
)
