"""The errors that a user can meet, each with its exit code, and text from elsewhere as each medium may show it.

KgError
├── UsageError      exit 2: an unknown command, query, parameter or thing; an ambiguous label
├── InputError      exit 3: input that cannot be read or parsed; no graph, an empty graph, zero shapes
└── LimitError      exit 4: a limit or a time-out

The command catches the base class once, at the top.

Labels, quotes, literals, IRIs, names of files and messages of libraries come from people who may wish to drive a
terminal, forge a line of a report, or put markup into a page: `clean`, `clean_text`, `markdown`, `xml`, `to_json` and,
for commands to copy, `shell_word` are the way out to each medium. CSV (`kg.export.rows`) and workflow commands
(`kg.cli.report_ci`) are escaped where they are written, RDF by its serializers, HTML by `kg.html`.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from json import JSONEncoder

# Patterns are compiled on first use: together they take as long as a query.
# Controls (C0, DEL, C1), line separators, bidi controls (Unicode TR9 §2) and their kin, lone surrogates.
_CONTROLS = "\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff"
# Invisible: soft hyphen, zero-width space, fillers, annotations, tags and variation selectors beyond those of emoji.
_CONTROLS += "\x00-\x08\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u2800\u3164\ufeff\uffa0\ufff0-\ufffb"
# With these, all of Default_Ignorable_Code_Point (Unicode 15 §5.21), and format characters (Cf) that no font shows.
_CONTROLS += "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
# Joiners belong to the spelling of some scripts (Arabic, Syriac, those of India and their kin, Khmer, Mongolian) and to
# emoji: there they stay between visible characters. Variation selectors stay after these, ideographs and keys.
_SCRIPTS = "\u0600-\u0604\u0606-\u061b\u061d-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u180a\u1810-\u18af\u1a20-\u1bff"
_SCRIPTS += "\ua840-\ua9ff\uaa60-\uaaff\uabc0-\uabff\ufb50-\ufdff\ufe70-\ufefc"
_SCRIPTS += "\U00010a00-\U00010aff\U00010d00-\U00010d3f\U00011000-\U00011fff\U0001e900-\U0001e95f"
_EMOJI = "\xa9\xae\u203c\u2049\u2100-\u214f\u2190-\u27ff\u2900-\u2bff\U0001f000-\U0001faff"
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f"
_JOINED = f"[{_SCRIPTS}{_EMOJI}{_SELECTORS}]"
_VARIED = f"[{_SCRIPTS}{_EMOJI}\u3001-\u3163\u3165-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_JOINERS = f"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})|(?<!{_VARIED})[{_SELECTORS}](?!\u20e3)"
_HIDDEN = f"[{_CONTROLS}{_SELECTORS}\u200c\u200d]"  # much quicker than what follows, and without a match nearly always
_INVISIBLE = f"[{_CONTROLS}]|{_JOINERS}"
_IN_LINE = f"[\t\n]|{_INVISIBLE}"
_BOLD = ("\x1b[1m", "\x1b[0m")  # the escape sequences that `kg.terminal` writes
# In the log of a workflow, GitHub runs what follows `::` at the start of a line or `##[` anywhere.
_BLANK = "[\t \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]*"
_IN_TEXT = rf"\x1b\[[01]m|[{_CONTROLS}]|{_JOINERS}|(?m:^){_BLANK}::|##\["
NOT_XML = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # no Char of XML 1.0 §2.2
_SHORT = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}
# What starts markup or mathematics; an underscore does not between letters or digits.
_MARKUP = r"[\\`*~$\[\]|]|(?<![^\W_])_|_(?![^\W_])"
_MENTION = r"(?i)@(?=\w)|#(?=\d)|\bGH-(?=\d)"  # GitHub calls people, and links issues

MOST = 2_000  # characters of a message or a hint; they may quote what is longer


def clean(text: str) -> str:
    r"""Text on one line of a terminal: what is invisible or drives it as an escape (`\n`, `\x1b`, `\u202e`)."""
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_IN_LINE, lambda match: _escape(match[0]), text)


def invisible(text: str) -> re.Match[str] | None:
    """The first character that nobody sees, or that reorders what is seen; line ends and tabs are none."""
    return re.search(_INVISIBLE, text) if re.search(_HIDDEN, text) else None


def clean_text(text: str) -> str:
    """Lines for a terminal or a log: as `clean`, but for tabs, line ends and bold type; no workflow commands."""
    if "::" in text or "##[" in text or re.search(_HIDDEN, text):
        return re.sub(_IN_TEXT, _in_text, text)
    return text


def _in_text(match: re.Match[str]) -> str:
    found = match[0]
    if found in _BOLD:
        return found
    return found[:-2] + _escape(found[-2]) + found[-1] if found[-2:] in ("::", "#[") else _escape(found)


def _escape(char: str) -> str:
    code = ord(char)
    long = f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return _SHORT.get(char) or (f"\\x{code:02x}" if code < 0x100 else long)


def shortened(text: str) -> str:
    """A message, or the beginning of one that is longer than MOST."""
    return text if len(text) <= MOST else f"{text[:MOST]} …"


def markdown(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no HTML, no image that calls home, nobody mentioned on GitHub."""
    safe = (clean(line).replace("&", "&amp;").replace("<", "&lt;") for line in re.split("\r\n|\r|\n", text))
    return "<br>".join(re.sub(_MENTION, r"\g<0>&#8203;", re.sub(_MARKUP, r"\\\g<0>", line)) for line in safe)


