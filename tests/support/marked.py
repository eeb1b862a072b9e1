"""Texts in which the marks ⟦ ⟧ surround the place that a finding must name."""

import re

_MARKS = re.compile("[⟦⟧]")


def unmark(text: str) -> tuple[str, tuple[int, int]]:
    """The text without its marks, and the line and column, from 1, of the first; line 0 where there is none."""
    if "⟦" not in text:
        return text, (0, 0)
    before = text[: text.index("⟦")]
    return _MARKS.sub("", text), (before.count("\n") + 1, len(before) - before.rfind("\n"))
