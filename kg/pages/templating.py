"""Templates: text from the graph is escaped, and what nobody would see in it is shown as an escape."""

import os
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, clean
from kg.pages import links

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

    from kg.pages.article import Note
    from kg.pages.facts import Part, Quote

FOLDER = os.path.dirname(os.path.abspath(__file__))
_LONG = 40  # characters of the words by which a fact is told apart
PIP_LINE = 'pages need Jinja2: pip install "entente-kg[serve]", or in a checkout pip install -e ".[serve]"'


@cache
def environment() -> "jinja2.Environment":
    """The templates of this folder. Raises InputError where Jinja2 is not installed."""
    try:
        import jinja2
    except ImportError as error:
        message = "pages need Jinja2, which is not installed"
        raise InputError(message, hint=PIP_LINE.partition(": ")[2], rule="extra") from error
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(os.path.join(FOLDER, "templates"), encoding="utf-8"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    found.filters["lines"] = _lines
    found.filters["code"] = _code
    found.globals["query_path"] = links.query_path
    found.globals["place"] = links.place
    found.globals |= {"parts": parts, "one": one, "listed": listed, "quote": quote, "note": note}
    found.globals["m"] = found.get_template("macros.html").module
    return found


def _shown(value: Any) -> Any:
    """Text as it may stand on a page; markup that a template has made stays as it is."""
    return clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


# What stands on pages most often is written without a template, and the same once


def parts(found: "Iterable[Part]") -> "Markup":
    """A sentence in parts, as HTML."""
    from markupsafe import Markup

    return Markup("".join(map(_linked, found)))


def one(part: "Part") -> "Markup":
    """Words, with their link if they have one, as HTML."""
    from markupsafe import Markup

    return Markup(_linked(part))


def listed(found: "Iterable[Part]") -> "Markup":
    """Names with “and” between them, as HTML."""
    from markupsafe import Markup

    return Markup(_named(found))


@lru_cache(maxsize=10_000)
def quote(q: "Quote") -> "Markup":
    """A quote with who says it, where, and what its words mean, as HTML."""
    from markupsafe import Markup

    said = f"{_named(q.speakers)}, in " if q.speakers else ""
    place = f'<a href="{_escaped(q.link)}">{_escaped(q.article)}</a>' if q.link else _escaped(q.article)
    means = (f'; <span class="mean">“{_escaped(words)}” means {_named(things)}</span>' for words, things in q.mentions)
    kinds = " said" * bool(q.speakers) + " with" * q.read_with
    return Markup(
        f'<figure class="quote{kinds}">\n'
        + '<span class="quiet">read with</span>\n' * q.read_with
        + f'<blockquote dir="auto">{_escaped(q.text)}</blockquote>\n'
        + f"<figcaption>{said}{place}{''.join(means)}</figcaption>\n</figure>\n"
    )


def note(n: "Note") -> "Markup":
    """A fact beside its sentence, with a link to the words that state it, as HTML."""
    from jinja2.filters import do_truncate
    from markupsafe import Markup

    kinds = ("said" if n.speakers else "stated") + (f" is-{_escaped(n.state)}" if n.state else "")
    beginning = _escaped(do_truncate(environment(), n.quote, _LONG))
    words = f"{'Planned; ' if n.state == 'planned' else ''}the words: {beginning}"
    said = f'<span class="speaker">{_named(n.speakers)}:</span> ' if n.speakers else ""
    return Markup(
        f'<li class="note {kinds}" data-p="{_escaped(" ".join(n.passages))}">'
        f'<a class="to-text" href="#{_escaped(links.place(n.passages[0]))}" aria-label="{words}"></a>'
        f'{said}<span dir="auto">{"".join(map(_linked, n.parts))}</span></li>\n'
    )


def _named(found: "Iterable[Part]") -> str:
    return " and ".join(map(_linked, found))


@lru_cache(maxsize=20_000)
def _linked(part: "Part") -> str:
    text = _escaped(part.text)
    return f'<a href="{_escaped(part.link)}">{text}</a>' if part.link else text


def _escaped(text: str) -> str:
    from markupsafe import escape

    return str(escape(clean(text)))


def _code(text: str) -> "Markup":
    """Text with what stands between backticks as code."""
    from markupsafe import Markup, escape

    parts = (escape(clean(part)) for part in text.split("`"))
    return Markup("").join(Markup("<code>{}</code>").format(p) if at % 2 else p for at, p in enumerate(parts))


def _lines(text: str) -> "Markup":
    """Text of several lines, each escaped."""
    from markupsafe import Markup, escape

    parts = (escape(clean(line.replace("\t", "    "))) for line in text.replace("\r\n", "\n").split("\n"))
    return Markup("\n").join(parts)
