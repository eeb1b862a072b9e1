"""Inflection of English verbs: the forms of a base verb, the base verbs of a form, and a verb in a tense.

A verb is its base form, with `_` before each other word of a phrasal verb: `back`, `side_with`, `call_on`. Only its
first word is inflected. Spelling is British where the two differ (“cancelled”); American spellings are recognised. A
verb that is not listed as irregular is taken to be regular, so every word can be inflected.

Only this module knows English verbs. Another language has a module of its own, with `forms`, `spellings`, `bases` and
`conjugate`.
"""

import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

Tense = Literal[
    "present",
    "past",
    "perfect",
    "progressive",
    "perfect progressive",
    "past progressive",
    "planned",
    "was planned",
    "outstanding",
    "begun",
    "meant",
    "intended",
    "expected",
    "either",
]

NOT_YET: tuple[Tense, ...] = ("outstanding", "planned", "was planned", "intended", "expected")  # or never

# Base, past and past participle, where it differs from the past.
_IRREGULAR = """
arise arose arisen; awake awoke awoken; be was been; bear bore borne; beat beat beaten; become became become;
begin began begun; bend bent; bet bet; bid bid; bind bound; bite bit bitten; bleed bled; blow blew blown;
break broke broken; breed bred; bring brought; broadcast broadcast; build built; burst burst; buy bought; cast cast;
catch caught; choose chose chosen; cling clung; come came come; cost cost; creep crept; cut cut; deal dealt; dig dug;
do did done; draw drew drawn; drink drank drunk; drive drove driven; dwell dwelt; eat ate eaten; fall fell fallen;
feed fed; feel felt; fight fought; find found; flee fled; fly flew flown; forbid forbade forbidden; forecast forecast;
forget forgot forgotten; forgive forgave forgiven; forgo forwent forgone; forsake forsook forsaken;
freeze froze frozen; get got; give gave given; go went gone; grind ground; grow grew grown; hang hung; have had;
hear heard; hide hid hidden; hit hit; hold held; hurt hurt; keep kept; kneel knelt; knit knit; know knew known;
lay laid; lead led; leave left; lend lent; let let; lie lay lain; light lit; lose lost; make made; mean meant;
meet met; mow mowed mown; offset offset; pay paid; put put; quit quit; read read; rend rent; rid rid;
ride rode ridden; ring rang rung; rise rose risen; run ran run; say said; see saw seen; seek sought; sell sold;
send sent; set set; shake shook shaken; shear sheared shorn; shed shed; shoot shot; show showed shown;
shrink shrank shrunk; shut shut; sing sang sung; sink sank sunk; sit sat; slay slew slain; sleep slept; slide slid;
sling slung; slit slit; smite smote smitten; sow sowed sown; speak spoke spoken; speed sped; spend spent; spin spun;
spit spat; split split; spread spread; spring sprang sprung; stand stood; steal stole stolen; stick stuck;
sting stung; stink stank stunk; strew strewed strewn; stride strode stridden; strike struck; string strung;
strive strove striven; swear swore sworn; sweep swept; swell swelled swollen; swim swam swum; swing swung;
take took taken; teach taught; tear tore torn; tell told; think thought; throw threw thrown; thrust thrust;
tread trod trodden; wear wore worn; weave wove woven; wed wed; weep wept; win won; wind wound;
withdraw withdrew withdrawn; wring wrung; write wrote written
"""
# Other spellings and forms, only recognised: base, variant.
_VARIANTS = """
burn burnt; get gotten; learn learnt; lean leant; leap leapt; strike stricken; light lighted; plead pled;
prove proven; spell spelt; spill spilt; speed speeded; bid bade; bid bidden; broadcast broadcasted;
forecast forecasted; hang hanged; quit quitted; sew sewn; focus focussed; focus focusses;
focus focussing; benefit benefitted; benefit benefitting; target targetted; target targetting; age aging
"""
_PREFIXES = ("back", "be", "for", "fore", "mis", "out", "over", "re", "un", "under", "up", "with")
_NOT_DERIVED = ("behave", "belay", "belie", "delay", "relay")  # regular, though they end as an irregular verb
# Verbs of several syllables that double their last consonant, since the last is stressed or by custom.
_DOUBLED = """
abet abhor abut acquit admit allot annul begin commit compel concur confer control defer demur deter dispel embed emit
enrol equip excel expel extol forget format fulfil handicap impel incur infer inter kidnap leapfrog occur offset omit
outfit overlap patrol permit prefer program propel rebel reboot rebut recap recur refer refit regret remit repel
submit transfer transmit unplug unzip worship
"""
_BEGINNINGS = {"go_on": "begin"}  # of what is not yet, or of which no more is known
_ENDED = {"go_on": "take_place"}  # of what is over
_AUXILIARIES = """
are can cannot could did do does had has have is may might must shall should was were will would
"""
_AUXILIARY = frozenset(_AUXILIARIES.split())
_NO_PAST = frozenset(["indeed", "hundred", "red", "sacred"])  # and no participle
_UNDER_WAY = {"build": "under construction"}
_DOUBLED_L = ("dial", "duel", "fuel", "initial", "refuel")  # as by the rule for -l, though after two vowels
_DETERMINERS = (
    *("a", "all", "an", "any", "both", "each", "her", "his", "its", "no"),
    *("our", "that", "the", "their", "these", "this", "those"),
    *("half", "many", "most", "several", "some"),
)
_LEADING = re.compile("(?:[a-z]+ly|also|now|still) ")  # “currently imports most of its fuel”
_AND = re.compile(r",? and ")
_MOST_KEPT = 16_384  # words of which the verbs are kept
_STATIVE = ("be", "belong", "border", "contain", "cost", "depend", "have", "know", "lie", "own")


