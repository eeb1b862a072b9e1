"""pyoxigraph alone: the stored queries of a folder on the compiled dataset, `queries memory|disk NQUADS FOLDER`."""

import importlib
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import RdfFormat, Store

limited = importlib.import_module("limited")  # it lies beside this script


def queries(place: str, dataset: str, folder: str) -> dict[str, object]:
    """Each stored query, once, on a store in memory or on disk, each row read; loading is not counted."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.rq"))}
    with tempfile.TemporaryDirectory() as home:

        def opened() -> Callable[[str], object]:
            store = _in_memory(dataset) if place == "memory" else _on_disk(dataset, f"{home}/store")
            return lambda name: [tuple(row) for row in store.query(texts[name])]  # type: ignore[union-attr]

        figures: dict[str, object] = limited.each(texts, opened)
        return figures


def _in_memory(dataset: str) -> Store:
    store = Store()
    store.bulk_load(path=dataset, format=RdfFormat.N_QUADS)
    return store


def _on_disk(dataset: str, home: str) -> Store:
    """A store as Entente opens one: written once, read-only from then on."""
    if not Path(home).exists():
        written = Store(home)
        written.bulk_load(path=dataset, format=RdfFormat.N_QUADS)
        written.optimize()
        written.flush()
        del written
    return Store.read_only(home)


if __name__ == "__main__":
    print(json.dumps({"bench": 1, **queries(*sys.argv[2:])}))