def shell_word(text: str) -> str:
    """A word as a shell takes it; those of POSIX have single quotes too, which keep what double ones do not."""
    if re.fullmatch(r"[\w@%+=:,./-]+", text):
        return text
    return f'"{text}"' if not re.search(r'["$`\\!]', text) else "'" + text.replace("'", "'\"'\"'") + "'"


def xml(text: str) -> str:
    """Text that XML can carry: other characters become U+FFFD; markup is left to `xml.sax.saxutils`."""
    return re.sub(NOT_XML, "\ufffd", text)


@cache
def _encoder(indent: int | None) -> "JSONEncoder":
    import json

    return json.JSONEncoder(ensure_ascii=False, indent=indent)


def to_json(data: object, indent: int | None = 2) -> str:
    """JSON in UTF-8, with a line end if it has an `indent`; what `clean_text` escapes is so (RFC 8259 §7)."""
    import json

    text = _encoder(indent).encode(data)
    if not text.isascii() or "\x7f" in text:  # JSON itself escapes the other controls of ASCII
        text = re.sub(_HIDDEN, lambda match: json.dumps(match[0])[1:-1], text)
    return text.replace("##[", r"##\u005b") + "\n" * (indent is not None)


def did_you_mean(
    wrong: str, names: "Mapping[str, str]", most: int = 2, cutoff: float = 0.7, first: "Iterable[str]" = ()
) -> str:
    """The question “did you mean …?” with `most` names that are similar to an unknown one; empty without any.

    `names` maps each known name to its display form. Those of `first` come first, then those with the same letters in
    another order, else those whose similarity (`difflib`, 0 to 1) is at least `cutoff`.
    """
    import difflib

    same_letters = [name for name in names if sorted(name) == sorted(wrong)]
    close = dict.fromkeys([*first, *(same_letters or difflib.get_close_matches(wrong, names, most, cutoff))])
    return f"did you mean {' or '.join(clean(names[c]) for c in [*close][:most])}?" if close else ""


class KgError(Exception):
    """Something that the user can correct; the message says what is wrong, the hint what to do.

    `where` is `file:line:col` (or less) and may be empty; `rule` is a short stable name, as of a check. `findings` are
    what led to it, each a line or more.
    """

    exit_code = 3

    def __init__(
        self, message: str, *, hint: str = "", where: str = "", rule: str = "", findings: "Sequence[object]" = ()
    ) -> None:
        super().__init__(message)
        self.message, self.hint, self.where, self.rule = shortened(message), shortened(hint), shortened(where), rule
        self.findings = findings

    def __str__(self) -> str:
        lead = f"{clean(self.where)}: error: " if self.where else "error: "
        tail = f" [{self.rule}]" if self.rule else ""
        hint = "".join(f"\n  {clean(line)}" for line in self.hint.split("\n") if line)
        findings = "".join(f"\n{finding}" for finding in self.findings)
        return f"{lead}{clean(self.message)}{tail}{findings}{hint}"

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in the place of a traceback (IPython's protocol): the message and the next step."""
        return str(self).split("\n")


class UsageError(KgError):
    """The command line or the call names something that is not there, or names two things at once."""

    exit_code = 2


class InputError(KgError):
    """Input that cannot be read or parsed, or a graph that is not there."""


class LimitError(KgError):
    """A limit of time, size or nesting was met."""

    exit_code = 4


def require(extra: str, what: str, *modules: str) -> None:
    """Raise InputError, with the line to type, where packages of an extra are not installed, which `what` needs."""
    import importlib.util

    if missing := [name for name in modules if importlib.util.find_spec(name) is None]:
        message = f"{what} needs {' and '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed"
        hint = f'pip install "entente-kg[{extra}]", or in a checkout pip install -e ".[{extra}]"'
        raise InputError(message, hint=hint, rule="extra")