class Forms(NamedTuple):
    """The forms of a verb, each with all its words: “side with”, “sides with”, “sided with” twice, “siding with”."""

    base: str
    third: str
    past: str
    participle: str
    ing: str


def forms(verb: str) -> Forms:
    """The forms of a verb, as they are written here: of `buy`, “buys”, “bought”, “bought”, “buying”."""
    head, *rest = _words(verb)
    return Forms(*(" ".join([word, *rest]) for word in _forms(head)))


@lru_cache(_MOST_KEPT)
def spellings(verb: str) -> frozenset[str]:
    """Each way to write a form of a verb, to look for it in a text: “cancelled” and “canceled”, “was” and “were”."""
    head, *rest = _words(verb)
    found = {*_forms(head), *_variants().get(head, ())}
    if head == "be":
        found |= {"am", "are", "were"}
    if head.endswith("l") and head not in _doubled():  # the American spelling
        found |= {word.replace(head + "l", head) for word in found}
    return frozenset(" ".join([word, *rest]) for word in found)


@lru_cache(_MOST_KEPT)
def bases(word: str) -> frozenset[str]:
    """The verbs of which a word may be a form, lower-case, of one word each: “lay” is one of `lay` and of `lie`.

    Where one keeps no list of verbs, a regular form can be of several (“planned” of `plan` and, if there were such a
    verb, of `plann`): compare these with the verbs that are looked for. `base in bases(form)` wherever `form` is one of
    `spellings(base)`.
    """
    word = word.lower()
    stems = {word, *_irregular_bases(word)}
    for ending in ("s", "es", "ed", "d", "ing"):
        stem = word.removesuffix(ending)
        if stem and stem != word:
            stems |= {stem, stem + "e", stem.removesuffix("k")}
            stems |= {stem.removesuffix("i") + "y", stem.removesuffix("y") + "ie"}
            stems |= {stem[:-1]} if stem[-1:] == stem[-2:-1] else set()
    return frozenset(stem for stem in stems if stem and word in spellings(stem))


