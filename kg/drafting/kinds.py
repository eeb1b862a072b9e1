"""The class of a thing of which a text has no more than the name: by a noun in the name, else by the words around it.

“Kadir Has University” says it itself; a title before a name makes a person of it, “the capital,” a city, an adjective
elsewhere in the text (“Talvian”) a state. Where words speak for nothing narrow, the class is a broad one.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from kg.drafting.gazetteer import Gazetteer
from kg.rdf.namespaces import ENT, local_name
from kg.text.forms import PLACE, flat, forms


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = (
    "prime minister|vice[- ]president|president|premier|chancellor|governor|mayor|chairman|chairwoman|chair|king|queen"
    "|emir|sultan|secretary[- ]general"
    "|(?:(?:agriculture|commerce|culture|defen[cs]e|development|economy|education|energy|environment|finance|foreign"
    "|health|home|housing|industry|infrastructure|interior|justice|labou?r|mines|mining|oil|petroleum|planning|power"
    "|(?:public )?works|roads|security|tourism|trade|transport|water) )?minister"
    "(?: (?:of|for) [A-Z][a-z]+)?|ambassador|professor|analyst|researcher|hydrologist"
    "|economist|spokes(?:man|woman|person)|general secretary|director(?:[- ]general)?"
    "|chief (?:executive|negotiator|economist|engineer|prosecutor|of staff)|envoy|negotiator"
    "|commander|senator|commissioner|leader|head(?= of )"
)
HEADS, HEADED = "heads|leads|chairs", "headed|led|chaired"  # what who is at the head of a body does, and did
_FORMS_OF_ADDRESS = "mr|mrs|ms|dr|sir|counterpart|lawyer|general"
_ADDRESS = re.compile(rf"(?:\b(?i:{TITLES}|{_FORMS_OF_ADDRESS})s?\.?,?)\s\Z")
_SAYS = re.compile(r"\A(?:,[^,]{1,80},)? (?:said|says|told|added|warned|wrote|argued|insisted)\b")
_WHO = re.compile(r"\A,? who\b")
_OF_SAYING = re.compile(r"(?:said|says|according to|told by)\s\Z")
_AFTER_TITLE = re.compile(
    rf"\A(?: \([^)]*\))?(?:, | who is )(?:a|an|the|who is|former)? ?(?:[\w’']+ ){{0,3}}?(?i:{TITLES})\b"
)
# “its chief executive is Ada Holm”, “the Minister of Economy of Lorvia, Ada Holm,”
_IS_TITLED = re.compile(
    rf"\b(?i:{TITLES})s?"
    r"(?: (?:is|was)|(?: (?:of|for|at) (?:the )?[A-Z][\w’'-]+(?: (?:and )?[A-Z][\w’'-]+)*){1,2},) \Z"
)
_OWNS = re.compile(
    rf"\A[’']s? (?:former |first |last )?(?i:{TITLES}|capital|government|parliament|troops|border|army|ministry)\b"
)
_CAPITAL = re.compile(r"\bcapital(?: of|,)?\s\Z")
_IS_CAPITAL = re.compile(r"\A, (?:the|its) (?:[\w’']+ )?capital\b")
_WITH_PEOPLE = "people|fishermen|residents|town|village|city|port|district|harbou?r|province|region|suburb|airport"
_IN = re.compile(rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Ff]rom|[Oo]utside|[Tt]hrough|(?:{_WITH_PEOPLE}) of)\s\Z")
_LINE = "line|railway|railroad|road|highway|pipeline|route|link|cable|bridge|tunnel|ferry|stretch|section|border"
_BY_LINE = re.compile(  # “the railway to Melk”, “from Estren through Melk”, “the line between Estren and Melk”
    rf"\b(?:{_LINE}) (?:from [A-Z][\w-]+ )?to \Z|\bfrom [A-Z][\w-]+ (?:through|via) \Z"
    rf"|\b(?:{_LINE}) between (?:the port of )?(?:[A-Z][\w-]+(?: [A-Z][\w-]+)? and )?\Z"
)
_VISITED = re.compile(
    r"\b(?:visit(?:s|ed|ing)?|tour(?:s|ed|ing)|arriv(?:es?|ed|ing) in|flew to|travel(?:s|led|ed|ling)? to) \Z"
)
_AT = re.compile(r"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Oo]utside|[Ii]nside) (?:the |[A-Z][\w-]+[’']s )?\Z")
_BUILDINGS = _set("airport castle hall hotel house market palace residence square stadium station")
_FIRMS = "carrier|conglomerate|consortium|contractor|insurer|manufacturer|refiner|shipbuilder|steelmaker|utility"
_FIRM = re.compile(rf"\b(?:{_FIRMS}) \Z")
# Of a state, or based somewhere, these are firms too: “a Danish builder”.
_MAYBE_FIRMS = "builder|developer|maker|miner|operator|producer|supplier|trader"
_IS_FIRM = re.compile(
    rf"\A, (?:an?|the) (?:(?:[\w-]+ ){{0,3}}?(?:{_FIRMS})"
    rf"|(?:[\w-]+ )?[A-Z][\w-]+(?: [a-z-]+){{0,2}}? (?:{_MAYBE_FIRMS})"
    rf"|(?:[a-z-]+ ){{0,2}}?(?:{_MAYBE_FIRMS}) based)\b(?! (?:at|from|of)\b)"
)
_TO = re.compile(r"\b[Ff]rom (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)? to (?:the )?\Z")  # “from Mbeya to Karonga”
_IS_FROM = re.compile(r"\A to (?:the )?[A-Z]")
_CONTINENTS = frozenset(
    [
        "Africa",
        "America",
        "Americas",
        "Antarctica",
        "Arctic",
        "Asia",
        "Australasia",
        "Balkans",
        "Caribbean",
        "Caucasus",
        "Europe",
        "Eurasia",
        "Maghreb",
        "Oceania",
        "Sahel",
    ]
)
_A_NOUN = re.compile(r", (?:a|an|the) (?P<noun>[^,.;–]{3,60}?)(?: (?:at|for|in|of|which|who|with)\b|[,.;–])")
_PLACED = re.compile(r"\b(?:annexation|invasion|island|coast|water|waters|banks) of (?:the )?\Z")
_IS_PLACED = re.compile(r"\A (?:coast|border|region|valley)\b")
_STATE = re.compile(r"\b(?:[Nn]eighbou?ring|Kingdom of|Republic of)\s\Z")
_GOES_ON = re.compile(r"\Z| (?:that|based|from|led|run|set|on|near|to|by)\b")  # no “, the ministry said”
_A_COMPANY = re.compile(r"\b(?P<noun>[a-z]+(?: [a-z]+)?) \Z")
_BYLINE = re.compile(r"(?:(?:\A|\n)By|\b(?:Reporting|Editing|Writing) by(?: [^()]{3,60} and)?)\s\Z")
_LED = re.compile(rf"\b(?:{HEADED})(?: since \d{{4}})? by\s\Z")
_NOUNS = {
    "Organisation": _set(
        "agency assembly association authority bank board chamber commission committee congress corporation council"
        " court federation foundation fund group institute institution league ministry movement network organisation"
        " organization parliament party senate tribunal union university commerce"
    ),
    "Company": _set(
        "company hydro oil gas energy power electric corp inc ltd plc holding motors steel"
        " airlines airports airways ferries pipelines ports railways shipyards terminals"
    ),
    "ArmedGroup": _set("army front brigades militia guard forces"),
    "NewsOrganisation": _set("courier herald times post world news press gazette tribune observer journal"),
    "Programme": _set("programme program corridor initiative scheme"),
    "Place": _set(
        "valley mountain mountains hills bay cape coast desert forest island islands lake ocean peninsula region castle"
        " border"
    ),
}
_FIRST = {
    **dict.fromkeys(("lake", "mount", "cape", "port", "ras", "bay"), "Place"),
    **dict.fromkeys(("river",), "River"),
    **dict.fromkeys(("institute", "bank", "ministry", "association", "union", "chamber"), "Organisation"),
}
_LEAD = 90  # code points before a name that are looked at
_WANTED = ("Actor", "Place", "InfrastructureProject", "Programme", "WeaponsSystem")


class Kinds:
    """The classes of the new names of one text."""

    def __init__(self, known: Gazetteer, broader: Mapping[str, set[str]], text: str) -> None:
        """`broader` has the classes above each class, by their IRIs."""
        self._known, self._broader, self._text = known, broader, text

    def is_a(self, kind: str, above: str) -> bool:
        """Whether a class (IRI) is another one (local name), or below it."""
        return kind == ENT + above or ENT + above in self._broader.get(kind, ())

    def of(self, name: str) -> str:
        """The class (IRI) of a name."""
        if name.removeprefix("the ") in _CONTINENTS:
            return ENT + "Place"
        return self._by_noun(name) or self._by_context(name)

    def _by_noun(self, name: str) -> str:
        """The class for which a noun at the end or the beginning of a name speaks; empty where none does."""
        lower = re.sub(r" (?:for|and) .*", "", name).lower()
        words = re.findall(r"[\w’'-]+", lower)
        if len(words) < 2:
            return ""
        head = re.findall(r"[\w’'-]+", lower.partition(" of ")[0])[-1:] if " of " in lower else []
        for kind, nouns in _NOUNS.items() if head else ():
            if head[0] in nouns:
                return self._narrower(head[0], kind)  # “Union of Inner States” is no state
        if words[-1] in _NOUNS["Company"]:
            return ENT + "Company"  # “Lorvian Railways” is no railway
        fits = [m for m in self._known.classes.find_all(lower) if m.end == len(lower) or lower[m.end :][:4] == " of "]
        kinds = [k for m in fits for k in m.iris if any(self.is_a(k, above) for above in _WANTED)]
        if kinds:
            return kinds[0]
        last = next((ENT + kind for kind, nouns in _NOUNS.items() if words[-1] in nouns), "")
        return last or (ENT + _FIRST[words[0]] if words[0] in _FIRST else "")

    def _narrower(self, noun: str, kind: str) -> str:
        """The class (IRI) of the very noun, below a class (local name) if there is one: “University of Melk”."""
        found = (k for m in self._known.classes.find_all(noun) if m.words == noun for k in m.iris)
        return next((k for k in found if self.is_a(k, kind)), ENT + kind)

    def _by_context(self, name: str) -> str:
        """The class for which the words around a name speak, in all places where the text has it."""
        votes: Counter[str] = Counter()
        several = " " in name
        matches = [*re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", self._text)]
        for match in matches:
            before = self._text[max(0, match.start() - _LEAD) : match.start()]
            if len(matches) == 1 and not several and _VISITED.search(before):
                votes["Place"] += 1  # and not who acts elsewhere
            votes.update(self._apposition(match.end()))
            if name.rsplit(" ", 1)[-1].lower() in _BUILDINGS and _AT.search(before):
                votes["Place"] += 3
            votes.update(self._noun_before(before))
            votes.update(_votes(before, self._text[match.end() : match.end() + 100], several=several))
        adjectives = forms(name, PLACE, {}) - {flat(name), flat(name).upper(), name}
        if not several and any(re.search(rf"(?<!\w){re.escape(a)}(?!\w)", flat(self._text)) for a in adjectives):
            votes["State"] += 3
        if any(kind != "Place" and self.is_a(ENT + kind, "Place") for kind in votes):
            del votes["Place"]  # a city or a state is one
        if votes:
            return ENT + max(votes, key=lambda kind: (votes[kind], kind))
        plain = several and name.replace("-", " ").replace(" ", "").isalpha() and " of " not in name
        if plain and not self._has_common_word(name):
            return ENT + ("Person" if self._is_shortened(name) else "Actor")
        uses = re.findall(rf"(\bthe )?(?<![\w-]){re.escape(name)}(?![\w-])", self._text, re.IGNORECASE)
        place = not several and not name.isupper() and uses and all(uses)  # “the Ashune”
        return ENT + ("Place" if place else "Actor")

    def _is_shortened(self, name: str) -> bool:
        """Whether the text has the last word of a name alone as well, as it has the surnames of persons."""
        first, _, last = name.rpartition(" ")
        alone = rf"(?<![\w-])(?<!{re.escape(first)} ){re.escape(last)}(?![\w-])"
        return re.search(alone, self._text) is not None

    def _has_common_word(self, name: str) -> bool:
        """Whether the last word of a name is one that the text has in lower case too: “Harrow Terminals”."""
        last = name.rsplit(" ", 1)[-1].lower()
        stem = last.removesuffix("s")
        return len(stem) > 3 and re.search(rf"(?<![\w-]){re.escape(stem)}s?(?![\w-])", self._text) is not None

    def _noun_before(self, before: str) -> dict[str, int]:
        """The class that a noun right before a name gives: “the Sarrian company Harrow Terminals”."""
        told = _A_COMPANY.search(before)
        fits = [m for m in self._known.classes.find_all(told["noun"]) if m.end == len(told["noun"])] if told else []
        kinds = [k for m in fits for k in m.iris if any(self.is_a(k, above) for above in _WANTED)]
        return {local_name(kinds[0]): 5} if kinds else {}

    def _apposition(self, at: int) -> dict[str, int]:
        """The class that a noun after a comma gives: “Merrow Hydro, a Sundrian company”, “the Pact, an alliance”."""
        told = _A_NOUN.match(self._text, at)
        noun = told["noun"].lower() if told else ""
        fits = [m for m in self._known.classes.find_all(noun) if _GOES_ON.match(noun[m.end :])]
        kinds = [k for m in fits for k in m.iris if any(self.is_a(k, above) for above in _WANTED)]
        return {local_name(kinds[-1]): 5} if kinds else {}


def _votes(before: str, after: str, *, several: bool) -> Iterator[str]:
    """The classes for which the words before and after a name speak; a weighty one several times."""
    if _BYLINE.search(before) or _ADDRESS.search(before) or (several and _AFTER_TITLE.match(after)):
        yield from ("Person",) * 3
    if _FIRM.search(before) or _IS_FIRM.match(after):
        yield from ("Company",) * 3
    if several and _IS_TITLED.search(before):
        yield from ("Person",) * 3
    if several and _WHO.match(after):
        yield from ("Person",) * 3
    if several and (_SAYS.match(after) or _OF_SAYING.search(before) or _LED.search(before)):
        yield from ("Person",) * 2
    if _CAPITAL.search(before) or _IS_CAPITAL.match(after):
        yield from ("City",) * 4
    if _OWNS.match(after) or _STATE.search(before):
        yield from ("State",) * 3
    if _PLACED.search(before) or _IS_PLACED.match(after):
        yield from ("Place",) * 2
    if _TO.search(before) or (_IN.search(before) and _IS_FROM.match(after)):
        yield from ("Place",) * 2
    if _BY_LINE.search(before):
        yield from ("Place",) * 2
    if _IN.search(before):
        yield "Place"
