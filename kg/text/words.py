"""Words of English news prose: the tokens of a text with the names in it, and the function words of the language.

There is no dictionary: a word that is neither a name nor listed here may be anything.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

WORD, MARK, NAME, GENITIVE = "word", "mark", "name", "genitive"


class Name(NamedTuple):
    """Words of a text, from `start` to `end` (code points, end exclusive), and the things that they may name."""

    start: int
    end: int
    things: frozenset[str]


class Token(NamedTuple):
    """A word in lower case, a punctuation mark, a name or the ending of a genitive."""

    text: str
    start: int
    end: int
    kind: str
    things: frozenset[str] = frozenset()
    capital: bool = False


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Function words
DETERMINERS = _set(
    "the a an this that these those its their his her our my your some any all both each every no several many"
    " few one two three four five six seven eight nine ten eleven twelve another other such"
)
BEFORE_NOUN = _set("the a an its their his her our my your no every")  # and nothing else
PREPOSITIONS = _set(
    "of in on at by for from to with without over under about against between among amongst into onto through"
    " throughout during after before since until till amid amidst despite across along near within toward towards"
    " via per as than like behind beyond beside besides inside outside off up down out around above below"
    " alongside following including regarding concerning pending given versus upon"
)
PARTICLES = _set("about around away back by down forward in near off on out over through up")  # of verbs: “broke down”
# By themselves they say nothing against anything: “left behind”, “together with”; that something holds still.
WEAK = PARTICLES | frozenset(("behind", "currently", "outside", "so far", "still", "together", "yet"))
TEMPORAL = _set("since until till")  # those of time alone
CONJUNCTIONS = _set(
    "and or but nor while whilst when whenever where wherever because although though if unless whether so yet"
    " once whereas"
)
RELATIVES = _set("which who whom that")
PRONOUNS = _set(
    "it they he she we you i them him us me itself themselves himself herself nobody everyone everybody somebody"
    " someone there what whose how why none neither either"
)
QUESTIONS = _set("what whose how why when where whether if")
_EXCHANGED = (
    "accusations|allegations|barbs|blame|blows|charges|claims|criticism|fire|insults|jibes|recriminations|threats|words"
)
MUTUAL = re.compile(  # “blamed each other”, “trade blame”: what one does to the other that does to the one
    r"\b(?:each other|one another|mutual(?:ly)?"
    rf"|(?:trad|exchang)(?:e|es|ed|ing) (?:[a-z]+ )?(?:{_EXCHANGED})|swap(?:s|ped|ping)? (?:[a-z]+ )?(?:{_EXCHANGED})"
    rf"|(?:{_EXCHANGED}) (?:[a-z]+ )?between)\b",
    re.IGNORECASE,
)
DISTRIBUTING = _set("each every both either all neither")  # what is said of one is said of the others
RECIPROCAL = DISTRIBUTING | _set(
    "other another mutual mutually reciprocal respective respectively turn return exchange"
)
PERSONAL = _set("it they he she we i you them him us me this that these those")
BE = _set("be am is are was were been being 's're")
HAVE = _set("have has had having")
DO = _set("do does did")
WILL = _set("will shall")
MAY = _set("may might could would should can must cannot")
FINITE_BE = _set("am is are was were")
AUXILIARIES = BE | HAVE | DO | WILL | MAY
BEFORE_BASE = frozenset(("to", *WILL, *MAY, *DO))
BEFORE_BARE = _set("help let make dare bid see watch hear")  # verbs before somebody, and the base form of another
PLURALS = _set("people police men women children media data both all others")  # that do not end in -s
FINITE = AUXILIARIES - {"being", "been", "be", "having"}
NOT = _set("not never cannot neither nor hardly")
ADVERBS = _set(
    "also now still already again ever even just only too once then since soon yet jointly together both long"
    " always often once thus therefore however meanwhile instead not never recently so far all"
)
TIME = _set(
    "today yesterday tomorrow tonight monday tuesday wednesday thursday friday saturday sunday january february"
    " march april may. june july august september october november december later earlier ago last next"
)
TO_DATE = ("to ", "until ", "till ", "by ")  # before the date of what is put off
NO_CONDITION = _set("as even ask asks asked wonder wondered know knows see unclear doubt what")  # before “if”
COMPASS = _set("north south east west northeast northwest southeast southwest")
APPROXIMATE = _set(
    "up to about around at least most more than less over under nearly some roughly almost as much many no"
)
SAYING = _set("said say says saying told tell tells added adds")
STOPS = SAYING | COMPASS | PREPOSITIONS | CONJUNCTIONS | RELATIVES | PRONOUNS | AUXILIARIES | NOT | TIME
AND = _set("and or & plus")
ASIDES = _set(", – —")
CURRENCY_SIGNS = _set("$ € £ ¥ ₹ ₺")
BOUNDARIES = _set(". ; : ! ?")
_ADDING = (("along", "with"), ("together", "with"), ("as", "well", "as"), ("joined", "by"))
ADDING = {words[0]: (words,) for words in _ADDING}  # by their first words
# “The capital of Ankara”, “the government of Turkey”: the name after “of” names what the noun before it does.
OF_NAME = _set(
    "capital city town village port island state province region republic kingdom district government regime"
    " authorities administration"
)

# “A year of quarrels”, “90 percent of its fuel”: what they are an amount of is what the verb is about.
OF_AMOUNT = _set(
    "percent cent % half third quarter two-thirds three-quarters most much bulk majority rest part share lot"
    " day days week weeks month months year years decade decades century centuries series round spate string"
)

# Words before “to” or an -ing form that say how far what comes after has come.
INTENDING = _set(
    "plan intend want hope aim expect agree vow pledge promise threaten offer decide seek prepare commit propose"
    " schedule mean need try attempt wish"
)
ADJECTIVES_TO = _set(
    "due set scheduled expected likely able about ready poised going planned slated supposed prepared bound keen"
    " eager willing unable unlikely close obliged estimated"
)
SCHEDULED = _set("due set scheduled expected planned slated")  # after “is”: to come
UNDERTAKINGS = _set(  # nouns before “to”: what comes after has not come by that
    "agreement accord bid contract deal decision intention memorandum offer pact plan plans pledge project promise"
    " proposal programme right tender treaty vow"
)
EITHER_WAY = _set(
    "begin close conclude end expand finish halt open restart resume start stop"
)  # with or without object
ENDING = _set("stop cease end quit halt suspend abandon")
ASKING = _set(  # before somebody and “to”: what comes after has not come
    "invite ask urge want call press order tell encourage allow permit require oblige commit expect instruct warn"
)
OF_WHAT = _set(
    "accuse suspect convict acquit absolve clear rob rid strip deprive inform remind warn notify assure convince"
)
TRYING = _set("attempt try")  # of INTENDING
EFFORTS = _set("arbitrate intercede mediate negotiate")  # who tries to do so does so, with or without success
DENYING = _set("refuse fail decline neglect")
BEGINNING = _set("begin start continue keep resume go")
IMPROVING = _set("expand extend modernise modernize refurbish renovate upgrade")  # who does so has not built it

_TOKENS = re.compile(
    r"(?P<genitive>['’]s\b|(?<=s)['’](?=[ \u00a0]))"
    r"|(?P<word>(?:[A-Z]\.){2,}|[^\W_]+(?:(?:[.,](?=\d)|-|['’](?!s\b))[^\W_]+)*)"
    r"|(?P<mark>[^\w\s])"
)
_NOTHING = frozenset[str]()
_SILENT = frozenset("“”\"‘’'«»")
_CONTRACTED = {"won't": "will", "can't": "can", "shan't": "shall"}


def tokens(text: str, names: Iterable[Name] = ()) -> list[Token]:
    """The tokens of a text, without quotation marks; of names within each other the longest is one token."""
    found: list[Token] = []
    at = 0
    for name in _longest(names):
        found += _between(text, at, name.start)
        found.append(Token(text[name.start : name.end].lower(), name.start, name.end, NAME, name.things, True))
        at = name.end
    found += _between(text, at, len(text))
    return [t for t, after in zip(found, [*found[1:], None], strict=False) if not _is_joining(t, after)]


def _is_joining(token: Token, after: Token | None) -> bool:
    """Whether a token is the hyphen between a name and a word: “Iran-backed”."""
    return token.text == "-" and after is not None and after.kind == WORD and after.start == token.end


def _longest(names: Iterable[Name]) -> Iterator[Name]:
    """Names in order without those within others; the things of equal spans together."""
    spans: dict[tuple[int, int], frozenset[str]] = {}
    for name in names:
        spans[name.start, name.end] = spans.get((name.start, name.end), frozenset()) | name.things
    at = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= at:
            yield Name(start, end, spans[start, end])
            at = end


def _between(text: str, start: int, end: int) -> Iterator[Token]:
    for match in _TOKENS.finditer(text, start, end):
        kind, written = match.lastgroup, match[0]
        if kind == "mark" and written in _SILENT:
            continue
        first, last = match.span()
        lower = "may." if written == "May" and first > 0 else written.lower().replace("’", "'")  # the month
        if lower.endswith("n't"):
            yield Token(_CONTRACTED.get(lower, lower[:-3]), first, last, WORD)
            lower = "not"
        yield Token(lower, first, last, str(kind), _NOTHING, written[:1].isupper())