@lru_cache(_MOST_KEPT)
def form_names(base: str, word: str) -> frozenset[str]:
    """The names of the forms of a verb that a word may be: of `buy`, “bought” is `past` and `participle`."""
    if base == "be" and word in ("am", "are", "were"):
        return frozenset({"third" if word != "were" else "past"})
    found = {name for name, form in zip(Forms._fields, forms(base), strict=True) if form == word}
    if not found and word in spellings(base):  # another spelling
        found = {"ing"} if word.endswith("ing") else {"third"} if word.endswith("s") else {"past", "participle"}
    return frozenset(found)


def is_predicate(text: str) -> bool:
    """Whether a text begins as what somebody does, and no noun: “withdrew its consent”, “to withdraw its consent”."""
    first, second, *_ = (*text.lower().split(), "", "")
    if first == "to":
        return bool(second.isalpha() and second not in _DETERMINERS)
    names = {name for base in bases(first) for name in form_names(base, first)}
    return second in _DETERMINERS and not names.isdisjoint({"past", "third"})


def is_to_do(text: str) -> bool:
    """Whether a text begins with “to” and a verb: “to reduce the fighting”."""
    return is_predicate(text) and text.split(" ", 1)[0].lower() == "to"


def is_finite(text: str) -> bool:
    """Whether a text begins with what somebody does or did: “withdraws its troops”, “recalled its ambassador”."""
    return is_predicate(text) and text.split(" ", 1)[0].lower() != "to"


def is_told(text: str, *, plural: bool = False) -> bool:
    """Whether a text goes on after a subject as what it does or did: “came close to war”, “will meet once a year”.

    As is_finite, and also words after which anything may stand: an auxiliary, or a verb in the past; and a verb before
    a name, “owes Sudmark a loan”. With `plural` as well a base form before its object: “doubt the plan”.
    """
    text = _LEADING.sub("", text)
    first, second, *_ = (*text.split(), "", "")
    if first in _AUXILIARY or (first, second) == ("no", "longer"):
        return True
    is_past = first.islower() and any("past" in form_names(base, first) for base in bases(first))
    is_base = first in _irregular() or first in _NO_PAST  # “cut”, “put”: as well in the present
    if first.islower() and second[:1].isupper() and any("third" in form_names(base, first) for base in bases(first)):
        return True
    if plural and first.isalpha() and first.islower() and second in _DETERMINERS:
        return True
    return is_finite(text) or (is_past and not is_base)


def alone(text: str) -> str:
    """Words that are a verb alone, as they tell what somebody did: “have detained”, of “given” “gave”; else empty."""
    *before, last = text.lower().split() or [""]
    names = {name for base in bases(last) for name in form_names(base, last)}
    if not {"past", "participle"} & names or not _AUXILIARY.issuperset(before):
        return ""
    return " ".join([*before, last if before or "past" in names else forms(_base_of_participle(last)).past])


def told_apart(text: str) -> list[str]:
    """What is told, apart where “and” joins two verbs: “closed the port and reopened it”."""
    first, rest = text, list[str]()
    for match in reversed([*_AND.finditer(text)]):
        if is_told(after := first[match.end() :]):
            first, rest = first[: match.start()], [after, *rest]
    return [first, *rest]


def is_gerund(text: str) -> bool:
    """Whether a text begins with a verb in its form with -ing: “spying for Lorvia”."""
    first = text.split(" ", 1)[0]
    is_form = any("ing" in form_names(base, first) for base in bases(first))
    return first.islower() and is_form and re.search("[aeiouy]", first[:-3]) is not None  # no thing


def is_infinitive(text: str) -> bool:
    """Whether a text begins with a verb in its base form, as after “to”: “release Ada Holm”, “come to their aid”.

    What may as well be a noun (“pay rises”, “work on the dam”) is none.
    """
    first, second, *_ = (*text.split(), "", "")
    if _irregular_parts(first) is not None:
        return True
    is_followed = second.lower() in (*_DETERMINERS, "it", "them") or second[:1].isupper()
    is_form = first in _DETERMINERS or re.search("(?:ing|ed|[^s]s)$", first) or first in _by_form()
    return first.islower() and is_followed and not is_form


