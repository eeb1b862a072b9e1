"""English words beside a number by which it is no exact one, and which bounds they say: “up to” is `atMost`."""

import re

# A pattern of the words before a number, in which one space stands for any.
QUALIFIERS = (
    "over|above|more than|greater than|at least|no (?:less|fewer|more) than|not (?:less|more) than|less than|fewer than"
    "|under|below|up to|as (?:many|much|few|little|high|low) as|at most|a (?:maximum|minimum) of|in excess of"
    "|upwards? of|about|around|nearly|almost|some|roughly|approximately|approx\\.|circa|ca\\.|c\\.|close to|near"
    "|(?:an )?estimated|well over|just over|just under|a little over|a little under|slightly (?:more|less) than"
    "|an average of|on average|averaging|as good as|exceeding|topping|nearing|not quite|virtually|or more|or so"
    "|well (?:under|above|below)|far (?:more|less|fewer) than|a minimum|a maximum|maximum|minimum|barely"
)
_NEAR = ("approximately", "lessThan", "atMost")
_SAID = (  # of words that hold others the longer first; the bounds that they say, the best one first
    ("(?:no|not) (?:less|fewer) than|at least|a?\\s?minimum|or more|and more|and up|plus|\\+|≥", ("atLeast",)),
    ("(?:no|not) more than|at most|a?\\s?maximum|up to|or less|or fewer|≤|as (?:many|much|high) as", ("atMost",)),
    ("not quite|nearly|almost|close to|near|nearing|virtually|as good as|just under|a little under", _NEAR),
    ("slightly less than|barely", _NEAR),
    ("less than|fewer than|under|below|<", ("lessThan", "atMost")),
    ("just over|a little over|slightly more than", ("moreThan", "atLeast", "approximately")),
    ("more than|greater than|over|above|in excess of|upwards? of|exceeding|topping|odd|>", ("moreThan", "atLeast")),
    ("as (?:few|little|low) as", ("atLeast",)),
    ("some|about|around|roughly|approx(?:imately|\\.)|circa|ca\\.|c\\.|estimated|average|averaging", _NEAR[:1]),
    ("or so|or thereabouts|something|~|≈|±", _NEAR[:1]),
)
_PATTERNS = tuple((re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), bounds) for words, bounds in _SAID)
# Words by which a number may be bounded from further away: “between five and ten”, “the limit is 30”.
_LOOSE = re.compile(
    r"\b(?:(?:between|from)(?= (?:\w+ )?[$€£]?\d| (?:one|two|three|four|five|six|seven|eight|nine|ten)\b)"
    r"|range|ranging|limit\w*|cap(?:ped)?|ceiling|threshold|exceed\w*|surpass\w*|reach\w*|minim\w+"
    r"|maxim\w+|least|most|more|less|fewer|dozens|hundreds|thousands|several|estimate\w*|as|within|or)\b|\d\s?[-–—]\s?\d",
    re.IGNORECASE,
)


def bounds(qualifier: str) -> tuple[str, ...]:
    """The local names of the bounds that words beside a number say, the best one first: of “up to” atMost.

    Others follow that say less and are not wrong. Empty where the words say none.
    """
    found = (said for pattern, said in _PATTERNS if pattern.search(qualifier.replace("\u00a0", " ")))
    return next(found, ())


def may_bound(text: str) -> bool:
    """Whether a text has words that say a bound of some number in it, or may do so."""
    return _LOOSE.search(text) is not None or bounds(text) != ()
