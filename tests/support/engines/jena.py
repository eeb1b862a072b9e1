"""Apache Jena of Debian (libapache-jena-java): ARQ in memory and the store TDB2, by their commands.

Debian's jena-core.jar has the classes of its copy of Xerces in another Java package than their messages, without which
no datatype of XML Schema can be read: `install` copies the messages to where those classes look for them.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engines.engine import Answer, Engine, rows, run
from engines.installing import FOLDER, NotInstalledError, apt_get, debian_version, program

_PACKAGE = "libapache-jena-java"
_JARS = Path("/usr/share/java")
# Not all of the folder, in which other packages' loggers fight.
_LIBRARIES = (
    *("commons-cli", "commons-codec", "commons-compress", "commons-csv", "commons-io", "commons-lang3"),
    *("dexx.collection", "gson", "guava", "slf4j-api", "slf4j-nop", "thrift"),
)
_MESSAGES = "org/apache/jena/ext/"
_HOME = FOLDER / "jena"
_ARGUMENTS = _HOME / "java.args"


class _Jena(Engine):
    def install(self) -> None:
        try:
            program("java")
            debian_version(_PACKAGE)
        except NotInstalledError:
            apt_get(_PACKAGE, "default-jre-headless")
        with zipfile.ZipFile(_JARS / "jena-core.jar") as core:
            for name in core.namelist():
                if name.startswith(_MESSAGES) and name.endswith(".properties"):
                    to = _HOME / name.removeprefix(_MESSAGES)
                    to.parent.mkdir(parents=True, exist_ok=True)
                    to.write_bytes(core.read(name))
        jars = [path for path in sorted(_JARS.glob("jena-*.jar")) if not path.is_symlink()]
        path = ":".join(map(str, [_HOME, *jars, *(_JARS / f"{name}.jar" for name in _LIBRARIES)]))
        _ARGUMENTS.write_text(f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC\n-cp {path}\n", encoding="utf-8")

    def version(self) -> str:
        found = debian_version(_PACKAGE)
        if not _ARGUMENTS.exists():
            raise NotInstalledError(f"{_ARGUMENTS} is missing")
        return found

    def command(self, *words: str | Path) -> bytes:
        return run([program("java"), f"@{_ARGUMENTS}", *words])


class Arq(_Jena):
    """Reads the dataset anew for each query."""

    name, title = "jena-arq", "Apache Jena ARQ"

    @contextmanager
    def serving(self, dataset: Path, folder: Path) -> Iterator[None]:
        self._dataset = dataset
        yield

    def ask(self, query: Path) -> Answer:
        return rows(self.command("arq.arq", "--data", self._dataset, "--query", query, "--results", "JSON"))


class Tdb(_Jena):
    """A store on disk."""

    name, title = "jena-tdb", "Apache Jena TDB2"
    script = "load-jena.sh"

    @contextmanager
    def serving(self, dataset: Path, folder: Path) -> Iterator[None]:
        self._store = folder / "store"
        self.command("tdb2.tdbloader", "--loc", self._store, dataset)
        yield

    @contextmanager
    def loaded(self, parts: Path, folder: Path) -> Iterator[None]:
        self._store = folder / "store"
        run(["sh", parts / self.script, self._store], JENA=f"java @{_ARGUMENTS} tdb2.tdbloader")
        yield

    def ask(self, query: Path) -> Answer:
        return rows(self.command("tdb2.tdbquery", "--loc", self._store, "--query", query, "--results", "JSON"))