def is_duty(text: str) -> bool:
    """Whether what should be the title of an office is what its holder does: “leads”, “leads the party”."""
    first, second, *_ = (*text.split(), "", "")
    third = first.islower() and any("third" in form_names(base, first) for base in bases(first))
    return is_predicate(text) or (third and (not second or second[0].isupper()))


def of_purpose(tense: Tense) -> Tense:
    """A tense as it is told of what can want nothing: “is meant to”, not “wants to”."""
    return "meant" if tense == "intended" else tense


def conjugate(verb: str, tense: Tense = "present", *, plural: bool = False, passive: bool = False) -> str:
    """A verb in the third person: “backs”, “are building”, “is to buy”, “was to be built”, “have been backed”.

    `planned` says no more than that it is intended (“is to buy”), `was planned` that it once was (“was to buy”),
    `outstanding` that it has not happened (“has not bought”), `begun` that it was once begun (“began to buy”), `meant`
    what a thing is for, whether or not it is there (“is meant to carry”), `intended` that somebody wants it (“wants to
    sue”), `expected` that somebody foresees it (“is expected to open”), and `either` no more than that it is so or was
    (“backs or backed”). A verb of state has no progressive (“lies in”). The other words of a phrasal verb stay with
    it: “was called for”. A passive may also be written as such: of `be_built` “is being built”.
    """
    if tense == "begun" and verb in _BEGINNINGS:
        verb, tense = _BEGINNINGS[verb], "past"
    if tense == "past":
        verb = _ENDED.get(verb, verb)
    if tense in NOT_YET:
        verb = _BEGINNINGS.get(verb, verb)
    head, *rest = _words(verb)
    if head == "be" and rest and (base := _base_of_participle(rest[0])):
        return conjugate("_".join([base, *rest[1:]]), tense, plural=plural, passive=True)
    if passive:
        if tense == "perfect progressive":  # never “has been being built”
            return " ".join(["have" if plural else "has", "been", _UNDER_WAY.get(head, "in progress"), *rest])
        tense = of_purpose(tense)  # nobody wants to be built
        return " ".join([_finite("be", tense, plural, not _is_stative(head)), _forms(head).participle, *rest])
    return " ".join([_finite(head, tense, plural, not _is_stative(head)), *rest])


def _base_of_participle(word: str) -> str:
    """A verb of which a word is the past participle, of “built” `build`; empty where the word is none."""
    found = (base for base in bases(word) if _forms(base).participle == word)
    return min((base for base in found if word.endswith("ed") or _irregular_parts(base)), key=len, default="")


def _finite(head: str, tense: Tense, plural: bool, progresses: bool) -> str:
    base, third, past, participle, ing = _forms(head)
    be, was, have = ("are", "were", "have") if plural else ("is", "was", "has")
    present = be if head == "be" else base if plural else third
    return {
        "present": present,
        "past": was if head == "be" else past,
        "perfect": f"{have} {participle}",
        "progressive": f"{be} {ing}" if progresses else present,
        "perfect progressive": f"{have} {'been ' + ing if progresses else participle}",
        "past progressive": f"{was} {ing}" if progresses else was if head == "be" else past,
        "planned": f"{be} to {base}",
        "was planned": f"{was} to {base}",
        "outstanding": f"{have} not {participle}",
        "meant": f"{be} meant to {base}",
        "intended": f"{'want' if plural else 'wants'} to {base}",
        "expected": f"{be} expected to {base}",
        "either": f"{present} or {was if head == 'be' else past}",
        "begun": f"began to {base}",
    }[tense]


def _words(verb: str) -> list[str]:
    return verb.lower().replace("_", " ").split(" ")


def _is_stative(head: str) -> bool:
    return head in _STATIVE


@lru_cache(_MOST_KEPT)
def _forms(head: str) -> Forms:
    past, participle = _irregular_parts(head) or (_with_ed(head),) * 2
    return Forms(head, _third(head), past, participle, _with_ing(head))


