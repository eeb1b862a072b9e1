"""Repetition in English sentences: a name said shorter where the sentence says anyway what the name repeats."""

import re
from functools import lru_cache

from kg.text.phrases import bare, genitive

# What may stand between a noun and a name that it is told by: “war in Syria”, “talks sponsored by the council”.
_LINK = "about|against|at|between|by|for|from|in|involving|near|of|on|over|to|under|with"
_TAIL = re.compile(rf"(?P<noun>.+?)(?: \w+ed by| (?:{_LINK})) (?:the |an? )?", re.IGNORECASE)
_FROM_TO = re.compile(r"(?P<noun>.+?) from (?:the )?(?P<start>.+?) to (?:the )?(?P<end>.+)", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?P<noun>.+?) between (?:the )?(?P<one>.+?) and (?:the )?(?P<other>.+?)(?P<rest> (?:at|in|on|over) .+)?"
)
_LINKED = re.compile(rf"(?:^| )(?:and|or|{_LINK})$")
_OWNER = re.compile("[A-Z][^’]*?(?:’s|s’) ")
_FOLDING = frozenset("ıſ")  # letters that regular expressions take for ASCII where case does not matter


def find(name: str, text: str, start: int = 0) -> tuple[int, int] | None:
    """Where a text has a name from a place on that is not a part of a word, in capitals or not.

    As a regular expression finds it; faster than to compile one for each name.
    """
    lowered = text.lower()
    if not _is_plain(name) or len(lowered) != len(text) or not _FOLDING.isdisjoint(text):
        found = _whole(name).search(text, start)
        return found.span() if found else None
    wanted = name.lower()
    at = lowered.find(wanted, start)
    while at >= 0:
        end = at + len(wanted)
        if not (_is_word(lowered[at - 1 : at]) or _is_word(lowered[end : end + 1])):
            return at, end
        at = lowered.find(wanted, at + 1)
    return None


@lru_cache(maxsize=20_000)
def _is_plain(name: str) -> bool:
    """Whether case is all by which a regular expression may find other letters than those of a name: ASCII, or none."""
    return name.isascii() or all(c.isascii() or c.lower() == c == c.upper() for c in name)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


@lru_cache(maxsize=1_000)
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)


def repeats(name: str, other: str) -> bool:
    """Whether a name has another within, in whole words."""
    within = bare(other)
    return find(within, name) is not None and within != bare(name)


def without(name: str, other: str) -> str:
    """A name without the other in it: “the war” for “the war in Syria” and “Syria”; empty where it stays in.

    The other stands at its end after a preposition, or at its beginning in the genitive. “From one to another” goes
    whole: “the pipeline” for “the pipeline from Eldoret to Kampala”, beside either.
    """
    if not repeats(name, other):
        return ""
    route = _FROM_TO.fullmatch(name)
    if route and bare(other).lower() in (route["start"].lower(), route["end"].lower()):
        return route["noun"]
    if between := _BETWEEN.fullmatch(name):  # “the deal with Sudmark”, beside Lorvia
        ends = [between["one"], between["other"]]
        if bare(other) in ends:
            ends.remove(bare(other))
            return f"{between['noun']} with {ends[0]}{between['rest'] or ''}"
    at = len(name) - len(bare(other))
    tail = _TAIL.fullmatch(name[:at]) if at >= 0 and find(bare(other), name, at) == (at, len(name)) else None
    if tail and not _LINKED.search(tail["noun"]):
        return tail["noun"]
    of = next((x for x in (f"{genitive(other)} ", f"{other}'s ") if name.startswith(x)), "")
    if of:
        return f"the {name[len(of) :]}"
    return name.replace(f" of {other} ", " ", 1) if f" of {other} " in name and f" of {other} and" not in name else ""


def without_owner(name: str) -> str:
    """A name without a genitive at its beginning: “Prime Minister” for “Lorvia’s Prime Minister”."""
    return _OWNER.sub("", name, count=1)


def not_of(name: str, owner: str) -> str:
    """A name without its owner, in the genitive, after “of” or “to”: “the demand” for “Ada Holm’s demand”."""
    of = f"{genitive(owner)} "
    name = name.replace(f" involving {owner}", "", 1) if name.startswith("the event ") else name
    noun = name.removesuffix(f" of {owner}")
    if (same := _OWNER.match(name)) and owner.startswith(same[0]):  # Ada Holm’s visit, beside Ada Holm’s talks
        of = same[0]
    if _OWNER.match(name) and name.endswith(f" to {owner}"):  # Ada Holm’s demand to Lorvia
        return name.removesuffix(f" to {owner}")
    if noun != name and noun.startswith("the ") and " of " not in noun:
        return noun
    return f"the {name[len(of) :]}" if name.startswith(of) and name[len(of) : len(of) + 1].islower() else name


def noun_of(name: str, other: str) -> str:
    """The noun of a name that goes on as the other does: “the meeting”, beside “the press conference of Ada in Melk”.

    Empty for a name that does not, “the meeting of Bea”.
    """
    noun, link, rest = name.partition(" of ")
    return noun if link and other.endswith(f" of {rest}") and name != other else ""


def is_said_twice(name: str, sentence: str) -> bool:
    """Whether a sentence has the noun of a name more than once: “The head is at the head of the regime”."""
    noun = name.rpartition(" ")[2]
    first = find(noun, sentence)
    return first is not None and find(noun, sentence, first[1]) is not None
