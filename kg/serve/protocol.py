"""Reads requests of the SPARQL 1.1 Protocol (§2.1) and of stored queries as tasks for a worker.

https://www.w3.org/TR/sparql11-protocol/
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from kg.serve.negotiation import ENDINGS

Task = dict[str, Any]  # what a worker does (`do`), and with what; JSON can carry it

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_FIELDS = 1_000  # parameters of a request
_RECEIPTS: dict[str, bool | str] = {"": False, "false": False, "0": False, "true": True, "1": True, "all": "all"}


class RefusedError(Exception):
    """A request that is not answered: the status, a sentence, and headers."""

    def __init__(self, status: HTTPStatus, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def sparql(method: str, query_string: bytes, content_type: str, body: bytes) -> Task:
    """The task of a request to the endpoint; without a query, that of its description.

    `content_type` is that of the body of a POST. Raises RefusedError.
    """
    parameters = _pairs(query_string)
    if method == "POST":
        kind, charset = _media_type(content_type)
        if charset not in ("", "utf-8"):
            raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"queries are UTF-8, not {charset[:40]}")
        if kind == FORM:
            parameters += _pairs(body)  # a choice of graphs in the address counts too, as in the W3C's query_post_form
        elif kind == QUERY:
            if any(name == "query" for name, _ in parameters):
                raise RefusedError(HTTPStatus.BAD_REQUEST, "the query is in the body and in the address")
            parameters.append(("query", _text(body)))
        else:
            message = "this endpoint is read-only" if kind == UPDATE else f"a POST has the type {FORM} or {QUERY}"
            raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, message, Accept_Post=f"{FORM}, {QUERY}")
    values = {name: [v for n, v in parameters if n == name] for name, _ in parameters}
    if "update" in values:
        raise RefusedError(
            HTTPStatus.BAD_REQUEST, "this endpoint is read-only: it answers queries, and takes no updates"
        )
    queries = values.get("query", [])
    if len(queries) > 1:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "there is more than one query")
    if not queries and method == "POST":
        raise RefusedError(HTTPStatus.BAD_REQUEST, "there is no query")
    if not queries:
        return {"do": "service"}
    graphs = (values.get("default-graph-uri", []), values.get("named-graph-uri", []))
    receipts = _receipts(values.get("receipts", []))
    if receipts and any(graphs):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "receipts are for the whole graph: leave out the choice of graphs")
    return {"do": "sparql", "query": queries[0], "graphs": graphs if any(graphs) else None, "receipts": receipts}


def stored(name: str, query_string: bytes) -> Task:
    """The task of the address of a stored query, such as `who-leads.csv`. Raises RefusedError."""
    given = _pairs(query_string)
    receipts = _receipts(value for key, value in given if key == "receipts")
    parameters = {key: value for key, value in given if key != "receipts" and value}
    if len({key for key, _ in given}) < len(given):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "a parameter is given more than once")
    name, form = with_ending(name)
    return {"do": "stored", "name": name, "parameters": parameters, "receipts": receipts, "form": form}


def with_ending(name: str) -> tuple[str, str]:
    """The last part of an address without its ending, and the format of that; empty where it has none that we know."""
    stem, dot, ending = name.rpartition(".")
    return (stem, ENDINGS[ending]) if dot and stem and ending in ENDINGS else (name, "")


def parameters(query_string: bytes) -> dict[str, str]:
    """The parameters of a page, the last one of each name."""
    return dict(_pairs(query_string))


def _pairs(data: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(data.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS)
    except UnicodeDecodeError:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the parameters are not UTF-8") from None
    except ValueError:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"there are more than {_FIELDS} parameters") from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "the query is not UTF-8") from None


def _media_type(header: str) -> tuple[str, str]:
    """The type and the charset of a Content-Type, in small letters."""
    kind, *parameters = (x.strip() for x in header.lower().split(";"))
    named = dict(x.replace(" ", "").partition("=")[::2] for x in parameters)
    return kind, named.get("charset", "").strip('"')


def _receipts(values: Iterable[str]) -> bool | str:
    given = [*values]
    if len(given) > 1 or any(value not in _RECEIPTS for value in given):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "receipts is true, false or all")
    return _RECEIPTS[given[0]] if given else False


def digest(text: str) -> str:
    """A short name of the text of a query."""
    return hashlib.sha256(text.encode()).hexdigest()


def is_known(task: Task, texts: Collection[str]) -> bool:
    """Whether a task is one of those that the graph itself sets: a page, a description, a stored query.

    `texts` are the digests of the texts of stored queries, which may also be asked as they are.
    """
    if task["do"] == "page":
        return "query" not in task["parameters"]
    return task["do"] != "sparql" or (not task["graphs"] and digest(task["query"]) in texts)


def packed(task: Task) -> bytes:
    """A task as a message to a worker."""
    return json.dumps(task).encode()


def reply(head: dict[str, Any], body: bytes) -> bytes:
    """A reply of a worker as a message: its head, JSON on one line, then the body."""
    return json.dumps(head).encode() + b"\n" + body


def unpacked(message: bytes) -> tuple[dict[str, Any], bytes]:
    """Head and body of a reply."""
    head, _, body = message.partition(b"\n")
    found: dict[str, Any] = json.loads(head)
    return found, body
