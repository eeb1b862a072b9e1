import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from running import ROOT

from kg.errors import InputError, LimitError
from kg.workers import pool as pools
from kg.workers import processes
from kg.workers.pool import Pool
from kg.workers.processes import Starter

FORKS = [pytest.param(True, id="forked", marks=pytest.mark.skipif(not processes._FORKS, reason="needs fork")), False]


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "QUICK_WAIT", 0.1)  # what is asked here sleeps rather than works
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")]))


def starter(name: str = "a", seconds: float = 30.0, memory: int | None = None, *, fork: bool = True) -> Starter:
    return processes.starter("answering:prepare", {"name": name}, seconds, memory, fork=fork and processes._FORKS)


@asynccontextmanager
async def opened(
    *, workers: int = 2, seconds: float = 30.0, memory: int | None = None, fork: bool = True
) -> AsyncIterator[Pool]:
    pool = Pool(partial(starter, "a", seconds, memory, fork=fork), workers, seconds, memory)
    try:
        await pool.open()
        yield pool
    finally:
        await pool.close()


def run(test: Callable[[Pool], Awaitable[Any]], **settings: Any) -> Any:
    async def within() -> Any:
        async with opened(**settings) as pool:
            return await test(pool)

    return asyncio.run(within())


async def rule(answering: Awaitable[bytes]) -> str:
    with pytest.raises(LimitError) as caught:
        await answering
    return caught.value.rule


@pytest.mark.parametrize("fork", FORKS)
def test_requests_are_answered_one_at_a_time_and_beside_each_other(fork: bool) -> None:
    async def test(pool: Pool) -> None:
        assert pool.about == {"name": "a"}
        assert await pool.ask(b"say x") == b"a: x"
        many = await asyncio.gather(*(pool.ask(f"say {n}".encode()) for n in range(50)))
        assert many == [f"a: {n}".encode() for n in range(50)]
        assert await pool.ask(b"say " + b"x" * 3_000_000) == b"a: " + b"x" * 3_000_000

    run(test, fork=fork)


@pytest.mark.parametrize("fork", FORKS)
def test_whatever_a_request_does_the_next_is_answered(fork: bool) -> None:
    async def test(pool: Pool) -> None:
        for request, expected in {
            "sleep 60": "time-out",
            "spin": "time-out",
            "crash": "crash",
            "raise x": "crash",
        }.items():
            assert await rule(pool.ask(request.encode())) == expected
            assert await pool.ask(b"say x") == b"a: x"

    run(test, seconds=0.5, fork=fork)


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="where the platform says how much memory is used")
def test_a_worker_that_takes_too_much_memory_ends() -> None:
    async def test(pool: Pool) -> None:
        assert await rule(pool.ask(b"take")) == "memory"
        assert await pool.ask(b"say x") == b"a: x"

    run(test, memory=50)


def test_random_numbers_differ_between_workers() -> None:
    async def test(pool: Pool) -> None:
        asked = [await asyncio.gather(*(pool.ask(b"uuid") for _ in range(3))) for _ in range(3)]
        assert len({one for some in asked for one in some}) == 9

    run(test, workers=3)


@pytest.mark.parametrize("known", [True, False])
def test_slow_requests_make_way_and_wait_for_each_other(known: bool) -> None:
    async def test(pool: Pool) -> None:
        slow = [asyncio.ensure_future(pool.ask(b"sleep 1", known=known)) for _ in range(2)]
        while pool._slow[known] + len(pool._paused[known]) < 2:
            await asyncio.sleep(0.01)
        assert (pool._slow[known], len(pool._paused[known])) == (1, 1)
        assert await pool.ask(b"say x") == b"a: x"
        assert not any(task.done() for task in slow)
        assert await asyncio.gather(*slow) == [b"a: 1"] * 2

    run(test, workers=1)


def test_more_slow_requests_than_there_is_place_for_are_refused() -> None:
    async def test(pool: Pool) -> None:
        slow = [asyncio.ensure_future(pool.ask(b"sleep 20")) for _ in range(8)]
        while pool.counts["refused"] < 6:
            await asyncio.sleep(0.01)
        assert await pool.ask(b"say x") == b"a: x"
        done = [task for task in slow if task.done()]
        assert [await rule(task) for task in done] == ["busy"] * len(done)
        assert len(done) == 6
        assert await pool.ask(b"sleep 2", known=True) == b"a: 2"  # these have places of their own

    run(test, workers=1)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_strangers_leave_a_worker_for_known_requests(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "QUICK", 60.0)

    async def test(pool: Pool) -> None:
        strangers = [asyncio.ensure_future(pool.ask(b"sleep 60")) for _ in range(5)]
        most = max(workers - 1, 1)
        while pool._quick[False] < most:
            await asyncio.sleep(0.01)
        if workers > 1:
            assert await pool.ask(b"say x", known=True) == b"a: x"
        assert (pool._quick[False], len(pool._waiting[False])) == (most, 5 - most)
        for task in strangers:
            task.cancel()

    run(test, workers=workers)


