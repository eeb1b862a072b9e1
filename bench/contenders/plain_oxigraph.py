"""pyoxigraph alone: the text of each stored query of a folder on the compiled dataset, `queries NQUADS FOLDER`."""

import json
import sys
import time
from pathlib import Path

from pyoxigraph import RdfFormat, Store


def queries(dataset: str, folder: str) -> dict[str, object]:
    """Each stored query, once."""
    store = Store()
    store.bulk_load(path=dataset, format=RdfFormat.N_QUADS)
    parts = {}
    for path in sorted(Path(folder).glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        started = time.perf_counter()
        for _ in store.query(text):  # type: ignore[union-attr]
            pass
        parts[path.stem] = time.perf_counter() - started
    return {"seconds": sum(parts.values()), "parts": parts}


if __name__ == "__main__":
    print(json.dumps({"bench": 1, **queries(*sys.argv[2:])}))
