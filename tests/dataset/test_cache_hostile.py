"""The cache of a graph folder that somebody else has made, or that is damaged: nothing there is believed."""

import hashlib
import json
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Quad

from kg.dataset import build, cache, stored_queries, update
from kg.graph import Graph
from kg.rdf.namespaces import ID, RDFS
from kg.source import documents
from kg.source.layout import GraphFolder
from kg.validation import incremental

posix = pytest.mark.skipif(os.name == "nt", reason="links, pipes and permissions as POSIX has them")
KEY = bytes(range(32))
ASKED = f"SELECT ?label WHERE {{ <{ID}sudland> <{RDFS}label> ?label }}"
Large = tuple[GraphFolder, Path, list[Quad]]
FORGED = b'"POISONED"@en'


def label(folder: GraphFolder) -> str:
    return Graph(folder).query(ASKED).text()[0][0]


def put(path: Path, data: bytes, mode: int = 0o600) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the user's own."""
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "user"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "user"


# A forged build, signed with what an attacker may hope to be the key


@pytest.fixture(scope="module")
def kept(small: Graph) -> Path:
    """A genuine build."""
    return Path(small.graph_folder.cache) / cache.fingerprints(small.graph_folder, "rl").key


def forge(kept: Path, folder: Path, key: bytes, *, bound: bool = True) -> None:
    """Put a build with false facts and a question that calls a server there, signed with a key, `bound` to its name."""
    dataset = (kept / cache.DATASET).read_bytes().replace(b'"Sudland"@en', FORGED)
    index = json.loads((kept / cache.INDEX).read_bytes())
    for query in index["queries"]:
        query["text"] = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    data = json.dumps(index).encode()
    signed = hashlib.blake2b(data + dataset, key=key)  # as it was until November 2026
    if bound:
        files = (kept.name.encode(), data, dataset)
        signed = hashlib.blake2b(b"".join(b"%d %s" % (len(file), file) for file in files), key=key)
    signature = signed.hexdigest().encode()
    for name, content in {cache.DATASET: dataset, cache.INDEX: data, cache.SIGNATURE: signature}.items():
        put(folder / kept.name / name, content, 0o644)


def own_home(user: Path, folder: GraphFolder) -> Path:
    return user / "entente-kg" / cache.digest([os.path.realpath(folder.root).encode()])[:16]


def test_a_forged_build_is_believed_where_the_key_is_known(tiny: GraphFolder, user: Path, kept: Path) -> None:
    """Else the tests below would show nothing."""
    put(user / "entente-kg" / "key", KEY)
    forge(kept, Path(tiny.cache), KEY)
    assert label(tiny) == "POISONED"


