"""The addresses of pages: names as paths that every file system takes, and relative links between pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.pages import links
from kg.pages.links import Links, decoded, encoded, path_of
from kg.rdf.namespaces import ARTICLE, ENT, ID


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("turkey", "turkey"),
        ("s-400", "s-400"),
        ("ArmsDeal", "_arms_deal"),
        ("armsDeal", "arms_deal"),
        ("a/b", "a_02f_b"),
        ("..", "_02e__02e_"),
        ("con", "_063_on"),
        ("lpt1", "_06c_pt1"),
        ("Türkiye", "_t_0fc_rkiye"),
        ("a_b", "a_05f_b"),
    ],
)
def test_names_are_written_so_that_every_system_takes_them(name: str, written: str) -> None:
    assert encoded(name) == written
    assert decoded(written) == name


@given(st.text(min_size=1, max_size=30))
def test_a_name_is_read_back(name: str) -> None:
    path = encoded(name)
    assert path == path.lower()
    assert set(path) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
    assert decoded(path, [name]) == name


@given(st.text(max_size=40))
def test_what_nobody_has_written_is_no_name(path: str) -> None:
    name = decoded(path)
    assert name is None or encoded(name) == path


def test_a_long_name_is_shortened_and_found_among_the_known_ones() -> None:
    long, other = "a" * 300, "a" * 299
    assert len(encoded(long)) <= 100
    assert encoded(long) != encoded(other)
    assert decoded(encoded(long), [other, long]) == long
    assert decoded(encoded(long), [other]) is None


def test_pages_of_iris() -> None:
    assert path_of(ID + "turkey") == ("/things/turkey/", "")
    assert path_of(ARTICLE + "2018-04-x#s400") == ("/articles/2018-04-x/", "s400")
    assert path_of(ENT + "ArmsDeal") == ("/ontology/_arms_deal/", "")
    assert path_of("https://example.org/x") == path_of(ID) == path_of("javascript:alert(1)") == ("", "")


def test_links_are_relative_and_name_files_where_there_is_no_server() -> None:
    served, static = Links("/things/turkey/", static=False), Links("/things/turkey/", static=True)
    assert served.to("/") == "../../"
    assert static.to("/") == "../../index.html"
    assert static.to("/things/turkey/") == "index.html"
    assert served.to("/things/turkey.ttl") == static.to("/things/turkey.ttl") == "../turkey.ttl"
    assert served.to("/queries/who-leads/", parameters={"state": "a b"}) == "../../queries/who-leads/?state=a+b"
    assert static.of(ARTICLE + "x#a b") == "../../articles/x/index.html#a%20b"
    assert Links("/articles/x/", static=True).of(ARTICLE + "x#deal") == "#deal"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.example", ""]
)
def test_only_addresses_on_the_web_are_links(address: str) -> None:
    assert Links("/", static=True).of(address) == ""
    assert not links.is_web(address)


def test_pages_of_a_long_one_link_to_each_other_from_one_folder() -> None:
    first, second = Links("/things/x/", static=True), Links("/things/x/page-2.html", static=True)
    assert first.pages("/things/x/", 1, 3) == [(1, ""), (2, "page-2.html"), (3, "page-3.html")]
    assert second.pages("/things/x/", 2, 2) == [(1, "index.html"), (2, "")]
    assert second.to("/things/y/") == first.to("/things/y/") == "../y/index.html"
    assert first.pages("/things/x/", 1, 1) == []
