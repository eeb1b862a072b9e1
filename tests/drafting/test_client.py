"""The client of a model: whatever a server does, an answer or an error comes in time, and the key goes nowhere else."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from replaying import Reply as Given
from replaying import replaying

from kg.drafting.model import client
from kg.drafting.model.client import OpenAIClient, Reply
from kg.errors import InputError, KgError, LimitError

BODY: dict[str, Any] = {"model": "replay", "messages": [{"role": "user", "content": "What does it say?"}]}
KEY = "sk-very-secret"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setattr(client, "RETRIES", 1)


def ask(given: Given, seconds: float = 20) -> Reply:
    with replaying(lambda _: given) as server:
        return OpenAIClient(server.address).ask(BODY, seconds)


def envelope(**more: Any) -> str:
    return json.dumps({"id": "1", "object": "chat.completion", "created": 0, "model": "replay", "choices": []} | more)


def choice(**message: Any) -> dict[str, Any]:
    return {"index": 0, "finish_reason": "stop", "message": {"role": "assistant"} | message}


def test_an_answer_is_its_text_and_its_tokens() -> None:
    assert ask("words") == Reply("words", 100)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with replaying(lambda _: "words") as other:
        with pytest.raises(InputError, match=f"refuses: status {status}"):
            ask((status, {"Location": f"{other.address}/chat/completions"}, ""))
        assert not other.asked


UNREADABLE = {
    "no JSON": "words",
    "nothing": "",
    "half": envelope()[:-9],
    "no object": "[]",
    "no choices": envelope(),
    "choices that are none": envelope(choices=5),
    "choices that are words": envelope(choices="abc"),
    "no message": envelope(choices=[{"index": 0}]),
    "no text": envelope(choices=[choice(content=None)]),
    "a number for a text": envelope(choices=[choice(content=5)]),
    "no number": envelope().replace("[]", "NaN"),
    "too deep": envelope().replace("[]", "[" * 100_000),
    "a long number": envelope().replace("[]", "9" * 10_000),
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_answer_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="gives no answer that can be read"):
        ask((200, {}, text))


def test_what_a_model_refuses_to_say_is_an_answer() -> None:
    refusal = "I cannot help with that."
    assert ask((200, {}, envelope(choices=[choice(content=None, refusal=refusal)]))).text == refusal


def test_a_huge_answer_is_not_read() -> None:
    with pytest.raises(InputError, match="more than 4 MB"):
        ask((200, {}, " " * 5_000_000))


def test_a_packed_answer_is_not_unpacked() -> None:
    with pytest.raises(InputError, match="packed"):
        ask((200, {"Content-Encoding": "gzip"}, "words"))


USAGE = {"none": None, "negative": {"total_tokens": -(10**9)}, "words": {"total_tokens": "5"}, "nothing": {}}


@pytest.mark.parametrize("usage", USAGE.values(), ids=USAGE.keys())
def test_tokens_that_a_server_does_not_count_are_estimated(usage: Any) -> None:
    found = ask((200, {}, envelope(choices=[choice(content="x" * 400)], usage=usage)))
    assert found.tokens > 100


def test_a_busy_server_is_left_after_some_tries() -> None:
    with replaying(lambda _: (429, {"Retry-After": "0.01"}, "{}")) as server:
        with pytest.raises(InputError, match="is busy: status 429"):
            OpenAIClient(server.address).ask(BODY, 20)
        assert len(server.asked) == 2


@pytest.mark.parametrize("wait", ["1e9", "inf", "3600"])
def test_no_longer_is_waited_than_there_is_time(wait: str) -> None:
    with pytest.raises(InputError, match="is busy"):
        ask((429, {"Retry-After": wait}, "{}"), 5)


@contextmanager
def raw(answer: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """A server that is none: what it does with each connection."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def work() -> None:
            try:
                with server.accept()[0] as connection:
                    answer(connection, ended)
            except OSError:
                return

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        finally:
            ended.set()
            thread.join(10)


def silent(_: socket.socket, ended: threading.Event) -> None:
    ended.wait()


def endless_head(connection: socket.socket, ended: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not ended.wait(0.05):
        connection.sendall(b"x")


@pytest.mark.parametrize("kind", [silent, endless_head])
def test_a_server_without_an_answer_is_left_in_time(kind: Callable[[socket.socket, threading.Event], None]) -> None:
    with raw(kind) as address, pytest.raises(LimitError, match="within 1 s"):
        OpenAIClient(address).ask(BODY, 1)


def test_an_answer_without_end_is_left_in_time() -> None:
    with pytest.raises(LimitError, match="within 1 s"):
        ask(None, 1)


def test_nobody_there_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
    with pytest.raises(InputError, match="cannot be reached"):
        OpenAIClient(address).ask(BODY, 20)


def test_no_error_has_the_key_or_what_was_sent() -> None:
    echo = json.dumps({"error": {"message": f"your key {KEY} is unknown"}})
    answers: list[Given] = [(401, {}, echo), (500, {}, "x"), (200, {}, "x")]
    for given in answers:
        with pytest.raises(KgError) as caught:
            ask(given)
        assert KEY not in str(caught.value)
        assert BODY["messages"][0]["content"] not in str(caught.value)
