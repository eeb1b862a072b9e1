"""Graphs that outgrow one machine, compiled on Apache Spark (the extra `cluster`).

`output` is the folder in which parts are kept and resumed, `build` and `check` are the steps, for anything that runs
tasks elsewhere, `closing` closes facts in parts, `table` reads articles from a table, and `spark` is what runs tasks.
What is compiled comes from `kg.dataset.shards`. Only `spark` needs PySpark.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from kg.errors import LimitError

T = TypeVar("T")
R = TypeVar("R")
Progress = Callable[[str], None]


class GaveUpError(LimitError):
    """A task was tried several times, and each time ended the process that ran it."""


class Runner(Protocol):
    """What runs tasks on other machines, of which `width` can be done at the same time."""

    width: int

    def run(self, task: "Callable[[T], R]", items: Sequence[T], step: str) -> list[R]:
        """The results of a task for each item, in their order; raises KgError where one cannot be had.

        It is a GaveUpError where a process has ended; then some tasks may have been done, and others not been tried.
        """


class Here(Runner):
    """Runs tasks in this process."""

    width = 1

    def run(self, task: "Callable[[T], R]", items: Sequence[T], step: str) -> list[R]:
        """One after the other."""
        return list(map(task, items))
