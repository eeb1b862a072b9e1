"""Speech: which words of an English text are what somebody says, in quotation marks or beside a verb of saying.

Quotation marks around a few words, or a title, render no speech (“de-escalation zones”); nor does an attribution
without what is said (“said Nadia Farouk, a researcher”), or one to nobody in particular (“analysts say”).
"""

import re
from collections.abc import Iterator

from kg.text.reporting import BY_THAT, CALLING, MINDED, PLAIN, REGARDING, SURE

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
    "advis[eo]r|agency|aide|ambassador|army|authority|bank|board|chair(?:man|woman)?|chancellor|chief|commander"
    "|commission|committee|company|council|court|delegation|department|diplomat|director|embassy|envoy|executive"
    "|general|government|governor|group|judge|king|lawmaker|lawyer|leader|manager|mayor|minister|ministry|negotiator"
    "|office|official|operator|palace|party|person|police|premier|president|prime minister|professor|queen|regulator"
    "|representative|researcher|scientist|secretary|senator|source|spokes(?:man|person|woman)|tribunal|union"
)
_SEVERAL = (
    "advis[eo]rs|aides|ambassadors|authorities|commanders|diplomats|envoys|executives|generals|lawyers|lawmakers"
    "|ministers|negotiators|officials|operators|police|regulators|scientists|spokes(?:men|people)"
)
_OF = (  # “a spokesman for Ostia”, “… for the lender”, “officials from the finance ministry”
    r"(?: (?:at|for|from|in|of|with) (?:(?:the )?[A-ZÀ-Þ][\w.’'-]*(?: [A-ZÀ-Þ][\w.’'-]*)*"
    r"|(?:the|its|his|her|their|an?|both|one|two|three)(?: [\w’'-]+){1,4}?))?"
)
_PEOPLE = "people|person|sources?|officials?|diplomats?|executives?|bankers?|aides?|lawyers?"
_INFORMED = (  # “two people familiar with the matter”
    rf"(?:[\w-]+ ){{0,2}}(?i:{_PEOPLE})"
    r" (?:(?:who (?:is|are|was|were) )?(?:aware|briefed|close|familiar|informed|involved)"
    r"|(?:with|who (?:has|have)) (?:direct |first-hand )?knowledge|who spoke)(?: [\w’'-]+){1,8}?"
)
_COUNTED = "[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]everal"
_VIEW = "eyes|opinion|view|words"
_ACCORDING = re.compile(
    rf"\b(?:[Aa]ccording to|[Ii]n the (?:{_VIEW}) of) (?:(?:the |its |a )?[A-ZÀ-Þ]"
    rf"|(?:the|its|an?|one|another) (?:[\w’'-]+ ){{0,3}}?(?:{_SPEAKERS})\b"
    rf"|(?:[a-z]+ )?(?:{_SEVERAL})\b|{_INFORMED}\b)|\b[Ii]n (?:[A-ZÀ-Þ][\w.-]+ ?){{1,3}}’s? (?:{_VIEW})\b"
)
PASSIVE = re.compile(r"\b(?:are|be|been|being|is|was|were) (?:(?:[a-z]+ly|also|already|first|never|not) )?\Z")
_NAME = r"(?:[A-ZÀ-Þ][\w.’'-]*|[Hh]e|[Ss]he)"
_UNNAMED = (
    r"(?:[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[A-ZÀ-Þ][\w.’'-]*)"  # “Lorvia’s energy ministry”
    rf" (?:[\w’'-]+ ){{0,3}}?(?:{_SPEAKERS})"
    rf"|(?:(?:[Tt]he|{_COUNTED}|[Ss]ome|[\w’'-]+(?:ish|ian|ese)) )?(?:[\w’'-]+ )?(?i:{_SEVERAL})"
    rf"|(?:{_COUNTED}) (?:[\w’'-]+ )?(?:people|sources)|{_INFORMED}"
)
_BETWEEN = "have|has|had|also|always|later|long|often|once|repeatedly|still|then|[a-z]+ly"  # subject and verb
_SUBJECT = re.compile(
    rf"(?:\A|[\s“(])(?:(?:(?:{_UNNAMED}){_OF}, )?(?:{_NAME}(?:\s[A-ZÀ-Þ][\w.’'-]*)*)(?:,[^,“”]{{1,120}},|,)?"
    rf"|(?P<unnamed>(?:{_UNNAMED}){_OF})(?:, (?:who|whose|speaking|citing) [^,“”]{{1,120}},)?)"
    rf"\s(?:(?:{_BETWEEN})\s){{0,3}}\Z"
)
_INVERTED = re.compile(rf"\s(?:(?:the [a-z]+ )?{_NAME}|(?P<unnamed>{_UNNAMED})\b)")
_CAPITALS = r"[A-ZÀ-Þ][\w.’'-]*(?:\s[A-ZÀ-Þ][\w.’'-]*)*"
_SPEAKER_AFTER = re.compile(  # “the line is safe, said Ana Tarn, its engineer.”
    rf"\s(?:(?:the [a-z]+ )?{_CAPITALS}|(?:{_UNNAMED}){_OF})(?:\s?(?:[,.”]|\Z)|\s(?:of|in|at|from|after|on|to|who)\b)"
)
_AFTER = re.compile(rf"\s(?P<unnamed>(?:{_UNNAMED}){_OF})(?=[,.;]|\Z| (?:after|at|before|in|on|who)\b)")
_NOBODY = re.compile(
    "(?:Analysts|Critics|Experts|Media|Observers|Others|People|Reports|Residents|Some|Sources"
    rf"|They|Witnesses){_OF}\s\Z"
)
_WHEN_OR_WHERE = re.compile(
    r"\s?(?:(?:after|as (?:he|it|she|they)|asked|at|before|by|during|earlier|in|last|late|on|speaking|when|while)\b"
    r"|from(?:\s[\w’'-]+){1,5}\s?[.,]?\s?\Z"
    r"|(?:\w+ (?:hour|day|week|month|year)s? (?:ago|earlier|later)"
    r"|the (?:following|next|previous|same) (?:day|evening|morning|month|week|year))"
    r"(?=\s?[,.]|\s?\Z|\s(?:at|from|in|on)\b))",
    re.IGNORECASE,
)
_WHICH = re.compile(r"\bwhich\s\Z")
_TOLD = ("tell", "tells", "told")
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_DATED = re.compile(  # “said on Monday the dam would open”
    rf"\s(?:(?:late |early )?on )?(?:{_DAY}|today|yesterday)(?: (?:morning|afternoon|evening|night))?"
    r"(?=(?:\s[^\s,.]+){4})(?! (?:and|or|to|but|as|with|from|that)\b)"
)
_ADDRESSEE = re.compile(  # of “told”, without what is told
    rf"(?:\s[\w’'-]+){{1,4}}?(?:,?\s(?:at|by|during|in|late|on)\s(?:{_DAY}|[\w’' -]{{1,60}}))?[.,]?\s?"
)
_APPOSED = r"(?:, [^,;:.“”]{1,80})?"
_ATTRIBUTION = re.compile(
    rf"(?:{_VERBS.pattern}) (?:the |its |a )?(?:[a-z]+ ){{0,3}}{_CAPITALS}{_APPOSED}"
    rf"|(?:(?:the |its |a )?(?:[a-z]+ ){{0,3}}{_CAPITALS}{_APPOSED},?|[Hh]e|[Ss]he) (?:{SURE}|{BY_THAT})"
    rf"|(?:{_VERBS.pattern.replace('?P<sure>', '').replace('?P<plain>', '')}) (?:{_UNNAMED}){_OF}{_APPOSED}"
    rf"|(?:{_UNNAMED}){_OF}(?:{_APPOSED},)? (?:{SURE}|{BY_THAT})"
    r"(?:,? (?:at|by|during|earlier|in|last|late|on|speaking|to|yesterday|today)\b[^,;:.“”]{0,80})?"
    r"|[Aa]ccording to [^,;:.“”]{1,80}"
)
_ADDED = re.compile(r", (?:adding|arguing|insisting|noting|saying|stressing|warning) that\b")
_ENDS = re.compile(r"[.,;:]|\Z")
_NEAR = re.compile(r"[^;:,]{0,60}")  # between a comma and the name of a speaker: “…, the pilot”
_CLAUSE_BREAK = re.compile(r"[;:–—]|,\s(?:but|which|while|who)\b")
_PLURAL = re.compile(rf"\b(?i:{_SEVERAL})\b")
# What somebody has for a thing: “called the plan “a gift””, “what he called “a gift””; not a name: “a dam called “Ox””.
_NO_OBJECT = r"(?:after|and|as|before|but|by|for|in|off|on|out|that|to|up|upon|when|which|while)\b(?!-)"
_CALLED = re.compile(
    rf"(?<![-\w])(?:(?:{CALLING})(?P<thing>(?:[ \u00a0](?!{_NO_OBJECT})[^\s“”«»\"]+){{0,10}})[ \u00a0]"
    rf"|(?:{REGARDING})(?:[ \u00a0][^\s“”«»\"]+){{0,10}}?[ \u00a0](?P<as>as)[ \u00a0])"
    r"(?P<words>“[^“”\n]+”|«[^«»\n]+»|\"[^\"\n]+\")"
)
_WHAT = re.compile(r"\bwhat [^,;:.“”]{1,80}\Z")
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
        if any(start < e and s < end for s, e in marked):  # what is said are the quoted words, and those added
            added = (m.end() for m in _ADDED.finditer(text, start, end))
            found += [(at, end) for at in added if not any(s <= at < e for s, e in marked)]
            continue
        found += _clauses(text, start, end)
    return sorted({*found, *_called(text)})


