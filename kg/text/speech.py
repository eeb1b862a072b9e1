"""Speech: which words of an English text are what somebody says, in quotation marks or beside a verb of saying.

Quotation marks around a few words, or a title, render no speech (“de-escalation zones”); nor does an attribution
without what is said (“said Nadia Farouk, a researcher”), or one to nobody in particular (“analysts say”).
"""

import re
from collections.abc import Iterator

from kg.text.reporting import BY_THAT, MINDED, PLAIN, SURE

Span = tuple[int, int]  # code points, end exclusive

_MARKED = re.compile(
    r"“[^“”\n]*(?:”|$)|«[^«»\n]*»|„[^„“”\n]*[“”]|(?<!\w)\"[^\"\n]*\"|(?<![\w’])‘[^‘\n]*?[,.!?]’(?!\w)", re.MULTILINE
)
_LEAST_WORDS = 5  # of speech that does not end like a clause
_CLAUSE_END = re.compile(r"[,.!?…][”“»\"’]?\Z")
SAYS = re.compile(rf"\b(?:{SURE}|according to|announced|asked)\b")
_VERBS = re.compile(
    rf"\b(?:(?P<sure>{SURE})|(?P<plain>{PLAIN})|{BY_THAT}|point(?:s|ed) out|ma(?:de|kes) (?:it )?clear"
    rf"|(?:is|are|was|were|remains?) (?:{MINDED})(?= that ))\b"
)
_SPEAKERS = (
    "agency|ambassador|army|bank|chancellor|commander|company|court|delegation|diplomat|director|embassy|envoy"
    "|general|government|governor|judge|king|lawyer|leader|mayor|minister|ministry|negotiator|office|official|operator"
    "|palace|party|police|premier|president|prime minister|professor|queen|researcher|scientist|secretary|senator"
    "|spokes(?:man|person|woman)|tribunal"
)
_SEVERAL = (
    "aides|ambassadors|authorities|commanders|diplomats|envoys|generals|lawyers|lawmakers|ministers|negotiators"
    "|officials|operators|police|scientists|spokes(?:men|people)"
)
_OF = r"(?: (?:at|for|from|in|of|with) (?:the )?[A-ZÀ-Þ][\w.’'-]*(?: [A-ZÀ-Þ][\w.’'-]*)*)?"  # “a spokesman for Ostia”
_VIEW = "eyes|opinion|view|words"
_ACCORDING = re.compile(
    rf"\b(?:[Aa]ccording to|[Ii]n the (?:{_VIEW}) of) (?:(?:the |its |a )?[A-ZÀ-Þ]|(?:the|its|a) (?:{_SPEAKERS})\b"
    rf"|(?:[a-z]+ )?(?:{_SEVERAL})\b)|\b[Ii]n (?:[A-ZÀ-Þ][\w.-]+ ?){{1,3}}’s? (?:{_VIEW})\b"
)
PASSIVE = re.compile(r"\b(?:are|be|been|being|is|was|were) (?:(?:[a-z]+ly|also|already|first|never|not) )?\Z")
_NAME = r"(?:[A-ZÀ-Þ][\w.’'-]*|[Hh]e|[Ss]he)"
_UNNAMED = (
    rf"(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir) (?:[\w’'-]+ ){{0,3}}?(?:{_SPEAKERS})"
    rf"|(?:(?:[Tt]he|[Tt]wo|[Tt]hree|[Ss]everal|[Ss]ome|[\w’'-]+(?:ish|ian|ese)) )?(?:[\w’'-]+ )?(?i:{_SEVERAL})"
)
_BETWEEN = "have|has|had|also|always|later|long|often|once|repeatedly|still|then|[a-z]+ly"  # subject and verb
_SUBJECT = re.compile(
    rf"(?:\A|[\s“(])(?:(?:{_NAME}(?:\s[A-ZÀ-Þ][\w.’'-]*)*)(?:,[^,“”]{{1,120}},|,)?|(?P<unnamed>(?:{_UNNAMED}){_OF}))"
    rf"\s(?:(?:{_BETWEEN})\s){{0,3}}\Z"
)
_INVERTED = re.compile(rf"\s(?:the [a-z]+ )?{_NAME}")
_CAPITALS = r"[A-ZÀ-Þ][\w.’'-]*(?:\s[A-ZÀ-Þ][\w.’'-]*)*"
_SPEAKER_AFTER = re.compile(  # “the line is safe, said Ana Tarn, its engineer.”
    rf"\s(?:the [a-z]+ )?{_CAPITALS}(?:\s?(?:[,.”]|\Z)|\s(?:of|in|at|from|after|on|to|who)\b)"
)
_NOBODY = re.compile(
    "(?:Analysts|Critics|Experts|Media|Observers|Others|People|Reports|Residents|Some|Sources"
    rf"|They|Witnesses){_OF}\s\Z"
)
_WHEN_OR_WHERE = re.compile(
    r"\s?(?:after|asked|at|before|by|during|earlier|in|last|late|on|speaking|when|while)\b", re.IGNORECASE
)
_WHICH = re.compile(r"\bwhich\s\Z")
_TOLD = ("tell", "tells", "told")
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_ADDRESSEE = re.compile(  # of “told”, without what is told
    rf"(?:\s[\w’'-]+){{1,4}}?(?:,?\s(?:at|by|during|in|late|on)\s(?:{_DAY}|[\w’' -]{{1,60}}))?[.,]?\s?"
)
_APPOSED = r"(?:, [^,;:.“”]{1,80})?"
_ATTRIBUTION = re.compile(
    rf"(?:{_VERBS.pattern}) (?:the |its |a )?(?:[a-z]+ ){{0,3}}{_CAPITALS}{_APPOSED}"
    rf"|(?:(?:the |its |a )?(?:[a-z]+ ){{0,3}}{_CAPITALS}{_APPOSED},?|[Hh]e|[Ss]he) (?:{SURE}|{BY_THAT})"
)
_ENDS = re.compile(r"[.,;:]|\Z")
_PLURAL = re.compile(rf"\b(?i:{_SEVERAL})\b")
_THAT = re.compile(r"(?:\s[^\s,]+){0,6}?\sthat\s")
_SENTENCE_END = re.compile(r"[.!?][”\"’)]?(?:\s|\Z)")
_WINDOW = 200  # code points before a verb in which its subject is looked for