def test_known_requests_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "QUICK_WAIT", 0.05)
    order = list[bool]()

    async def ask(pool: Pool, known: bool) -> None:
        await pool.ask(b"say x", known=known)
        order.append(known)

    async def test(pool: Pool) -> None:
        first = asyncio.ensure_future(pool.ask(b"sleep 0.2", known=True))
        await asyncio.sleep(0)
        await asyncio.gather(ask(pool, known=False), ask(pool, known=True))
        assert order == [True, False]
        await first

    run(test, workers=1)


def test_more_requests_than_may_wait_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "WAITING", 5)
    monkeypatch.setattr(pools, "QUICK", 60.0)
    monkeypatch.setattr(pools, "QUICK_WAIT", 60.0)

    async def test(pool: Pool) -> None:
        found = await asyncio.gather(*(pool.ask(b"sleep 0.1") for _ in range(10)), return_exceptions=True)
        refused = [error.rule for error in found if isinstance(error, LimitError)]
        assert refused == ["busy"] * 4
        assert found.count(b"a: 0.1") == 6

    run(test, workers=1)


def test_a_request_that_nobody_waits_for_any_more_is_ended() -> None:
    async def test(pool: Pool) -> None:
        task = asyncio.ensure_future(pool.ask(b"sleep 60"))
        while not pool._jobs:
            await asyncio.sleep(0.01)
        (job,) = pool._jobs
        task.cancel()
        while pool._jobs:
            await asyncio.sleep(0.01)
        assert job.killed == "gone"
        assert await pool.ask(b"say x") == b"a: x"

    run(test, workers=1)


def test_a_waiting_request_that_is_given_up_leaves_its_place() -> None:
    async def test(pool: Pool) -> None:
        first = asyncio.ensure_future(pool.ask(b"sleep 0.05"))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(pool.ask(b"say y"))
        await asyncio.sleep(0)
        second.cancel()
        assert await pool.ask(b"say x") == b"a: x"
        assert await first == b"a: 0.05"
        assert not any(pool._waiting.values())

    run(test, workers=1)


def test_other_workers_take_over_between_two_requests() -> None:
    async def test(pool: Pool) -> None:
        before = asyncio.ensure_future(pool.ask(b"sleep 0.5"))
        await asyncio.sleep(0.2)
        await pool.replace(partial(starter, "b"))
        assert pool.about == {"name": "b"}
        assert await pool.ask(b"say x") == b"b: x"
        assert await before == b"a: 0.5"
        with pytest.raises(InputError, match="cannot be prepared") as caught:
            await pool.replace(partial(starter, "broken"))
        assert (caught.value.hint, caught.value.where, caught.value.rule) == ("try another", "x.ttl:1:2", "syntax")
        assert await pool.ask(b"say x") == b"b: x"

    run(test)


@pytest.mark.skipif(not processes._FORKS, reason="needs fork")
def test_what_forks_workers_is_started_again_when_it_ends() -> None:
    async def test(pool: Pool) -> None:
        before = pool._starter
        assert isinstance(before, processes._Forks)
        before._process.kill()
        while pool._starter is before:
            await asyncio.gather(pool.ask(b"raise x"), return_exceptions=True)
            await asyncio.sleep(0.05)
        assert await pool.ask(b"say x") == b"a: x"

    run(test)


def test_a_process_is_replaced_after_many_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "RECYCLED", 3)

    async def test(pool: Pool) -> None:
        assert len({await pool.ask(b"pid") for _ in range(12)}) >= 4

    run(test, workers=1)


@pytest.mark.parametrize("fork", FORKS)
def test_nothing_is_left_of_a_pool_that_is_closed(fork: bool) -> None:
    async def test(pool: Pool) -> list[int]:
        asking = asyncio.ensure_future(pool.ask(b"sleep 60"))
        while not pool._jobs:
            await asyncio.sleep(0.01)
        pids = [worker.pid for worker in pool._owners]
        await pool.close()
        assert await rule(asking) == "busy"
        return pids

    pids = run(test, fork=fork)
    assert len(pids) >= 2
    if Path("/proc").exists():
        assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.parametrize("fork", FORKS)
def test_a_function_that_cannot_be_prepared_is_an_error(fork: bool) -> None:
    with pytest.raises(InputError, match="cannot be prepared"):
        starter("broken", fork=fork)
    with pytest.raises(LimitError, match="its process ended"):
        starter("killed", fork=fork)