def _third(head: str) -> str:
    if head in ("be", "have"):
        return {"be": "is", "have": "has"}[head]
    if re.search("(?:[^aeiou]|qu)y$", head):
        return head[:-1] + "ies"
    if head.endswith("z") and _doubles(head):
        return head + "zes"
    return head + ("es" if re.search("(?:s|x|z|ch|sh|[^aeiou]o)$", head) else "s")


def _with_ed(head: str) -> str:
    if re.search("(?:[^aeiou]|qu)y$", head):
        return head[:-1] + "ied"
    return head + "d" if head.endswith("e") else _stem(head) + "ed"


def _with_ing(head: str) -> str:
    if head in ("age", "singe"):
        return head + "ing"
    if head.endswith("ie"):
        return head[:-2] + "ying"
    if head.endswith("e") and not re.search("(?:[eoy]e|^be)$", head):
        return head[:-1] + "ing"
    return _stem(head) + "ing"


def _stem(head: str) -> str:
    """A verb as it stands before -ed and -ing: “plann”, “panick”."""
    if re.search("..ic$", head):
        return head + "k"
    return head + head[-1] if _doubles(head) else head


def _doubles(head: str) -> bool:
    """Whether the last consonant is doubled: after one vowel that is stressed, and of -l also where it is not."""
    if head in _DOUBLED_L or head in _doubled():
        return True
    if not re.search("(?:^|[^aeiou]|qu)[aeiouy][bcdfgklmnprstvz]$", head):
        return False
    stressed = {head, *(rest for _, rest in _prefixed(head) if rest in _irregular() or rest in _doubled())}
    one_syllable = any(len(re.findall("[aeiouy]+", word.replace("qu", "q"))) == 1 for word in stressed)
    return one_syllable or bool(stressed & _doubled()) or (head.endswith("l") and head != "parallel")


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    """Past and past participle of each irregular verb."""
    rows = (row.split() for row in _IRREGULAR.split(";"))
    return {base: (past, rest[0] if rest else past) for base, past, *rest in rows}


@cache
def _variants() -> dict[str, list[str]]:
    """By base, other spellings of its forms."""
    found: dict[str, list[str]] = {}
    for base, variant in (row.split() for row in _VARIANTS.split(";")):
        found.setdefault(base, []).append(variant)
    return found


@cache
def _by_form() -> dict[str, set[str]]:
    """By each irregular form, the bases it may be of."""
    found: dict[str, set[str]] = {"is": {"be"}, "am": {"be"}, "are": {"be"}, "were": {"be"}, "has": {"have"}}
    for base, parts in [*_irregular().items(), *_variants().items()]:
        for form in parts:
            found.setdefault(form, set()).add(base)
    return found


@cache
def _doubled() -> frozenset[str]:
    return frozenset(_DOUBLED.split())


def _prefixed(word: str) -> list[tuple[str, str]]:
    """A word parted into a prefix and the rest, in each way, with none and with two: `mis`, `under` + `stand`."""
    found = [("", word)]
    for before, rest in (found[0], *((p, word[len(p) :]) for p in _PREFIXES if word.startswith(p))):
        found += [(before + p, rest[len(p) :]) for p in _PREFIXES if rest.startswith(p)]
    return found


def _irregular_parts(head: str) -> tuple[str, str] | None:
    """Past and participle of an irregular verb, or of one made of it with prefixes: `withdraw`, `misunderstand`."""
    if head in _NOT_DERIVED:
        return None
    base = next((rest for _, rest in _prefixed(head) if rest in _irregular()), None)
    if base is None:
        return None
    prefix = head.removesuffix(base)
    past, participle = _irregular()[base]
    return prefix + past, prefix + participle


def _irregular_bases(form: str) -> set[str]:
    return {prefix + base for prefix, rest in _prefixed(form) for base in _by_form().get(rest, ())}
