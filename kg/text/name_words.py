"""Words of English that stand in names or part them: titles, nouns of organisations, and words that begin sentences."""

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words that are no names, nor parts of one.
COMMON = _set(
    """
    about after also an and are as at be been before both but by can could despite did do does for from had has have
    he her here his if in including into is it its more no of on only or our out said says she since so some such
    than that the their them then there they this those to under up was we were what when where which while who whom
    will with would you
    """
)
# Words that may begin a sentence without an article and are no names: mass nouns, pronouns, adverbs, numbers.
FIRST = COMMON | _set(
    """
    again agriculture aid air all almost already although always another any anybody anyone anything army
    authorities bread business cabinet capital children coal congress construction copper corruption crime critics
    dawn death debt demand democracy despite diesel diplomacy each early earlier education eight either electricity
    eleven energy enough even every everybody everyone everything exactly fear few fewer fighting fire five food
    four fuel gas gold government grain growth health history hope how however hundreds immigration indeed industry
    inflation information instead investment just justice land last late later less life little local many mass
    meanwhile media men midnight military millions mine money most much music nature neither never next nine nobody
    none nor nothing now oil once one opinion opposition other others parliament part peace people perhaps police
    politics pollution poverty power pressure production progress public rain recently religion research rice salt
    science sea seven several shipping silence six smoke snow society somebody someone something soon steel still
    sugar support talk technology ten terrorism thousands three thus time today together tomorrow tonight too
    tourism traffic training transport travel trade trouble trust turnout twelve twice twenty two unemployment
    unless until unrest very violence wages war water wealth weather wheat whether winter women work worse yesterday
    yet young youth
    """
)
CALENDAR = _set(
    """
    monday tuesday wednesday thursday friday saturday sunday january february april june july august september october
    november december jan feb apr jun jul aug sep sept oct nov dec
    """
)
# Before a person's name, or before one that is their plural: “Presidents”.
_ONE_TITLE = """
    admiral ambassador archbishop ayatollah bishop brigadier captain cardinal chairman chairwoman chancellor colonel
    commander commissioner congressman congresswoman counsellor dame director doctor emir general governor judge
    justice king lady lieutenant lord major marshal mayor minister mullah pastor pope premier president prince
    princess professor queen representative secretary secretary-general senator sergeant sheikh sir speaker
    spokesman spokeswoman sultan
    """
TITLES = (
    _set(_ONE_TITLE) | {f"{word}s" for word in _set(_ONE_TITLE)} | _set("chief executive executives leader leaders")
)
# Before a title, and no part of a name with it: “Prime Minister”, “Former President”.
MODIFIERS = _set(
    """
    acting assistant brigadier crown defence defense deputy ex-president economy education energy environment
    federal finance first foreign former grand health home industry interim interior justice labor labour late
    lieutenant major prime senior state then trade transport vice
    """
)
# With one of these after it, a title is part of a name: “King Osrik Airport”, “Prince Edward Island”.
TITLED = _set(
    """
    airport army assembly avenue barracks base bridge brigade building canal cathedral cup dam division electric
    embankment force forces hall highway hospital hotel house island islands land league library motors palace park
    pass port railway road sea square stadium station street tower valley
    """
)
# Nouns of organisations, and of what they agree on.
BODIES = _set(
    """
    academy accord administration agency alliance army assembly association authority bank board bureau campaign
    centre center chamber coalition college commission committee community company conference confederation congress
    consortium convention corporation corps corridor council court department directorate federation forum
    foundation front fund group initiative institute institution league ministry mission movement network office
    organisation organization partnership party plan platform programme program project school secretariat service
    society taskforce treaty tribunal trust union university
    """
)
SCHOOLS = _set("academy college conservatory institute school university")
# What ministries and the like are for: “Trade and Industry”, “Security and Co-operation”.
ABSTRACT = re.compile(
    r"(?:(?:tion|sion|ment|nce|ure|ing|port|ice|work)s?|ity|ety|ncy|try|ics|ogy|ergy|airs|dies|alth|bour|bor|rces|ater"
    r"|ines|fare|rade|rism|arch|ildren|outh|amily|omen|rights|mmerce)\Z",
    re.IGNORECASE,
)
# Before “of” in a name that is no person's.
OF = (
    BODIES
    | TITLED
    | _set(
        """
        bay bishopric capital cape city coast county cross day days declaration duchy emirate empire gulf kingdom lake
        mount order peninsula port principality protocol province region republic sea states straits strait sultanate
        union war waters
        """
    )
)
# Verbs in the past as in the present, and forms in s that are hardly nouns.
FORMS = _set(
    """
    accuses admits agrees believes buys builds cost cut denies expects gives hit hopes hurt insists knows let makes
    opposes owns put quit read refuses rejects remains seeks sells set shut spends split spread takes thinks tries
    wants warns
    """
)
