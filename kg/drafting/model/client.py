"""The client of a language model: OpenAI's Chat Completions, which many servers speak, local ones among them.

The key comes from the environment alone, is sent to the address that was named and nowhere else (no redirect is
followed), and is neither kept nor printed. An answer is bounded in size and time, whatever the server does.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from kg.errors import InputError, LimitError, UsageError, clean

KEYS = ("OPENAI_API_KEY",)
ADDRESSES = ("OPENAI_BASE_URL",)
_LARGEST = 4 * 1024 * 1024  # bytes of an answer
RETRIES = 4
_PER_TOKEN = 4  # characters of English, about
_LONGEST_WAIT = 60.0  # seconds before another try, whatever the server asks for
_GRACE = 1.0  # seconds in which a connection notices by itself that its time is over
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Reply(NamedTuple):
    """An answer: its text, and how many tokens were read and written as the server counts them."""

    text: str
    tokens: int


class Client(Protocol):
    """Asks a model; raises KgError where it has no answer."""

    def ask(self, body: dict[str, Any], seconds: float) -> Reply:
        """The answer to a request, within some seconds."""


class OpenAIClient:
    """A client by the official library."""

    def __init__(self, address: str = "") -> None:
        """`address` is the base of the server's paths, such as http://127.0.0.1:8080/v1; else that of the environment.

        Raises InputError without the library, UsageError for an address that is none, and for a key without encryption.
        """
        try:
            import httpx2 as httpx
            import openai
        except ImportError as error:
            hint = 'pip install "entente-kg[model]", or in a checkout pip install -e ".[model]"'
            raise InputError(
                "kg propose --model needs openai, which is not installed", hint=hint, rule="extra"
            ) from error
        self._openai, self._httpx = openai, httpx
        self.address = address or next((os.environ[n] for n in ADDRESSES if os.environ.get(n)), "")
        key = next((os.environ[n] for n in KEYS if os.environ.get(n)), "")
        self._check(key)
        self._plain = False  # whether the server knows no schemas
        transport = _Bounded(httpx.HTTPTransport(), httpx)
        client = httpx.Client(transport=transport, follow_redirects=False, trust_env=False)
        self._client = openai.OpenAI(
            api_key=key or "none", base_url=self.address or None, max_retries=0, http_client=client
        )
        self.address = str(self._client.base_url)

    def _check(self, key: str) -> None:
        if not self.address:
            if key:
                return
            hint = f"export {KEYS[0]}=…, or name a server of your own: --address http://127.0.0.1:8080/v1"
            raise UsageError("there is no key for the model's server", hint=hint, rule="key")
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise UsageError(f"{clean(self.address)} is no address of a server", hint="https://host/v1", rule="usage")
        if key and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            hint = "use https, or unset the key"
            raise UsageError("the key would be sent without encryption", hint=hint, rule="usage")

    def ask(self, body: dict[str, Any], seconds: float) -> Reply:
        """The answer to a request, tried again where the server is busy or cannot be reached.

        Raises LimitError beyond the time, InputError where the server refuses or its answer cannot be read.
        """
        end = time.monotonic() + seconds
        for attempt in range(RETRIES + 1):
            left = end - time.monotonic()
            if left <= 0:
                raise LimitError(f"the model has not answered within {seconds:g} s", rule="time-out")
            try:
                return self._once(body, left)
            except _BusyError as busy:
                wait = min(busy.seconds or 2.0**attempt, _LONGEST_WAIT)
                if attempt == RETRIES or wait > end - time.monotonic():
                    raise InputError(f"the model's server is busy: {busy}", rule="server") from busy
                time.sleep(wait)
        raise AssertionError

    def _once(self, body: dict[str, Any], seconds: float) -> Reply:
        openai = self._openai
        sent = {k: v for k, v in body.items() if k != "response_format" or not self._plain}
        try:
            timeout = self._httpx.Timeout(seconds, connect=min(seconds, 20.0))
            create = self._client.with_options(timeout=timeout).chat.completions.create
            found = _within(
                seconds, partial(create, **sent, extra_headers={_DEADLINE: str(time.monotonic() + seconds)})
            )
            return _reply(found, body)
        except _UnreadError as error:
            raise InputError(str(error), rule="server") from error
        except openai.BadRequestError as error:
            if self._plain or "response_format" not in body:
                raise InputError(f"the model's server refuses: {self._said(error)}", rule="server") from error
            self._plain = True  # a server that knows no schemas; the answer is checked in any case
            return self._once(body, seconds)
        except (openai.RateLimitError, openai.InternalServerError) as error:
            raise _BusyError(self._said(error), _asked(error.response.headers)) from error
        except openai.APITimeoutError as error:
            raise LimitError(f"the model has not answered within {seconds:.0f} s", rule="time-out") from error
        except openai.APIConnectionError as error:
            hint = f"is there a server at {clean(self.address)}?" if self.address else ""
            raise InputError("the model's server cannot be reached", hint=hint, rule="server") from error
        except openai.APIStatusError as error:
            raise InputError(f"the model's server refuses: {self._said(error)}", rule="server") from error
        except (openai.OpenAIError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise InputError("the model's server gives no answer that can be read", rule="server") from error

    def _said(self, error: Any) -> str:
        """What a server says, shortened and on one line; never what was sent to it."""
        body = error.body if isinstance(getattr(error, "body", None), dict) else {}
        message = str(body.get("message") or "").replace(self._client.api_key, "…")
        return f"{error.status_code} {clean(message)[:200]}" if message else f"status {error.status_code}"


def _within(seconds: float, task: Callable[[], Any]) -> Any:
    """What a task gives. Raises LimitError where it takes longer, whatever it waits for; it is left alone then."""
    done: list[Any] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            done.append(task())
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds + _GRACE)
    if failed:
        raise failed[0]
    if not done:
        raise LimitError(f"the model has not answered within {seconds:.0f} s", rule="time-out")
    return done[0]


def _reply(found: Any, body: dict[str, Any]) -> Reply:
    """The answer in a response; what a model refuses to say is an answer as well."""
    choice = next(iter(getattr(found, "choices", None) or ()), None)
    message = getattr(choice, "message", None)
    texts = (getattr(message, name, None) for name in ("content", "refusal"))
    text = next((t for t in texts if isinstance(t, str)), None)
    if text is None:
        raise InputError("the model's server gives no answer that can be read", rule="server")
    tokens = getattr(getattr(found, "usage", None), "total_tokens", None)
    if not isinstance(tokens, int) or tokens <= 0:  # a server that does not count, or that would evade a limit
        tokens = (len(json.dumps(body["messages"], ensure_ascii=False)) + len(text)) // _PER_TOKEN + 1
    return Reply(text, tokens)


class _BusyError(Exception):
    """The server asks to come back later, after some seconds if it says so."""

    def __init__(self, said: str, seconds: float) -> None:
        super().__init__(said)
        self.seconds = seconds


class _UnreadError(Exception):
    """An answer is larger than any that could be meant, or may be once it is unpacked."""


def _asked(headers: Any) -> float:
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return 0.0


_DEADLINE = "x-entente-deadline"  # taken off again before anything is sent


def _Bounded(inner: Any, httpx: Any) -> Any:  # noqa: N802 - a class, made once the library is there
    """A transport whose answers are bounded in size, and end at their deadline even if they come drop by drop."""

    class Stream(httpx.SyncByteStream):  # type: ignore[misc]
        def __init__(self, stream: Any, end: float) -> None:
            self._stream, self._end = stream, end

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for chunk in self._stream:
                size += len(chunk)
                if size > _LARGEST:
                    raise _UnreadError(f"an answer of more than {_LARGEST >> 20} MB")
                if time.monotonic() > self._end:
                    raise httpx.ReadTimeout("the answer has no end")
                yield chunk

        def close(self) -> None:
            self._stream.close()

    class Transport(httpx.BaseTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:
            end = float(request.headers.pop(_DEADLINE, "inf"))
            request.headers["Accept-Encoding"] = "identity"
            response = inner.handle_request(request)
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                response.close()
                raise _UnreadError("an answer that is packed, which was not asked for")
            return httpx.Response(
                response.status_code,
                headers=response.headers,
                stream=Stream(response.stream, end),
                extensions=response.extensions,
            )

        def close(self) -> None:
            inner.close()

    return Transport()


def shown(body: dict[str, Any]) -> str:
    """A request as it would be sent, for people to read."""
    return json.dumps(body, ensure_ascii=False, indent=2)
