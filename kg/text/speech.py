"""Speech: which words of an English text are what somebody says, in quotation marks or beside a verb of saying.

Quotation marks around a few words, or a title, render no speech (“de-escalation zones”); nor does an attribution
without what is said (“said Nadia Farouk, a researcher”), or one to nobody in particular (“analysts say”).
"""

import re
from collections.abc import Iterator

Span = tuple[int, int]  # code points, end exclusive

_MARKED = re.compile(
    r"“[^“”\n]*(?:”|$)|«[^«»\n]*»|„[^„“”\n]*[“”]|(?<!\w)\"[^\"\n]*\"|(?<![\w’])‘[^‘\n]*?[,.!?]’(?!\w)", re.MULTILINE
)
_LEAST_WORDS = 5  # of speech that does not end like a clause
_CLAUSE_END = re.compile(r"[,.!?…][”“»\"’]?\Z")
_VERB = (
    "said|says?|saying|told|tells|added|adds|argued|argues|believes?|claim(?:s|ed)|denied|denies|insist(?:s|ed)|stressed"
    "|stresses|warn(?:s|ed)|wrote|writes|noted|notes|explained|explains"
)
SAYS = re.compile(rf"\b(?:{_VERB}|according to|announced|asked)\b")
_VERBS = re.compile(rf"\b(?:{_VERB})\b")
_SPEAKERS = (
    "agency|army|bank|company|embassy|government|king|leader|minister|ministry|office|operator|palace|police|premier"
    "|president|prime minister|professor|queen|spokes(?:man|person|woman)"
)
_SEVERAL = "authorities|diplomats|ministers|officials|operators|police|spokes(?:men|people)"
_ACCORDING = re.compile(rf"\b[Aa]ccording to (?:(?:the |its |a )?[A-ZÀ-Þ]|(?:the|its|a) (?:{_SPEAKERS})\b)")
PASSIVE = re.compile(r"\b(?:are|be|been|being|is|was|were) (?:(?:[a-z]+ly|also|already|first|never|not) )?\Z")
_NAME = r"(?:[A-ZÀ-Þ][\w.’'-]*|[Hh]e|[Ss]he)"
_UNNAMED = (
    rf"(?:[Tt]he|[Aa]n?|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir) (?:[\w’'-]+ ){{0,3}}?(?:{_SPEAKERS})"
    rf"|(?:(?:[Tt]he|[Tt]wo|[Tt]hree|[Ss]everal|[Ss]ome|[\w’'-]+(?:ish|ian|ese)) )?(?:[\w’'-]+ )?(?i:{_SEVERAL})"
)
_SUBJECT = re.compile(
    rf"(?:\A|[\s“(])(?:(?:{_NAME}(?:\s[A-ZÀ-Þ][\w.’'-]*)*)(?:,[^,“”]{{1,120}},|,)?|(?:{_UNNAMED}))\s\Z"
)
_INVERTED = re.compile(rf"\s(?:the [a-z]+ )?{_NAME}")
_CAPITALS = r"[A-ZÀ-Þ][\w.’'-]*(?:\s[A-ZÀ-Þ][\w.’'-]*)*"
_SPEAKER_AFTER = re.compile(  # “the line is safe, said Ana Tarn, its engineer.”
    rf"\s(?:the [a-z]+ )?{_CAPITALS}(?:\s?(?:[,.”]|\Z)|\s(?:of|in|at|from|after|on|to|who)\b)"
)
_NOBODY = re.compile(
    r"(?:Analysts|Critics|Experts|Media|Observers|Others|People|Reports|Residents|Some|Sources"
    r"|They|Witnesses)\s\Z"
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
        told = verb[0] in _TOLD and _ADDRESSEE.fullmatch(text, verb.end(), end)
        clause = len(words) > 3 and not told and not _WHEN_OR_WHERE.match(text, verb.end(), end)
        if subject and (clause or _THAT.match(text, verb.end(), end)):
            yield verb.end(), end
        elif subject or _INVERTED.match(text, verb.end(), end):
            first = verb.start() - len(before) + subject.start() if subject else verb.start()
            comma = text.rfind(",", start, first + 1)
            if comma > start and len(text[start:comma].split()) > 2 and not _WHEN_OR_WHERE.match(text, start):
                yield start, comma
        else:
            continue
        return
