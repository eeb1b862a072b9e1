"""Runs tasks on Apache Spark: on this machine, on a cluster, or in the session of `spark-submit`.

Only paths and names go to the tasks, and keys come back: articles are read and parts written by the machines, so that
nothing large goes through the JVM. What Spark writes to its log is in a file, for it would bury everything else.
"""

import logging
import os
import re
import shutil
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from kg.cluster import GaveUpError, Progress
from kg.cluster.output import FINDINGS, TABLES, files
from kg.cluster.table import COLUMNS, lacking
from kg.errors import InputError, KgError, LimitError, require
from kg.findings import Finding

if TYPE_CHECKING:
    from pyspark import SparkContext

    from kg.cluster.output import Output
    from kg.cluster.table import Unpack, Unpacked

T = TypeVar("T")
R = TypeVar("R")
_POLL = 0.5  # seconds
_ANSWER = 10  # seconds in which a master has to answer
_CONF = {
    "spark.app.name": "kg cluster",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


# A line of the log that says why Spark does not start, or has ended.
_BEFORE = r" ERROR [\w.$]+: |^Exception in thread \S+ (?:[\w.$]+: )?|^Error: |spark-class: line \d+: |^(?=JAVA_HOME)"
_ERROR = rf"(?:{_BEFORE})(.+)"
# The terms of a line of N-Quads; no IRI has a quotation mark, so that the last one ends the literal.
_QUAD = r'(?s)^(\S+) (\S+) (<<\(.*\)>>|".*"\S*|\S+)(?: (\S+))? \.$'


class Spark:
    """A connection to Spark that runs tasks. Task and items are pickled; both come from this package."""

    def __init__(self, context: "SparkContext", progress: Progress, log: str, since: int) -> None:
        self._context, self._progress, self._log, self._since = context, progress, log, since
        self.width = context.defaultParallelism
        self.is_local = str(context.master).startswith("local")

    def run(self, task: Callable[[T], R], items: Sequence[T], step: str) -> list[R]:
        """The results of a task for each item, in their order, with progress.

        Raises the error of a task that is one of this package, LimitError where Spark has ended, else GaveUpError:
        Spark has tried a task several times.
        """
        self._progress(step)
        if not items:
            return []
        done = _Job(lambda: self._context.parallelize(items, len(items)).map(_caught(task)).collect())
        shown = -1
        try:
            while not done.wait(_POLL):
                if (now := self._completed()) not in (shown, 0):
                    self._progress(f"{step}: {now} of {len(items)} parts")
                    shown = now
            rows: list[R | KgError] = done.result()
        except Exception as error:
            self._require_running(error)
            message = f"Spark gave up on a part: {_said(error)}"
            raise GaveUpError(message, hint=self._again(), rule="cluster") from error
        found = [row for row in rows if not isinstance(row, KgError)]
        for row in rows:
            if isinstance(row, KgError):
                raise row
        return found

    def unpack(self, path: str, task: "Unpack") -> "list[Unpacked | None]":
        """What a task gives for the rows of a table. Raises InputError where it cannot be read, or lacks a column."""
        from pyspark.sql import SparkSession, functions

        self._progress("writing the articles of the table")
        try:
            reader = SparkSession(self._context).read
            if path.rstrip("/").endswith(".parquet"):
                table = reader.parquet(path)
                there = {name.lower() for name in table.columns}  # to Spark, capital and small letters are the same
                if missing := [column for column in COLUMNS if column not in there]:
                    raise lacking(missing)
                rows = table.select(*COLUMNS).rdd.map(tuple)
            else:  # what is no JSON is to be told, and what is no UTF-8 is not to be replaced
                rows = reader.text(path).select(functions.col("value").cast("binary")).rdd.map(_bytes)
            found: list[Unpacked | None] = rows.mapPartitions(task).collect()
        except KgError:
            raise
        except Exception as error:
            self._require_running(error)
            hint = f"what Spark says is in {self._log}"
            raise InputError(f"the table cannot be read: {_said(error)}", hint=hint, rule="table") from error
        return found

    def write_tables(self, output: "Output", manifest: dict[str, Any]) -> None:
        """Write findings and counts as tables in Parquet and, of a build, its quads, each once, as terms of N-Quads.

        They appear together or not at all. Raises LimitError where Spark cannot write them.
        """
        from pyspark.sql import SparkSession, functions

        self._progress("writing tables")
        session, temporary = SparkSession(self._context), output.path(f"{TABLES}.tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        names = (f for f in fields(Finding) if f.name != "results")
        columns = ", ".join(f"{f.name} {'int' if f.type in ('int', int) else 'string'}" for f in names)
        columns = f"article string, {columns}"
        tables = {
            "findings": session.read.schema(columns).json(_path(output.path(FINDINGS))),
            "counts": session.createDataFrame(sorted(manifest["counts"].items()), "name string, number long"),
        }
        if manifest["shared"]:
            lines = session.read.text([_path(output.path(name)) for name in files(manifest)], lineSep="\n").distinct()
            terms = [functions.regexp_extract("value", _QUAD, n) for n in range(1, 5)]
            wrong = functions.raise_error(functions.concat(functions.lit("this is no quad: "), "value"))
            whole = functions.when(terms[0] != "", terms[0]).otherwise(wrong)
            tables["quads"] = lines.select(
                whole.alias("subject"),
                terms[1].alias("predicate"),
                terms[2].alias("object"),
                functions.when(terms[3] != "", terms[3]).alias("graph"),
            )
        try:
            for name, table in tables.items():
                table.write.parquet(_path(os.path.join(temporary, name)))
        except Exception as error:
            self._require_running(error)
            hint = f"what Spark says is in {self._log}"
            message = f"Spark cannot write tables: {_said(error)}"
            raise LimitError(message, hint=hint, rule="cluster") from error
        os.replace(temporary, output.path(TABLES))

    def _require_running(self, error: Exception) -> None:
        """Raise LimitError where Spark has ended, which may be why something else went wrong."""
        with suppress(Exception):  # nobody answers where Java has ended
            if not self._context._jsc.sc().isStopped():
                return
        reason = _logged(self._log, self._since)
        raise LimitError(f"Spark has ended{reason and ': '}{reason}", hint=self._again(), rule="cluster") from error

    def _again(self) -> str:
        return f"run it again: what is done is kept; what Spark says is in {self._log}"

    def _completed(self) -> int:
        tracker = self._context.statusTracker()
        stages = (tracker.getStageInfo(number) for number in tracker.getActiveStageIds())
        return sum(stage.numCompletedTasks for stage in stages if stage)


class _Job(threading.Thread):
    """Runs a function in a thread."""

    def __init__(self, function: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._function, self._found = function, None
        self._error: Exception | None = None
        self.start()

    def run(self) -> None:
        """Call the function."""
        try:
            self._found = self._function()
        except Exception as error:
            self._error = error

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, after so many seconds at most."""
        self.join(seconds)
        return not self.is_alive()

    def result(self) -> Any:
        """What it gave. Raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._found


def _caught(task: Callable[[T], R]) -> "Callable[[T], R | KgError]":
    def run(item: T) -> "R | KgError":
        try:
            return task(item)
        except KgError as error:
            return error  # as a result: Spark would try it again, and bury it

    return run


def _bytes(row: "tuple[bytearray]") -> bytes:
    return bytes(row[0])


def _said(error: Exception) -> str:
    """What Spark says in a line: the message of the error, without where it was raised."""
    around = r"^(: )?([a-z]\w*\.)+[A-Z]\w*: | SQLSTATE: \w+$"
    lines = [re.sub(around, "", line.strip()) for line in str(error).split("\n")]
    said = [line for line in lines if line and not line.startswith(("at ", "File ", "SQLSTATE", "An error occurred "))]
    return (said[0] if said else type(error).__name__)[:300]


def _size(path: str) -> int:
    return os.path.getsize(path) if os.path.exists(path) else 0


def _logged(log: str, since: int, which: int = -1) -> str:
    """An error in the log of Spark after so many bytes: the last or the first, of those with a reason if any has one.

    It is empty where there is none.
    """
    with suppress(OSError), open(log, "rb") as file:
        file.seek(since)
        found = [m[1] for line in file if (m := re.search(_ERROR, line.decode("utf-8", "replace")))]
        found = [said for said in found if "Reason: " in said] or found
        return found[which].strip()[:300] if found else ""
    return ""


def _path(path: str) -> str:
    """A path as Spark takes it, for which a folder is elsewhere on some clusters."""
    return f"file://{path}"


@contextmanager
def connected(master: str, progress: Progress, log: str) -> Iterator[Spark]:
    """A connection to Spark, closed at the end; the master is that of `spark-submit` where it is empty.

    Raises InputError where PySpark is not installed, no master answers or Spark does not start, with the reason.
    """
    require("cluster", "kg cluster", "pyspark")
    from pyspark import SparkConf, SparkContext

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    conf = SparkConf()
    for name, value in _CONF.items():
        conf.setIfMissing(name, value)
    if master:
        conf.setMaster(master)
    else:
        conf.setIfMissing("spark.master", "local[*]")
    if conf.get("spark.master", "").startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    _require_master(conf.get("spark.master", ""))
    progress("starting Spark, which takes longer than a small build")
    since = _size(log)
    with _loggers(log):
        try:
            with _quiet(log):
                context = SparkContext(conf=conf)
        except Exception as error:
            hint = f"Java 17 or later must be there, and the master running; what Spark says is in {log}"
            reason = (_logged(log, since, 0) if "JAVA_GATEWAY_EXITED" in str(error) else "") or _said(error)
            raise InputError(f"Spark does not start: {reason}", hint=hint, rule="spark") from error
        if (server := getattr(context, "_accumulatorServer", None)) is not None:
            server.handle_error = lambda *_: None  # it would print a traceback where Java ends
        try:
            yield Spark(context, progress, log, since)
        finally:
            with suppress(Exception):  # it has ended already
                context.stop()


def _require_master(master: str) -> None:
    """Raise InputError where no master answers at an address spark://HOST:PORT,…, which Spark tries for a minute."""
    if not master.startswith("spark://"):
        return
    reasons = []
    for address in master.removeprefix("spark://").split(","):
        host, _, port = address.rpartition(":")
        try:
            socket.create_connection((host.strip("[]"), int(port)), _ANSWER).close()
            return
        except (OSError, ValueError, OverflowError) as error:
            reasons.append(f"{address}: {getattr(error, 'strerror', None) or error}")
    hint = "name a master that is running, as spark://HOST:7077"
    raise InputError(f"no master of Spark answers: {'; '.join(reasons)}", hint=hint, rule="spark")


@contextmanager
def _loggers(log: str) -> Iterator[None]:
    """Have what PySpark logs in this process go to its log."""
    handler = logging.FileHandler(log, encoding="utf-8", delay=True)
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


@contextmanager
def _quiet(log: str) -> Iterator[None]:
    """Have what processes that are started here write to stderr go to a file. Spark's JVM is one of them."""
    sys.stderr.flush()
    kept = os.dup(2)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        os.dup2(file, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(file)
