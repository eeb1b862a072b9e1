"""What the tests of quotes share: the first article, and how a quote is mended by its differences."""

from folders import FIRST
from running import ROOT

from kg.text.normalisation import Difference

ARTICLE = (ROOT / "kg" / "articles" / FIRST / "article.txt").read_text("utf-8")


def patched(quote: str, differences: tuple[Difference, ...]) -> str:
    """Return the quote with each difference replaced by what the article has."""
    for difference in reversed(differences):
        end = difference.at + len(difference.quoted)
        assert quote[difference.at : end] == difference.quoted
        quote = quote[: difference.at] + difference.article + quote[end:]
    return quote