def quotations(text: str) -> list[Span]:
    """The quotation marks of speech in a text with what is between them; an open one ends with its line."""
    return [match.span() for match in _MARKED.finditer(text) if _is_speech(match[0])]


def _is_speech(marked: str) -> bool:
    words = re.findall(r"[^\W_]+(?:[’'-][^\W_]+)*", marked)
    long = [word for word in words if len(word) > 3]
    titled = len(words) > 1 and all(word[0].isupper() for word in long) and long != words[:1]
    ends = _CLAUSE_END.search(marked) is not None
    return not titled and (len(words) >= _LEAST_WORDS or (ends and len(words) > 2))


def said(text: str, marked: list[Span]) -> list[Span]:
    """What is said in a passage, of which the spans in `marked` are within quotation marks of speech.

    Beside those it is the clause that follows a verb of saying with a subject that has a name, or goes before it.
    """
    found = list(marked)
    for start, end in _sentences(text):
        if any(start < e and s < end for s, e in marked):
            continue  # what is said are the quoted words
        found += _clauses(text, start, end)
    return sorted(found)


def is_attribution(text: str, spoken: list[Span]) -> bool:
    """Whether all that a text has beside what is said names the speaker: “…,” said Ana Tarn, Lorvia’s minister."""
    ends = [0, *(end for _, end in spoken)]
    starts = [*(start for start, _ in spoken), len(text)]
    beside = [text[end:start].strip(' ,.”“"') for end, start in zip(ends, starts, strict=True)]
    return all(not words or _ATTRIBUTION.fullmatch(words) for words in beside)


def _sentences(text: str) -> Iterator[Span]:
    start = 0
    for match in _SENTENCE_END.finditer(text):
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    """The clauses of a sentence that render what somebody says."""
    if according := _ACCORDING.search(text, start, end):
        comma = text.find(",", according.end(), end)
        yield (comma, end) if according.start() <= start + 1 and comma > 0 else (start, according.start())
        return
    for verb in _VERBS.finditer(text, start, end):
        before = text[max(start, verb.start() - _WINDOW) : verb.start()]
        if PASSIVE.search(before) or _NOBODY.search(before):
            continue
        subject, words = _SUBJECT.search(before), text[verb.end() : end].split()
        if subject and _WHICH.search(before, 0, subject.start() + 1):
            continue  # “which Brevik denies” says of what stands before that it is denied
        if subject and subject[0].rstrip().endswith(",") and _SPEAKER_AFTER.match(text, verb.end(), end):
            subject = None  # “…, said Ana Tarn”
        if verb["plain"] and not (subject and subject["unnamed"] and _PLURAL.search(subject["unnamed"])):
            continue
        told = verb[0] in _TOLD and _ADDRESSEE.fullmatch(text, verb.end(), end)
        clause = len(words) > 3 and not told and not _WHEN_OR_WHERE.match(text, verb.end(), end)
        if subject and ((clause and verb["sure"]) or _THAT.match(text, verb.end(), end)):
            yield verb.end(), end
        elif (subject or _INVERTED.match(text, verb.end(), end)) and (verb["sure"] or _is_aside(text, verb, subject)):
            first = verb.start() - len(before) + subject.start() if subject else verb.start()
            comma = text.rfind(",", start, first + 1)
            if comma > start and len(text[start:comma].split()) > 2 and not _WHEN_OR_WHERE.match(text, start):
                yield start, comma
        else:
            continue
        return


def _is_aside(text: str, verb: re.Match[str], subject: re.Match[str] | None) -> bool:
    """Whether a verb stands beside what is said: “…, she recalls.”, “…, grumbles Ana Tarn”."""
    return _ENDS.match(text, verb.end()) is not None if subject else text[: verb.start()].rstrip()[-1:] in ',”"'
