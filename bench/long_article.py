"""One long article of invented news: the texts of several, one after the other, with the facts of all of them."""

import re
from pathlib import Path

from bench.articles import write
from bench.corpus import copy_terms
from bench.world import World

_PASSAGE = re.compile(r"\bp:(?=\w)")
_QUOTE = re.compile(r'^( *)ent:quote "(.*?)"(?= [;.]$)', re.MULTILINE)
_SOURCE = re.compile(r"^    dcterms:source <.*\n", re.MULTILINE)


def generate(parts: int, folder: Path, seed: int = 1) -> str:
    """Write a graph folder with one article of so many parts to a folder that must not exist yet; the article's name.

    Raises FileExistsError if it does.
    """
    copy_terms(folder)
    world = World(seed)
    written = [write(world, number) for number in range(1, parts + 1)]
    text = "\n".join(article.text for article in written)
    head, facts, start = "", list[str](), 0
    for number, article in enumerate(written):
        cut = next(_SOURCE.finditer(article.facts)).end()
        head = head or article.facts[:cut]
        facts.append(_quoting_once(_PASSAGE.sub(f"p:part-{number}-", article.facts[cut:]), text, start))
        start += len(article.text) + 1
    home = folder / "kg" / "articles" / written[0].name
    home.mkdir(parents=True)
    (home / "article.txt").write_text(text, encoding="utf-8", newline="\n")
    (home / "facts.trig").write_text("\n".join([head, *facts]), encoding="utf-8", newline="\n")
    return written[0].name


def _quoting_once(facts: str, text: str, start: int) -> str:
    """Facts whose quotes stand from `start` on, those that stand more than once with the words before them."""

    def prefixed(match: re.Match[str]) -> str:
        quote = match[2].replace('\\"', '"')
        if text.count(quote) < 2:
            return match[0]
        at = text.index(quote, start)
        longer = (text[max(at - length, 0) : at] for length in range(10, at + 20, 20))
        before = next(words for words in longer if text.count(words + quote) == 1)
        escaped = before.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{match[1]}ent:prefix "{escaped}" ;\n{match[1]}ent:quote "{match[2]}"'

    return _QUOTE.sub(prefixed, facts)