@pytest.mark.parametrize("bound", [False, True])
@pytest.mark.parametrize("variable", ["nothing", "/dev/null", "a file", "/dev/null/below", ""])
def test_without_a_cache_folder_nothing_is_believed(
    variable: str, bound: bool, tiny: GraphFolder, tmp_path: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
        if variable != "nothing":
            monkeypatch.setenv(name, str(tmp_path / "file") if variable == "a file" else variable)
    monkeypatch.setenv("HOME", "/dev/null")
    forge(kept, Path(tiny.cache), b"", bound=bound)
    for _ in range(2):
        assert label(tiny) == "Sudland"
        assert Graph(tiny).query("who-backs").columns == ["backer", "backed"]


KEYS: dict[str, Callable[[Path, Path], None]] = {
    "empty": lambda path, graph: put(path, b""),
    "short": lambda path, graph: put(path, KEY[:31]),
    "long": lambda path, graph: put(path, KEY + b"\n"),
    "twice": lambda path, graph: put(path, KEY * 2),
    "read by all": lambda path, graph: put(path, KEY, 0o644),
    "read by the group": lambda path, graph: put(path, KEY, 0o640),
    "written by all": lambda path, graph: put(path, KEY, 0o602),
    "a folder": lambda path, graph: path.mkdir(parents=True),
    "a pipe": lambda path, graph: pipe(path),
    "a device": lambda path, graph: link(path, Path("/dev/zero")),
    "a link to a key": lambda path, graph: link(path, graph / "key"),
    "a link to nothing": lambda path, graph: link(path, graph / "none"),
}


def link(path: Path, target: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


@posix
@pytest.mark.parametrize("kind", KEYS)
def test_a_key_that_is_no_secret_is_not_used(kind: str, tiny: GraphFolder, user: Path, kept: Path) -> None:
    path = user / "entente-kg" / "key"
    put(Path(tiny.root, "key"), KEY)
    KEYS[kind](path, Path(tiny.root))
    content = KEY[:31] if kind == "short" else KEY * 2 if kind == "twice" else KEY + b"\n" * (kind == "long")
    forge(kept, Path(tiny.cache), b"" if kind in ("empty", "a folder", "a device") else content)
    for _ in range(2):
        assert label(tiny) == "Sudland"
    if kind != "a folder":
        key = path.read_bytes()
        assert (len(key), path.is_symlink(), path.stat().st_mode & 0o777) == (32, False, 0o600)
        assert key != KEY


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_a_key_of_somebody_else_is_not_used_and_stays(tiny: GraphFolder, user: Path, kept: Path) -> None:
    put(user / "entente-kg" / "key", KEY)
    os.chown(user / "entente-kg" / "key", 12345, 12345)
    forge(kept, Path(tiny.cache), KEY)
    assert label(tiny) == "Sudland"
    assert (user / "entente-kg" / "key").read_bytes() == KEY


PLACES: dict[str, tuple[str, str]] = {  # XDG_CACHE_HOME and HOME; ~ is the graph folder
    "in the graph folder": ("~/.cache", "/dev/null"),
    "in the cache of the graph folder": ("~/.kg", "/dev/null"),
    "the graph folder": ("~", "/dev/null"),
    "by way of a link": ("~/../alias/.cache", "/dev/null"),
    "in the repository": ("~/../.cache", "/dev/null"),
    "relative": (".cache", "/dev/null"),
    "the current folder": (".", "/dev/null"),
    "home is the graph folder": ("", "~"),
    "home is relative": ("", "."),
    "home is the repository": ("", "~/.."),
}


@posix
@pytest.mark.parametrize("where", PLACES)
def test_a_key_in_the_tree_is_no_secret(
    where: str, tiny: GraphFolder, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.chdir(tiny.root)
    root = Path(tiny.root)
    (root.parent / "alias").symlink_to(root)
    (root.parent / ".git").mkdir()
    cache_home, home = (variable.replace("~", tiny.root) for variable in PLACES[where])
    monkeypatch.setenv("XDG_CACHE_HOME", cache_home)
    monkeypatch.setenv("HOME", home)
    user = Path(cache_home or Path(home, ".cache"))
    put(user / "entente-kg" / "key", KEY)
    forge(kept, root / ".kg", KEY)
    forge(kept, own_home(user, tiny), KEY)
    assert cache.user_key(tiny) == b""
    assert label(tiny) == "Sudland"


def test_a_relative_cache_folder_is_none(tiny: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    monkeypatch.setenv("XDG_CACHE_HOME", ".cache")
    for home, expected in ((str(tmp_path), str(tmp_path / ".cache")), (".", os.devnull), ("~", os.devnull)):
        monkeypatch.setenv("HOME", home)
        assert cache._user_cache(tiny) == expected


def test_the_other_cache_folder_serves_where_one_is_in_the_tree(
    tiny: GraphFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", os.path.join(tiny.root, ".cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache._user_cache(tiny) == str(tmp_path / "home" / ".cache")


# A genuine build, but of other sources


@pytest.fixture
def other(tiny: GraphFolder, user: Path) -> tuple[Path, str]:
    """The cache with a build by this user of other sources, and the name that one of the sources now would have."""
    words = Path(tiny.articles, "2020-03-norland", "facts.trig")
    text = words.read_bytes()
    words.write_bytes(text.replace(b'"Sudland"@en', FORGED))
    assert label(tiny) == "POISONED"
    words.write_bytes(text)
    return Path(tiny.cache), cache.fingerprints(tiny, "rl").key


def test_a_build_under_another_name_is_not_believed(tiny: GraphFolder, other: tuple[Path, str]) -> None:
    folder, key = other
    (old,) = (path for path in folder.iterdir() if path.is_dir())
    shutil.copytree(old, folder / key)
    assert label(tiny) == "Sudland"


@posix
def test_a_link_to_another_build_is_not_followed(tiny: GraphFolder, other: tuple[Path, str]) -> None:
    folder, key = other
    (old,) = (path for path in folder.iterdir() if path.is_dir())
    (folder / key).symlink_to(old.name)
    assert label(tiny) == "Sudland"
    assert not (folder / key).is_symlink()
    assert FORGED in (old / cache.DATASET).read_bytes()


@pytest.mark.parametrize("files", [["dataset.nq"], ["index.json"], ["signature"], ["dataset.nq", "index.json"]])
def test_files_of_two_builds_make_none(files: list[str], tiny: GraphFolder, other: tuple[Path, str]) -> None:
    folder, key = other
    (old,) = (path for path in folder.iterdir() if path.is_dir())
    assert label(tiny) == "Sudland"
    for name in files:
        shutil.copyfile(old / name, folder / key / name)
    made = Graph(tiny)
    assert made.query(ASKED).text()[0][0] == "Sudland"
    assert made.query("who-backs").columns == ["backer", "backed"]


# What lies in the place of a file


def pipe(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path, 0o600)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


def listening(path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, socket.socket(socket.AF_UNIX) as server:
        patch.chdir(path.parent)  # the name of a socket is short
        server.bind(path.name)


ODD: dict[str, Callable[[Path], None]] = {
    "a pipe": pipe,
    "a link to an endless device": lambda path: path.symlink_to("/dev/zero"),
    "a link to a device that waits": lambda path: path.symlink_to("/dev/tty"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a socket": listening,
    "a folder": lambda path: path.mkdir(),
    "a terabyte": sparse,
}


@posix
@pytest.mark.parametrize("name", [cache.DATASET, cache.INDEX, cache.SIGNATURE])
@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_file_is_not_read(
    kind: str, name: str, tiny: GraphFolder, user: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(kept, Path(tiny.cache, kept.name)))
    (folder / name).unlink()
    ODD[kind](folder / name)
    assert cache._read_small(tiny, tiny.cache, kept.name) is None
    assert cache._write_small(tiny, tiny.cache, kept.name, (b"", {}))
    assert sorted(os.listdir(folder)) == sorted([cache.DATASET, cache.INDEX, cache.SIGNATURE])


@posix
@pytest.mark.parametrize("target", ["dataset.nq", "index.json", "signature"])
def test_a_file_of_a_build_is_no_link(target: str, tiny: GraphFolder, user: Path) -> None:
    assert cache._write_small(tiny, tiny.cache, "0" * 32, (b"", {}))
    path = Path(tiny.cache, "0" * 32, target)
    path.rename(Path(tiny.root, target))
    path.symlink_to(Path("..", "..", target))
    assert path.exists()
    assert cache._read_small(tiny, tiny.cache, "0" * 32) is None


@posix
@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_folder_of_a_build_is_built_over(kind: str, tiny: GraphFolder, user: Path) -> None:
    Path(tiny.cache).mkdir()
    ODD[kind](Path(tiny.cache, "0" * 32))
    assert cache._read_small(tiny, tiny.cache, "0" * 32) is None
    assert cache._write_small(tiny, tiny.cache, "0" * 32, (b"", {}))
    assert sorted(os.listdir(tiny.cache)) == [".gitignore", "0" * 32]


@posix
@pytest.mark.parametrize("kind", ODD)
def test_what_is_no_cache_is_left_alone(kind: str, tiny: GraphFolder, user: Path) -> None:
    ODD[kind](Path(tiny.cache))
    assert isinstance(cache.find(tiny, "rl"), cache.Fingerprints)
    cache.keep_small(tiny, "0" * 32, (b"", {}))
    assert isinstance(cache._found(tiny, "0" * 32), cache.SmallBuild)
    assert kind == "a folder" or not os.path.isdir(tiny.cache)


@posix
@pytest.mark.parametrize("target", ["kg/articles", ".", "..", "../outside", "../none", "ontology", "kg/articles/a"])
def test_a_link_in_place_of_the_cache_is_not_followed(target: str, tiny: GraphFolder, user: Path) -> None:
    outside = Path(tiny.root, "..", "outside")
    for folder in (outside, Path(tiny.articles)):  # as many as there could be builds, and more
        for name in ("a", *(f"{n:032x}" for n in range(6))):
            (folder / name).mkdir(parents=True)
    Path(tiny.cache).symlink_to(target)
    before = sorted(Path(tiny.root).parent.rglob("*"))
    cache.keep_small(tiny, "f" * 32, (b"", {}))
    after = sorted(Path(tiny.root).parent.rglob("*"))
    assert [path for path in after if user not in (path, *path.parents)] == before


@posix
@pytest.mark.parametrize("target", ["../../escaped", "../shapes/words.ttl", "/dev/full"])
def test_the_file_by_which_a_cache_ignores_itself_is_no_way_out(target: str, tiny: GraphFolder, user: Path) -> None:
    Path(tiny.cache).mkdir()
    Path(tiny.cache, ".gitignore").symlink_to(target)
    shapes = Path(tiny.shapes, "words.ttl").read_bytes()
    cache.keep_small(tiny, "0" * 32, (b"", {}))
    assert not Path(tiny.root, "..", "escaped").exists()
    assert Path(tiny.shapes, "words.ttl").read_bytes() == shapes


def test_a_build_too_deep_to_be_removed_is_no_hindrance(
    tiny: GraphFolder, user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_deep(*_: object, **more: object) -> None:
        raise RecursionError

    Path(tiny.cache, "0" * 32, "a").mkdir(parents=True)
    monkeypatch.setattr(shutil, "rmtree", too_deep)
    assert cache._write_small(tiny, tiny.cache, "0" * 32, (b"", {}))


def test_a_folder_without_files_is_another_state(tiny: GraphFolder) -> None:
    before = cache.stamp(tiny, "rl")[0]
    Path(tiny.articles, "2021-norland").mkdir()
    assert cache.stamp(tiny, "rl")[0] != before


def test_only_builds_are_removed_from_a_cache(tiny: GraphFolder, user: Path) -> None:
    others = ["notes", "0" * 31, "g" * 32, "large", "building", "A" * 32]
    for name in others:
        Path(tiny.cache, name).mkdir(parents=True)
    for n in range(6):
        cache.keep_small(tiny, f"{n:032x}", (b"", {}))
    found = set(os.listdir(tiny.cache))
    assert set(others) < found
    assert len(found) == len(others) + 4 + 1


@posix
@pytest.mark.parametrize("kind", ODD)
def test_stamps_that_are_no_file_are_not_read(
    kind: str, tiny: GraphFolder, user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = own_home(user, tiny) / "stamps.json"
    path.parent.mkdir(parents=True)
    ODD[kind](path)
    assert cache._recorded(tiny, "x") is None


ODD_STAMPS = [b"[]", b"5", b"null", b'"x"', b"[" * 100_000, b"\xff", b"", b"{", b"9" * 10_000]
NO_NAMES = [b"5", b"null", b'["a"]', b'"../../tiny"', b'""', b'"\\ud800"', b'"' + b"g" * 32 + b'"', b'{"x": 1}']


@pytest.mark.parametrize("data", [*ODD_STAMPS, *(b'{"x": %s}' % name for name in NO_NAMES)])
def test_odd_stamps_are_none(data: bytes, tiny: GraphFolder, user: Path) -> None:
    put(own_home(user, tiny) / "stamps.json", data)
    assert cache._recorded(tiny, "x") is None


# Large builds


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Large:
    """A tiny graph with a build that counts as large, the user's cache folder with it, and its quads."""
    folder = tmp_path_factory.mktemp("large")
    source = Path(__file__).parents[1] / "graphs" / "tiny"
    graph_folder = GraphFolder(str(shutil.copytree(source, folder / "graph")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(update, "LARGE", 0)
        patch.setattr(cache, "_user_cache", lambda *_: str(folder / "user"))
        return graph_folder, folder / "user", Graph(graph_folder).quads


@pytest.fixture
def home(large: Large, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that build, which a test may damage."""
    monkeypatch.setattr(update, "LARGE", 0)
    shutil.copytree(large[1], tmp_path / "user")
    monkeypatch.setattr(cache, "_user_cache", lambda *_: str(tmp_path / "user"))
    (found,) = Path(cache.large_home(large[0])).iterdir()
    return found


def the(folder: Path, pattern: str) -> Path:
    """The largest file of a name."""
    return max(folder.glob(pattern), key=lambda path: path.stat().st_size)


def changed(path: Path) -> None:
    """One bit less or more, in a file as large as before."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def longer(path: Path, more: bytes) -> None:
    path.write_bytes(path.read_bytes() + more)


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def cut_in_secret(path: Path) -> None:
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    cut(path)
    os.utime(path, ns=times)


def linked(path: Path) -> None:
    moved = path.rename(path.parents[2] / "moved")
    path.symlink_to(moved)


def swapped(folder: Path) -> None:
    first, second = sorted((folder / "store").glob("*.sst"))[:2]
    first.rename(folder / "store" / "t")
    second.rename(first)
    (folder / "store" / "t").rename(second)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "half a manifest": lambda f: cut(the(f, "store/MANIFEST-*")),
    "no manifest": lambda f: the(f, "store/MANIFEST-*").unlink(),
    "a changed manifest": lambda f: changed(the(f, "store/MANIFEST-*")),
    "an empty manifest": lambda f: os.truncate(the(f, "store/MANIFEST-*"), 0),
    "no current": lambda f: (f / "store" / "CURRENT").unlink(),
    "another current": lambda f: (f / "store" / "CURRENT").write_bytes(b"MANIFEST-999999\n"),
    "half a table": lambda f: cut(the(f, "store/*.sst")),
    "half a table with its old time": lambda f: cut_in_secret(the(f, "store/*.sst")),
    "half the ontology with its old time": lambda f: cut_in_secret(f / "rest.nq"),
    "no table": lambda f: the(f, "store/*.sst").unlink(),
    "a changed table": lambda f: changed(the(f, "store/*.sst")),
    "a longer table": lambda f: longer(the(f, "store/*.sst"), b"x"),
    "swapped tables": swapped,
    "another log": lambda f: (f / "store" / "000099.log").write_bytes(b"x"),
    "another file": lambda f: (f / "more").touch(),
    "no store": lambda f: shutil.rmtree(f / "store"),
    "half the terms": lambda f: cut(f / "terms.txt"),
    "changed facts": lambda f: changed(f / "facts.bin"),
    "no facts": lambda f: (f / "facts.bin").unlink(),
    "changed ontology": lambda f: changed(f / "rest.nq"),
    "no ontology": lambda f: (f / "rest.nq").unlink(),
    "half an index": lambda f: cut(f / "index.json"),
    "another index": lambda f: (f / "index.json").write_bytes(b"{}"),
    "odd index": lambda f: (f / "index.json").write_bytes(b"[" * 100_000),
    "no index": lambda f: (f / "index.json").unlink(),
    "no signature": lambda f: (f / "signature").unlink(),
    "another signature": lambda f: changed(f / "signature"),
    "no parts": lambda f: shutil.rmtree(f / "parts"),
}
LINKED: dict[str, Callable[[Path], object]] = {
    "a linked index": lambda f: linked(f / "index.json"),
    "a linked table": lambda f: linked(the(f, "store/*.sst")),
    "a linked store": lambda f: linked(f / "store"),
    "linked parts": lambda f: linked(f / "parts"),
    "a linked build": lambda f: f.symlink_to(f.rename(f.parent / "moved")),
    "a pipe": lambda f: pipe(f / "rest.nq"),
    "a pipe for an index": lambda f: pipe(f / "index.json"),
    "a terabyte": lambda f: sparse(f / "index.json"),
}


@posix
@pytest.mark.parametrize("kind", DAMAGES | LINKED)
def test_a_damaged_large_build_is_not_used(kind: str, home: Path, large: Large) -> None:
    assert cache.find_large(large[0], home.name)
    (DAMAGES | LINKED)[kind](home)
    found = cache.find_large(large[0], home.name)
    if kind == "no parts":
        assert found
        with pytest.raises(cache.DamagedError):
            found.quads()
    else:
        assert found is None
    assert not os.path.lexists(home)


def folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


PARTS: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "cut": cut,
    "empty": lambda path: os.truncate(path, 0),
    "changed": changed,
    "longer": lambda path: longer(path, b"\n<a:a> <a:a> <a:a> <a:a> ."),
    "linked": linked,
    "a pipe": pipe,
    "a folder": folder_instead,
}


@posix
@pytest.mark.parametrize("kind", PARTS)
def test_a_damaged_part_has_the_build_made_anew(kind: str, home: Path, large: Large) -> None:
    PARTS[kind](the(home, "parts/*.nq"))
    graph = Graph(large[0])
    assert graph.counts  # it has been opened
    assert graph.quads == large[2]
    assert Graph(large[0]).quads == large[2]


@pytest.mark.parametrize("kind", ["missing", "changed"])
def test_a_damaged_part_is_not_brought_up_to_date(
    kind: str, home: Path, large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    PARTS[kind](the(home, "parts/*.nq"))
    facts = Path(large[0].articles, "2020-03-norland", "facts.trig")
    text = facts.read_bytes()
    facts.write_bytes(text.replace(b'"Sudland"@en', b'"Southland"@en'))
    try:
        assert Graph(large[0]).quads == build.compile_graph(documents.load_sources(large[0])).quads()
    finally:
        facts.write_bytes(text)


def test_a_store_that_cannot_be_opened_is_made_anew(home: Path, large: Large, monkeypatch: pytest.MonkeyPatch) -> None:
    path = the(home, "store/MANIFEST-*")
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    changed(path)
    os.utime(path, ns=times)  # as if the disk had done it
    assert cache.find_large(large[0], home.name)
    assert len(Graph(large[0]).store) == len(large[2])
    assert len(Graph(large[0]).store) == len(large[2])


def test_a_copy_of_a_large_build_is_as_good(home: Path, large: Large) -> None:
    for path in home.rglob("*"):
        os.utime(path, ns=(1, 1))
    found = cache.find_large(large[0], home.name)
    assert found
    assert found.quads() == large[2]
    assert the(home, "store/*.sst").stat().st_mtime_ns != 1, "its checksums were compared, once"


def test_a_large_build_under_another_name_is_not_used(home: Path, large: Large) -> None:
    home.rename(home.with_name("0" * 32))
    assert cache.find_large(large[0], "0" * 32) is None


def test_without_a_key_a_large_build_stays_in_memory_and_none_is_removed(
    home: Path, large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "user_key", lambda *_: b"")
    assert Graph(large[0]).quads == large[2]
    assert home.exists()


def test_a_damaged_store_is_no_help_for_a_partial_verdict(
    home: Path, large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = the(home, "store/MANIFEST-*")
    times = (path.stat().st_atime_ns, path.stat().st_mtime_ns)
    cut(path)
    longer(path, bytes(path.stat().st_size))
    monkeypatch.setattr(cache, "_is_whole", lambda *_: True)
    os.utime(path, ns=times)
    changes = incremental.Changes(large[0], "0" * 40, frozenset())
    with incremental.partial_build(large[0], changes) as part:
        assert part is None


# A build is kept for what was read


def test_no_stamp_is_recorded_for_files_that_change_meanwhile(
    tiny: GraphFolder, user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_SETTLED", -1.0)
    assert label(tiny) == "Sudland"
    real = cache.fingerprints

    def touching(graph_folder: GraphFolder, reasoner: str) -> cache.Fingerprints:
        found = real(graph_folder, reasoner)
        os.utime(Path(tiny.ontology, "words.ttl"), ns=(1, 1))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(cache, "fingerprints", touching)
        assert label(tiny) == "Sudland"
    assert not (own_home(user, tiny) / "stamps.json").exists()
    assert label(tiny) == "Sudland"
    assert (own_home(user, tiny) / "stamps.json").exists()


FILES = {
    "kg/articles/2020-03-norland/facts.trig": (b'"Sudland"@en', FORGED),
    "kg/articles/2020-03-norland/article.txt": (b"Holm.\n", b"Holm. More of it.\n"),
    "ontology/words.ttl": (b"@en", b"@en-GB"),
    "kg/background/codes.trig": (b"@en", b"@en-GB"),
    "queries/who-backs.rq": (b"Who ", b"Why "),
}


@pytest.mark.parametrize("is_large", [False, True])
@pytest.mark.parametrize("name", FILES)
def test_a_file_that_changes_during_a_build_and_is_changed_back(
    name: str, is_large: bool, tiny: GraphFolder, user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(update, "LARGE", 0 if is_large else 10**9)
    expected, path, (old, new) = state(Graph(tiny)), Path(tiny.root, name), FILES[name]
    shutil.rmtree(tiny.cache, ignore_errors=True)
    shutil.rmtree(user)
    with monkeypatch.context() as patch:
        during(path, old, new, patch)
        meanwhile = state(Graph(tiny))
    assert meanwhile != expected
    assert state(Graph(tiny)) == expected
    path.write_bytes(path.read_bytes().replace(old, new))
    assert state(Graph(tiny)) == meanwhile


def state(graph: Graph) -> object:
    return graph.quads, {name: query.text for name, query in graph.queries.items()}


def during(path: Path, old: bytes, new: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a file changed whenever the sources are read, and changed back as soon as they have been."""

    def changing(real: Callable[..., object]) -> Callable[..., object]:
        def reading(*arguments: object) -> object:
            text = path.read_bytes()
            path.write_bytes(text.replace(old, new))
            try:
                return real(*arguments)
            finally:
                path.write_bytes(text)

        return reading

    for module, function in ((documents, "load_sources"), (documents, "article_sources"), (stored_queries, "stored")):
        monkeypatch.setattr(module, function, changing(getattr(module, function)))


@pytest.mark.parametrize("name", ["kg/articles/2020-03-norland/facts.trig", "queries/who-backs.rq"])
def test_a_file_that_changes_during_an_update_and_is_changed_back(
    name: str, home: Path, large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph_folder, path = large[0], Path(large[0].root, name)
    text = path.read_bytes()
    try:
        path.write_bytes(text + b"# a remark\n")
        with monkeypatch.context() as patch:
            during(path, *FILES[name], patch)
            meanwhile = state(Graph(graph_folder))
        expected = build.compile_graph(documents.load_sources(graph_folder)).quads()
        texts = {query.name: query.text for query in stored_queries.stored(graph_folder)}
        assert state(Graph(graph_folder)) == (expected, texts) != meanwhile
    finally:
        path.write_bytes(text)
