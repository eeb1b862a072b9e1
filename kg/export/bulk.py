"""The dataset for the bulk loaders of stores: N-Quads in parts, and a script for each store that loads them.

The parts together have the dataset and nothing else, some statements more than once. Memory is needed for one part.
"""

import os
from collections.abc import Iterable, Iterator

from kg.errors import InputError
from kg.rdf.namespaces import DEFAULT_GRAPH
from kg.source.layout import write_atomic

LINES = 500_000  # of a part
_OXIGRAPH = """\
#!/bin/sh
# Loads the parts beside this script into a store of Oxigraph:  sh load-oxigraph.sh STORE
# then:  oxigraph serve-read-only --location STORE    and    kg query --endpoint http://localhost:7878/query …
set -eu
: "${1:?give the folder of the store}"
exec "${OXIGRAPH:-oxigraph}" load --location "$1" --file "$(dirname "$0")"/part-*.nq
"""
_JENA = """\
#!/bin/sh
# Loads the parts beside this script into a TDB2 store of Apache Jena:  sh load-jena.sh STORE
# then:  fuseki-server --loc STORE /entente    and    kg query --endpoint http://localhost:3030/entente/query …
# JENA is the command before `--loc`, by default tdb2.tdbloader.
set -eu
: "${1:?give the folder of the store}"
exec ${JENA:-tdb2.tdbloader} --loc "$1" "$(dirname "$0")"/part-*.nq
"""
_VIRTUOSO = f"""\
#!/bin/sh
# Has a server of Virtuoso on this machine load the parts beside this script:  sh load-virtuoso.sh [HOST:]PORT [USER]
# then:  kg query --endpoint http://localhost:8890/sparql …
# The folder must be in DirsAllowed of virtuoso.ini. The password is VIRTUOSO_PASSWORD, by default that of a new server.
# Virtuoso has no default graph: its statements are loaded into the graph <{DEFAULT_GRAPH}>, which kg knows.
set -eu
: "${{1:?give the port of the server, such as 1111}}"
here=$(cd "$(dirname "$0")" && pwd)
isql=${{ISQL:-$(command -v isql-vt || command -v isql)}}
ask() {{ "$isql" "$port" "$user" "${{VIRTUOSO_PASSWORD:-dba}}" VERBOSE=OFF BANNER=OFF "exec=$1"; }}
port=$1 user=${{2:-dba}}
ask "delete from DB.DBA.load_list where ll_file like '$here/part-%';"
ask "ld_dir ('$here', 'part-*.nq', '{DEFAULT_GRAPH}'); rdf_loader_run (); checkpoint;"
whole="ll_file like '$here/part-%' and ll_state = 2 and ll_error is null"
loaded=$(ask "select count(*) from DB.DBA.load_list where $whole;")
set -- "$here"/part-*.nq
if [ "$(printf %s "$loaded" | tr -cd 0-9)" != $# ]; then
    ask "select ll_file, ll_error from DB.DBA.load_list where ll_error is not null;" >&2
    echo "not all of $# parts were loaded: is $here in DirsAllowed of virtuoso.ini?" >&2
    exit 1
fi
"""
SCRIPTS = {"load-jena.sh": _JENA, "load-oxigraph.sh": _OXIGRAPH, "load-virtuoso.sh": _VIRTUOSO}


def write(parts: Iterable[list[str]], folder: str, lines: int = LINES) -> tuple[int, int]:
    """Write lines of N-Quads into a folder that is new or empty, and the scripts; how many files and lines.

    The scripts come last: without them, not all parts are there. Raises InputError for a folder with something in it.
    """
    if os.path.isdir(folder) and os.listdir(folder):
        raise InputError("the folder is not empty", hint="name a new one, or empty it", where=folder, rule="file")
    os.makedirs(folder, exist_ok=True)
    files = written = 0
    for files, part in enumerate(_of_size(parts, lines), 1):
        written += len(part)
        write_atomic(os.path.join(folder, f"part-{files:04}.nq"), "".join(f"{line}\n" for line in part).encode())
    for name, script in SCRIPTS.items():
        write_atomic(os.path.join(folder, name), script.encode(), mode=0o777)
    return files, written


def _of_size(parts: Iterable[list[str]], lines: int) -> Iterator[list[str]]:
    """The lines of parts, so many at a time, sorted, each once in its part."""
    waiting: set[str] = set()
    for part in parts:
        for line in part:
            waiting.add(line)
            if len(waiting) == lines:
                yield sorted(waiting)
                waiting = set()
    if waiting:
        yield sorted(waiting)
