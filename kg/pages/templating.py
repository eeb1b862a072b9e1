"""Templates: text from the graph is escaped, and what nobody would see in it is shown as an escape."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from kg.errors import InputError, clean
from kg.pages import links

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

FOLDER = os.path.dirname(os.path.abspath(__file__))
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
    found.globals["m"] = found.get_template("macros.html").module
    return found


def _shown(value: Any) -> Any:
    """Text as it may stand on a page; markup that a template has made stays as it is."""
    return clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


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
