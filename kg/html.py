"""HTML for notebooks: escaped text, tables and footnotes, in the colours and the type of the page around them.

Nothing is loaded from elsewhere, and nothing is needed but the markup: where a page drops the style, as GitHub does, it
still reads well. No MathJax sets what stands between two dollar signs.
"""

from collections.abc import Iterable, Sequence
from html import escape

from kg.errors import clean

_LINE = "&#10;"  # in an attribute
_MANY = 20  # footnotes; more of them are folded
# The class stands twice, since notebooks style tables by rules that count for more than those of one class.
_STYLE = """
.kg.kg{line-height:1.45;max-width:72em;overflow-x:auto}
.kg.kg p{margin:.3em 0}
.kg.kg table{border-collapse:collapse;border:0;margin:.4em 0;font-size:.92em;table-layout:auto;color:inherit}
.kg.kg th,.kg.kg td{border:0;padding:.25em .8em .25em 0;text-align:left;vertical-align:top;line-height:1.3}
.kg.kg td{white-space:normal;max-width:36em}
.kg.kg th{border-bottom:1px solid #888;font-weight:600;vertical-align:bottom}
.kg.kg tbody tr:nth-child(n){background:none;border-bottom:1px solid #8883}
.kg.kg .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.kg.kg .date,.kg.kg .mark{white-space:nowrap}
.kg.kg .mark{cursor:help}
.kg.kg .small{font-size:.92em}
.kg.kg .quiet{opacity:.78}
.kg.kg .code{font-family:monospace}
.kg.kg .inferred{text-decoration:underline dashed 1px;text-underline-offset:.2em}
.kg.kg .said{border-left:2px solid #888;padding-left:.6em;display:inline-block}
.kg.kg .notes{margin-top:.6em}
.kg.kg .note{display:flex;gap:.4em;margin:.15em 0}
.kg.kg .note .mark{flex:0 0 2.2em}
.kg.kg ul{list-style:none;margin:0;padding:0}
.kg.kg ul ul{border-left:1px solid #8888;margin-left:.2em;padding-left:1em}
.kg.kg summary{cursor:pointer}
"""


def text(data: str) -> str:
    """Text from anywhere as HTML shows it: no markup, lines kept, and what is invisible as an escape."""
    return "<br>".join(escape(clean(line)) for line in data.replace("\r\n", "\n").split("\n"))


def title(data: str) -> str:
    """The attribute of an element that shows a text while it is pointed at; nothing for no text."""
    lines = (escape(clean(line)) for line in data.replace("\r\n", "\n").split("\n"))
    return f' title="{_LINE.join(lines)}"' if data else ""


def span(data: str, kind: str = "", hover: str = "") -> str:
    """Text of a kind (a class of the style), with what it shows while it is pointed at."""
    named = f' class="{kind}"' if kind else ""
    return f"<span{named}{title(hover)}>{text(data)}</span>"


def paragraph(data: str, kind: str = "") -> str:
    """A paragraph of text of a kind."""
    return f"<p>{span(data, kind)}</p>"


def block(*parts: str) -> str:
    """The output of a cell."""
    return f'<div class="kg tex2jax_ignore mathjax_ignore"><style>{_STYLE}</style>{"".join(parts)}</div>'


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], kinds: Sequence[str] = ()) -> str:
    """A table of cells that are HTML already, under names that are not; `kinds` are columns of `number` and `date`."""
    named = [f' class="{kind}"' if kind else "" for kind in kinds or [""] * len(columns)]
    names = (text(name).replace("_", "_<wbr>") for name in columns)  # where a long one may be broken
    head = "".join(f"<th{kind}>{name}</th>" for kind, name in zip(named, names, strict=True))
    body = ("".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(named, row, strict=True)) for row in rows)
    lines = "".join(f"<tr>{cells}</tr>" for cells in body)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def listed(items: Iterable[str]) -> str:
    """A list of items that are HTML already."""
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def folded(summary: str, *parts: str, is_open: bool = False) -> str:
    """Parts that the reader unfolds."""
    return f"<details{' open' * is_open}><summary>{text(summary)}</summary>{''.join(parts)}</details>"


def footnotes(texts: Sequence[str], legend: str = "") -> str:
    """Numbered texts, and what else there is to say of their numbers."""
    if not texts:
        return ""
    lines = [f'<div class="note small">{span(f"[{n}]", "mark")} {span(each)}</div>' for n, each in enumerate(texts, 1)]
    lines += [paragraph(legend, "quiet small")] * bool(legend)
    notes = folded(f"{len(texts)} footnotes", *lines) if len(texts) > _MANY else "".join(lines)
    return f'<div class="notes">{notes}</div>'
