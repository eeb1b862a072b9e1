"""A server that speaks the protocol of a language model and replays answers, which were written by hand."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Asked = dict[str, Any]
Reply = str | tuple[int, dict[str, str], str] | None  # the content; or status, headers and body; or none at all, ever


class Replaying:
    """What a server was asked, and what it answers."""

    def __init__(self, reply: Callable[[Asked], Reply]) -> None:
        self.reply, self.asked, self.headers, self.address = reply, list[Asked](), list[dict[str, str]](), ""
        self.ended = threading.Event()

    def sentences(self) -> list[str]:
        """The sentences that were asked about, in order."""
        return [about(body)["sentence"] for body in self.asked]


def facts(*rows: dict[str, Any], mentions: tuple[dict[str, Any], ...] = ()) -> str:
    """An answer; what a fact leaves out is empty."""
    empty: dict[str, Any] = {"label": None, "speaker": None, "speech": None, "read_with": [], "values": []}
    return json.dumps({"facts": [empty | row for row in rows], "mentions": list(mentions)})


def about(body: Asked) -> Asked:
    """What is asked: the sentence with what belongs to it, or the statement and its quote."""
    found: Asked = json.loads(body["messages"][1]["content"])
    return found


def round_of(body: Asked) -> int:
    """How often a sentence was asked about, counted from 1."""
    return len(body["messages"]) // 2


def serving(answer: Callable[[str, int], Reply]) -> AbstractContextManager[Replaying]:
    """Serve answers by the sentence or statement that they are about, and the round."""
    return replaying(lambda body: answer(about(body).get("sentence") or about(body)["statement"], round_of(body)))


@contextmanager
def replaying(reply: Callable[[Asked], Reply]) -> Iterator[Replaying]:
    """Serve on a free port of the loopback interface."""
    told = Replaying(reply)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            told.asked.append(body)
            told.headers.append({key.lower(): value for key, value in self.headers.items()})
            reply = told.reply(body)
            if reply is None:
                self._without_end()
            elif isinstance(reply, str):
                message = {"role": "assistant", "content": reply}
                choice = {"index": 0, "finish_reason": "stop", "message": message}
                usage = {"prompt_tokens": 90, "completion_tokens": 10, "total_tokens": 100}
                head = {"id": "1", "object": "chat.completion", "created": 0, "model": "replay"}
                self._send(200, {}, json.dumps(head | {"choices": [choice], "usage": usage}))
            else:
                self._send(*reply)

        def _send(self, status: int, headers: dict[str, str], text: str) -> None:
            data = text.encode()
            self.send_response(status)
            for key, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _without_end(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            while not told.ended.wait(0.05):
                try:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                except OSError:
                    return

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield told
    finally:
        told.ended.set()
        time.sleep(0)
        server.shutdown()
        server.server_close()
        thread.join()
