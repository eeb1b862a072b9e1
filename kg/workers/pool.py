"""A pool of workers for asyncio: requests wait for one, are killed at their limits, and slow ones make way for others.

A request that is not answered within a moment goes on with the lowest priority, and another worker takes its place; of
such slow ones a few run at a time, some more are paused until one of these is done, and the rest are refused. So those
who ask what takes long wait for each other, and the others for nobody. Requests of a known cost (`known`) come first,
have a worker of their own, keep their priority, and wait for none of the others.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kg.errors import KgError, LimitError
from kg.workers.processes import LATE, MEMORY, Starter, Worker

QUICK = 0.05  # seconds of a processor's work after which a request is a slow one
QUICK_WAIT = 1.0  # seconds after which it is one even if it had no processor
WAITING = 200  # requests that may wait for a worker
TOGETHER = 5  # requests for each worker that may be begun: a quick one, and slow and paused ones, known and not
RECYCLED = 2_000  # requests that one process answers, so that what leaks does not add up
_PATIENCE = 5.0  # seconds that a request may wait for a worker, at least
_RETRY = 1.0  # seconds before the process that starts workers is started again
_BROKEN = (EOFError, OSError)  # what a worker that has ended, or cannot start, makes of an exchange


class _Job:
    """A request that a worker answers: in which lane, and why it was killed, if it was."""

    timer: asyncio.TimerHandle

    def __init__(self, worker: Worker, known: bool) -> None:
        self.worker, self.known, self.lane, self.killed, self.done = worker, known, "quick", "", False
        self._began, self._spent = time.monotonic(), worker.processor_time()

    @property
    def is_slow(self) -> bool:
        """Whether it has taken long; on a busy machine, that it waits for a processor does not count."""
        if time.monotonic() - self._began >= QUICK_WAIT:
            return True
        now = self.worker.processor_time()
        return now is None or self._spent is None or now - self._spent >= 0.9 * QUICK

    def kill(self, reason: str) -> None:
        """End the worker."""
        if not self.done:
            self.killed = self.killed or reason
            self.worker.kill()


class Pool:
    """Workers that answer requests; its methods belong to one event loop, but for the constructor.

    `workers` requests run at once, each for `seconds` at most; beside them as many slow ones that are known and as many
    that are not, with as many of each paused. `open_starter` gives what starts workers, and may take its time;
    `memory` is its limit, for messages.
    """

    def __init__(self, open_starter: Callable[[], Starter], workers: int, seconds: float, memory: int | None) -> None:
        self._open, self.seconds, self.memory = open_starter, seconds, memory
        self._workers = workers
        self._starter = open_starter()
        self._starters = {self._starter}  # this one, and those before whose workers have not all ended
        self._owners: dict[Worker, Starter] = {}  # of all workers that have not ended
        self._ready, self._starting = deque[Worker](), 0
        self._waiting = {known: deque[asyncio.Future[Worker]]() for known in (True, False)}
        self._quick, self._slow = {True: 0, False: 0}, {True: 0, False: 0}
        self._paused = {known: deque[_Job]() for known in (True, False)}
        self._jobs = set[_Job]()
        self._tasks = set[asyncio.Task[Any]]()
        self._exchanging = ThreadPoolExecutor(TOGETHER * workers + 2, "exchange")
        self._managing, self._opening = ThreadPoolExecutor(1, "manage"), ThreadPoolExecutor(1, "open")
        self._closed = self._reopening = False
        self.counts = dict.fromkeys(("answered", "refused", "killed", "crashed"), 0)

    @property
    def about(self) -> dict[str, Any]:
        """What the function that answers has told of itself."""
        return self._starter.about

    async def open(self) -> None:
        """Start the first workers; a request may come before they are there."""
        self._refill()
        await asyncio.gather(*self._tasks)

    async def ask(self, request: bytes, *, known: bool = False) -> bytes:
        """The answer to a request; one whose cost is `known` does not wait for those of strangers.

        Raises LimitError, whose `rule` says which limit was met: `busy` where there are too many others, else
        `time-out`, `memory` or `crash`. When this is cancelled, the worker is killed.
        """
        job = _Job(await self._take(known), known)
        task = self._task(self._run(job, request))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            job.kill("gone")
            raise

    async def replace(self, open_starter: Callable[[], Starter]) -> None:
        """Let other workers answer what is asked from now on. Raises KgError, and changes nothing, if none can."""
        loop = asyncio.get_running_loop()
        new = await loop.run_in_executor(self._opening, open_starter)
        try:
            fresh = [await loop.run_in_executor(self._managing, new.start) for _ in range(self._workers)]
        except _BROKEN as error:
            await loop.run_in_executor(self._managing, new.close)
            raise LimitError("the process that starts workers has ended", rule="crash") from error
        old, self._starter, self._open = self._starter, new, open_starter
        for worker in self._ready:
            self._discard(worker)
        self._ready = deque(fresh)
        self._starters.add(new)
        self._owners |= dict.fromkeys(fresh, new)
        self._close_if_unused(old)
        self._hand_out()

    async def close(self) -> None:
        """End all workers; what is still asked is refused."""
        if self._closed:
            return
        self._closed = True
        for waiter in (*self._waiting[True], *self._waiting[False]):
            waiter.cancel()
        for job in [*self._jobs]:
            job.kill("busy")
        while self._tasks:  # some start others
            await asyncio.gather(*self._tasks, return_exceptions=True)
        loop = asyncio.get_running_loop()
        ending = [worker.close for worker in self._owners] + [starter.close for starter in self._starters]
        for close in ending:
            await loop.run_in_executor(self._managing, close)
        for threads in (self._exchanging, self._managing, self._opening):
            threads.shutdown(wait=False, cancel_futures=True)

    # Requests

    async def _take(self, known: bool) -> Worker:
        """A worker, which counts as a quick one from then on."""
        waiting = self._waiting[known]
        if not waiting and self._ready and self._has_place(known):
            self._quick[known] += 1
            return self._ready.popleft()
        if self._closed or len(waiting) >= WAITING:
            raise self._busy("too many requests")
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Worker] = loop.create_future()
        waiting.append(waiter)
        timer = loop.call_later(max(self.seconds, _PATIENCE), waiter.cancel)
        try:
            return await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled():  # it has got a worker, and whoever asked has gone
                self._quick[known] -= 1
                self._give_back(waiter.result())
            elif (task := asyncio.current_task()) and not task.cancelling():
                raise self._busy("too many requests") from None
            raise
        finally:
            timer.cancel()
            with contextlib.suppress(ValueError):
                waiting.remove(waiter)

    def _has_place(self, known: bool) -> bool:
        """Whether one more may be answered: of those that are not known, one less than there are workers, or one."""
        free = self._workers - sum(self._quick.values())
        return free > 0 and (known or self._quick[False] < max(self._workers - 1, 1))

    def _busy(self, what: str) -> LimitError:
        self.counts["refused"] += 1
        return LimitError(f"{what} at a time: ask again later", rule="busy")

    async def _run(self, job: _Job, request: bytes) -> bytes:
        """Let a worker answer, within the limits."""
        loop = asyncio.get_running_loop()
        late = loop.call_later(self.seconds, job.kill, "time-out")
        job.timer = loop.call_later(QUICK, self._slow_down, job)
        self._jobs.add(job)
        try:
            answer = await loop.run_in_executor(self._exchanging, job.worker.exchange, request)
            self.counts["answered"] += 1
            return answer
        except _BROKEN:
            job.killed = job.killed or "ended"
            code = await loop.run_in_executor(self._managing, job.worker.close)
            raise self._failure(job.killed, code) from None
        finally:
            job.done = True
            self._jobs.discard(job)
            job.timer.cancel()
            late.cancel()
            self._leave(job)

    def _failure(self, killed: str, code: int) -> LimitError:
        if killed == "busy":
            return self._busy("too many slow requests")
        self.counts["crashed" if killed == "ended" and code not in (MEMORY, LATE) else "killed"] += 1
        if killed == "time-out" or code == LATE:
            return LimitError(f"no answer within {self.seconds:g} s", rule="time-out")
        if code == MEMORY:
            return LimitError(f"more than {self.memory} MB of memory are needed", rule="memory")
        return LimitError("the request ended the process that answered it: it is too deep or too large", rule="crash")

    def _slow_down(self, job: _Job) -> None:
        """Let a request that takes long make way for others."""
        if not job.is_slow:
            job.timer = asyncio.get_running_loop().call_later(QUICK, self._slow_down, job)
            return
        self._quick[job.known] -= 1
        if not job.known:
            job.worker.yield_processor()
        if self._slow[job.known] < self._workers:
            job.lane = "slow"
            self._slow[job.known] += 1
        elif len(self._paused[job.known]) < self._workers and job.worker.pause():
            job.lane = "paused"
            self._paused[job.known].append(job)
        else:
            job.lane = ""
            job.kill("busy")
        self._refill()
        self._hand_out()

    def _leave(self, job: _Job) -> None:
        """Free the place of a request that is done, and its worker, if that can answer others."""
        slow, paused = self._slow, self._paused[job.known]
        if job.lane == "quick":
            self._quick[job.known] -= 1
        elif job.lane == "slow":
            slow[job.known] -= 1
        elif job.lane == "paused":
            paused.remove(job)
        while paused and slow[job.known] < self._workers:
            other = paused.popleft()
            other.lane = "slow"
            slow[job.known] += 1
            other.worker.resume()
        if not job.killed and (job.known or job.lane == "quick"):
            self._give_back(job.worker)
        else:
            self._discard(job.worker)

    # Workers

    def _give_back(self, worker: Worker) -> None:
        wanted = self._owners.get(worker) is self._starter and not self._closed and self._at_hand <= self._workers
        if wanted and worker.answered < RECYCLED:
            self._ready.append(worker)
            self._hand_out()
        else:
            self._discard(worker)

    def _hand_out(self) -> None:
        for known, waiting in self._waiting.items():
            while waiting and self._ready and self._has_place(known):
                waiter = waiting.popleft()
                if not waiter.done():
                    self._quick[known] += 1
                    waiter.set_result(self._ready.popleft())

    def _discard(self, worker: Worker) -> None:
        """End a worker; another one takes its place."""
        self._task(self._ended(worker))
        self._refill()

    async def _ended(self, worker: Worker) -> None:
        await asyncio.get_running_loop().run_in_executor(self._managing, worker.close)
        if owner := self._owners.pop(worker, None):
            self._close_if_unused(owner)

    def _close_if_unused(self, starter: Starter) -> None:
        """Close what has started workers, once others have taken its place and it has none."""
        unused = starter is not self._starter and starter not in self._owners.values()
        if unused and starter in self._starters and not self._closed:
            self._starters.remove(starter)
            self._managing.submit(starter.close)

    @property
    def _at_hand(self) -> int:
        """The workers that are ready, that answer quick requests, or that are being started."""
        return len(self._ready) + sum(self._quick.values()) + self._starting

    def _refill(self) -> None:
        """Start workers: as many as may answer at once, and one more that is ready when one of them is killed."""
        while self._at_hand <= self._workers and not (self._closed or self._reopening):
            self._starting += 1
            self._task(self._start())

    async def _start(self) -> None:
        starter = self._starter
        try:
            worker = await asyncio.get_running_loop().run_in_executor(self._managing, starter.start)
        except (*_BROKEN, KgError):
            if starter is self._starter and not self._closed:
                self._reopen()
            return
        finally:
            self._starting -= 1
        self._owners[worker] = starter
        self._give_back(worker)

    def _reopen(self) -> None:
        """Start again what starts workers, since it has ended."""
        if not self._reopening:
            self._reopening = True
            self._task(self._opened_again())

    async def _opened_again(self) -> None:
        while not self._closed:
            with contextlib.suppress(KgError, *_BROKEN):
                await self.replace(self._open)
                self._reopening = False
                self._refill()
                return
            await asyncio.sleep(_RETRY)

    def _task(self, coroutine: Any) -> "asyncio.Task[Any]":
        """A task that goes on by itself."""
        task: asyncio.Task[Any] = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waits for it gets it; where nobody does, it is no matter