def _called(text: str) -> Iterator[Span]:
    """The words within quotation marks that somebody has for a thing: “called the plan “a gift to contractors””."""
    for match in _CALLED.finditer(text):
        before = text[max(0, match.start() - _WINDOW) : match.start()]
        is_said = match["thing"] or match["as"] or _WHAT.search(before)
        if is_said and not PASSIVE.search(before) and not _is_title(match["words"]):
            yield match.span("words")


def _is_title(marked: str) -> bool:
    """Whether all long words begin with a capital, as in a name: “Blue Stream”."""
    words = re.findall(r"[^\W\d_]{4,}", marked)
    return bool(words) and all(word[0].isupper() for word in words)


def is_attribution(text: str, spoken: list[Span]) -> bool:
    """Whether all that a text has beside what is said names the speaker: “…,” said Ana Tarn, Lorvia’s minister."""
    ends = [0, *(end for _, end in spoken)]
    starts = [*(start for start, _ in spoken), len(text)]
    beside = [text[end:start].strip(' ,.”“"') for end, start in zip(ends, starts, strict=True)]
    return all(not words or _ATTRIBUTION.fullmatch(words) for words in beside)


def unnamed_speakers(text: str) -> Iterator[Span]:
    """Where a text says who speaks without a name, beside a verb of saying: “two diplomats”, “the energy ministry”."""
    for verb in _VERBS.finditer(text):
        before = text[max(0, verb.start() - _WINDOW) : verb.start()]
        subject = None if PASSIVE.search(before) or _NOBODY.search(before) else _SUBJECT.search(before)
        if subject and subject["unnamed"]:
            start = verb.start() - len(before)
            yield start + subject.start("unnamed"), start + subject.end("unnamed")
        elif text[: verb.start()].rstrip()[-1:] in tuple(',”"') and (after := _AFTER.match(text, verb.end())):
            yield after.span("unnamed")


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
        if according.start() <= start + 1 and comma > 0:
            yield comma, end
        else:  # of several clauses the last: “Norland offers talks; Ostia accepts, according to its ministry”
            breaks = [m.end() for m in _CLAUSE_BREAK.finditer(text, start, according.start())]
            yield max(breaks, default=start), according.start()
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
        after = text[verb.end() : verb.end() + 1] == ","  # “…, he said, adding that …”
        dated = _DATED.match(text, verb.end(), end)
        clause = len(words) > 3 and not told and not _WHEN_OR_WHERE.match(text, (dated or verb).end() + after, end)
        inverted = None if subject else _INVERTED.match(text, verb.end(), end)
        first = verb.start() - len(before) + subject.start() if subject else verb.start()
        comma = text.rfind(",", start, first + 1)
        if inverted and inverted["unnamed"] and text[start : verb.start()].rstrip()[-1:] not in ',”"':
            continue
        aside = comma > start and len(text[start:comma].split()) > 2 and not _WHEN_OR_WHERE.match(text, start)
        aside = aside and _NEAR.fullmatch(text, comma + 1, first) is not None
        follows = subject and ((clause and verb["sure"]) or _THAT.match(text, verb.end(), end))
        beside = (subject or inverted) and (verb["sure"] or _is_aside(text, verb, subject))
        if aside and beside and (after or not follows):
            yield start, comma
        if follows:
            yield verb.end(), end
        if follows or beside:
            return


def _is_aside(text: str, verb: re.Match[str], subject: re.Match[str] | None) -> bool:
    """Whether a verb stands beside what is said: “…, she recalls.”, “…, grumbles Ana Tarn”."""
    return _ENDS.match(text, verb.end()) is not None if subject else text[: verb.start()].rstrip()[-1:] in ',”"'
