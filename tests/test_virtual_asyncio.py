"""`virtual_time` in an event loop: sleeps overlap, and timers fire in their turn."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2_export_sim import Simulator
from ec2_export_sim.virtual_time import virtual_time
from tests.calls import exported

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

HOUR = 3600.0


def run(sim: Simulator, coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run *coroutine*; real time stands still, so that timers fire at exact moments."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(time, "monotonic", lambda: 1000.0)
        with virtual_time(sim):
            return asyncio.run(coroutine)


def seconds(sim: Simulator) -> float:
    return sim.clock.monotonic()


async def sleep(sim: Simulator, delay: float) -> tuple[float, float]:
    """Sleep; return how long and when it ended."""
    return await asyncio.sleep(delay, delay), seconds(sim)


@pytest.mark.rule("SIM-43")
def test_asyncio_sleep_moves_the_clock_and_costs_no_real_time() -> None:
    sim = Simulator()
    before = time.perf_counter()
    with virtual_time(sim):
        assert asyncio.run(sleep(sim, HOUR)) == (HOUR, HOUR)
    assert time.perf_counter() - before < HOUR / 60


@pytest.mark.rule("SIM-43")
@pytest.mark.parametrize("delay", [0, -1])
def test_no_delay_lets_others_run_and_moves_nothing(delay: float) -> None:
    async def main() -> list[str]:
        seen: list[str] = []
        asyncio.get_running_loop().call_soon(seen.append, "other")
        seen.append(await asyncio.sleep(delay, "self"))
        return seen

    sim = Simulator()
    assert run(sim, main()) == ["other", "self"]
    assert seconds(sim) == 0


@pytest.mark.rule("SIM-43")
@given(st.lists(st.integers(0, 5000).map(lambda n: n / 10), max_size=12))
def test_parallel_sleeps_overlap_and_end_in_order(delays: list[float]) -> None:
    async def main() -> list[tuple[float, float]]:
        sleeps = [asyncio.create_task(sleep(sim, delay)) for delay in delays]
        return [await each for each in asyncio.as_completed(sleeps)]

    sim = Simulator()
    ended = run(sim, main())
    assert ended == sorted(ended)
    assert [delay for delay, _ in ended] == sorted(delays)
    assert all(moment == delay for delay, moment in ended)
    assert seconds(sim) == max(delays, default=0)


@pytest.mark.rule("SIM-43")
def test_a_sleep_ends_at_the_moment_of_its_beginning_plus_its_delay() -> None:
    async def main() -> tuple[float, float]:
        asleep = asyncio.create_task(sleep(sim, 60))
        await asyncio.sleep(0)
        sim.sleep(50)
        assert await sleep(sim, 5) == (5, 55)
        return await asleep

    sim = Simulator()
    assert run(sim, main()) == (60, 60)


@pytest.mark.rule("SIM-43")
def test_a_sleep_that_is_over_already_ends_at_once() -> None:
    async def main() -> tuple[float, float]:
        asleep = asyncio.create_task(sleep(sim, 60))
        await asyncio.sleep(0)
        sim.advance(100)
        return await asleep

    sim = Simulator()
    assert run(sim, main()) == (60, 100)


@pytest.mark.rule("SIM-43")
def test_sleeps_that_are_over_end_in_the_order_of_their_moments() -> None:
    async def main() -> list[tuple[float, float]]:
        sleeps = [asyncio.create_task(sleep(sim, delay)) for delay in (60, 5, 30)]
        await asyncio.sleep(0)
        sim.advance(100)
        return [await each for each in asyncio.as_completed(sleeps)]

    sim = Simulator()
    assert run(sim, main()) == [(5, 100), (30, 100), (60, 100)]


@pytest.mark.rule("SIM-43")
def test_others_who_are_ready_run_before_the_clock_moves() -> None:
    async def late() -> tuple[float, float]:
        for _ in range(20):
            await asyncio.sleep(0)
        return await sleep(sim, 1)

    async def main() -> list[tuple[float, float]]:
        return list(await asyncio.gather(sleep(sim, 60), late()))

    sim = Simulator()
    assert run(sim, main()) == [(60, 60), (1, 1)]


@pytest.mark.rule("SIM-43")
def test_one_who_is_always_ready_does_not_stop_the_clock() -> None:
    async def main() -> None:
        asleep = asyncio.create_task(sleep(sim, 60))
        while not asleep.done():  # noqa: ASYNC110 - who waits so
            await asyncio.sleep(0)

    sim = Simulator()
    run(sim, main())
    assert seconds(sim) == 60


@pytest.mark.rule("SIM-43")
@pytest.mark.parametrize("for_ever", [float("inf"), 1e15])
def test_a_sleep_beyond_the_calendar_never_ends(for_ever: float) -> None:
    async def main() -> bool:
        asleep = asyncio.create_task(asyncio.sleep(for_ever))
        await asyncio.sleep(10 * HOUR)
        return asleep.cancel()

    sim = Simulator()
    assert run(sim, main()) is True
    assert seconds(sim) == 10 * HOUR


@pytest.mark.rule("SIM-43", "SIM-44")
def test_anyio_sleeps_with_asyncio() -> None:
    anyio: Any = pytest.importorskip("anyio")

    async def main() -> None:
        with anyio.move_on_after(60) as scope:
            await anyio.sleep(HOUR)
        assert (scope.cancelled_caught, seconds(sim)) == (True, 60)
        async with anyio.create_task_group() as group:
            group.start_soon(anyio.sleep, 30)
            group.start_soon(anyio.sleep_forever)
            await anyio.sleep(40)
            group.cancel_scope.cancel()

    for _ in range(2):  # anyio imports its part for asyncio when it is first used
        sim = Simulator()
        run(sim, main())
        assert seconds(sim) == 100


@pytest.mark.rule("SIM-43")
def test_a_canceled_sleep_moves_nothing() -> None:
    async def main() -> None:
        asleep = asyncio.create_task(asyncio.sleep(60))
        await asyncio.sleep(1)
        asleep.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asleep
        for _ in range(300):
            await asyncio.sleep(0)

    sim = Simulator()
    run(sim, main())
    assert seconds(sim) == 1


@pytest.mark.rule("SIM-44")
def test_a_timeout_inside_a_sleep_fires_at_its_moment() -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(HOUR):
                await asyncio.sleep(10 * HOUR)
        assert seconds(sim) == HOUR
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.sleep(60), 15)
        assert seconds(sim) == HOUR + 15
        sleeps = [asyncio.create_task(asyncio.sleep(delay)) for delay in (1, 5, 60)]
        done, pending = await asyncio.wait(sleeps, timeout=30)
        assert (len(done), len(pending), seconds(sim)) == (2, 1, HOUR + 45)

    sim = Simulator()
    run(sim, main())


@pytest.mark.rule("SIM-44")
def test_a_timer_of_the_same_moment_fires_first() -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.sleep(15), 15)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(15):
                await asyncio.sleep(15)

    sim = Simulator()
    run(sim, main())
    assert seconds(sim) == 30


@pytest.mark.rule("SIM-44")
def test_a_timeout_that_is_longer_does_not_fire() -> None:
    async def main() -> float:
        async with asyncio.timeout(61):
            await asyncio.wait_for(asyncio.sleep(60), 60.5)
        return seconds(sim)

    sim = Simulator()
    assert run(sim, main()) == 60


@pytest.mark.rule("SIM-44")
def test_a_poll_with_a_deadline_times_out() -> None:
    async def poll() -> None:
        while sim.task(task_id).state == "active":  # noqa: ASYNC110 - who polls
            await asyncio.sleep(15)

    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(poll(), 907)
        assert (sim.task(task_id).progress, seconds(sim)) == ("80", 907)
        await asyncio.wait_for(poll(), 907)

    sim = Simulator(export_seconds=1200)
    task_id = exported(sim)
    run(sim, main())
    assert (sim.task(task_id).state, seconds(sim)) == ("completed", 907 + 300)


@pytest.mark.rule("SIM-44")
def test_a_timer_of_the_loop_fires_at_its_moment() -> None:
    async def main() -> list[float]:
        fired: list[float] = []
        loop = asyncio.get_running_loop()
        loop.call_later(7.3, lambda: fired.append(seconds(sim)))
        loop.call_later(5, fired.append, 0).cancel()
        loop.call_later(HOUR, fired.append, 0)
        assert await sleep(sim, 60) == (60, 60)
        return fired

    sim = Simulator()
    assert run(sim, main()) == [pytest.approx(7.3, abs=2e-6)]


@pytest.mark.rule("SIM-44")
@pytest.mark.parametrize("delay", [0.1, 7.3, 60, 3599.7])
def test_a_timer_fires_on_a_clock_that_rounds(
    delay: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        for _ in range(10):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.sleep(HOUR), delay)

    # As freezegun has it: a float of this size knows no single microsecond.
    monkeypatch.setattr(time, "monotonic", lambda: 1893456000.0)
    sim = Simulator()
    with virtual_time(sim):
        asyncio.run(main())
    assert seconds(sim) == pytest.approx(10 * delay, abs=1e-4)


@pytest.mark.rule("SIM-44")
def test_only_a_sleep_moves_the_clock() -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 0.001)

    sim = Simulator()
    with virtual_time(sim):
        asyncio.run(main())
    assert seconds(sim) == 0


class Opaque(asyncio.SelectorEventLoop):
    """A loop that shows its private attributes to asyncio alone, as uvloop does."""

    def __getattribute__(self, name: str) -> Any:
        caller = sys._getframe(1).f_globals["__name__"]
        if name in {"_ready", "_scheduled"} and not caller.startswith("asyncio"):
            raise AttributeError(name)
        return super().__getattribute__(name)


@pytest.mark.rule("SIM-44")
def test_a_loop_that_shows_no_timer_takes_whole_steps() -> None:
    async def main() -> list[tuple[float, float]]:
        loop = asyncio.get_running_loop()
        loop.call_later(10, lambda: fired.append(seconds(sim)))
        await asyncio.sleep(1000)
        return list(await asyncio.gather(sleep(sim, 60), sleep(sim, 5)))

    fired: list[float] = []
    sim = Simulator()
    with virtual_time(sim), asyncio.Runner(loop_factory=Opaque) as runner:
        slept = runner.run(main())
    assert slept == [(60, 1060), (5, 1005)]
    assert fired == [1000]


@pytest.mark.rule("SIM-43", "SIM-41")
@pytest.mark.parametrize(
    ("raised", "seen"),
    [(LookupError, LookupError), (KeyError, KeyError), (StopIteration, RuntimeError)],
)
def test_an_exception_of_on_completed_leaves_the_sleep(
    raised: type[Exception], seen: type[Exception]
) -> None:
    def fail(_: object) -> None:
        raise raised("no bucket exports")

    async def main() -> None:
        with pytest.raises(seen) as caught:
            await asyncio.gather(asyncio.sleep(HOUR), sleep(sim, 2 * HOUR))
        problem = caught.value.__cause__ or caught.value
        assert (type(problem), problem.args) == (raised, ("no bucket exports",))
        assert await sleep(sim, 60) == (60, HOUR + 60)

    sim = Simulator(on_completed=fail)
    exported(sim)
    run(sim, main())


@pytest.mark.rule("SIM-47")
def test_sleeps_of_two_simulators_wait_in_one_loop() -> None:
    outer, inner = Simulator(), Simulator()

    async def main() -> None:
        first = asyncio.create_task(asyncio.sleep(60))
        await asyncio.sleep(0)
        with virtual_time(inner):
            await asyncio.sleep(100)
        assert seconds(inner) == 100
        await first
        assert asyncio.get_running_loop().time() == 1160.0

    run(outer, main())
    assert (seconds(outer), seconds(inner)) == (60, 100)


@pytest.mark.rule("SIM-48")
def test_a_sleep_that_outlives_its_context_ends_without_real_time() -> None:
    async def main() -> None:
        with virtual_time(sim):
            asleep = asyncio.create_task(asyncio.sleep(HOUR))
            await asyncio.sleep(1)
        await asleep

    sim = Simulator()
    before = asyncio.sleep
    asyncio.run(main())
    assert seconds(sim) == HOUR
    assert asyncio.sleep is before


@pytest.mark.rule("SIM-48")
def test_a_name_that_was_imported_inside_is_the_real_one_afterwards() -> None:
    sim = Simulator()
    with virtual_time(sim):
        imported: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def main() -> None:
        await imported(0.001)

    asyncio.run(main())
    assert seconds(sim) == 0


@pytest.mark.rule("SIM-49")
def test_each_call_of_a_coroutine_function_has_its_own_context() -> None:
    sim = Simulator()

    @virtual_time(sim)
    async def wait(delay: float) -> tuple[float, float]:
        """Wait."""
        return await sleep(sim, delay)

    async def main() -> list[tuple[float, float]]:
        return list(await asyncio.gather(wait(60), wait(5)))

    real = asyncio.sleep
    assert asyncio.iscoroutinefunction(wait)
    assert wait.__doc__ == "Wait."
    assert asyncio.run(main()) == [(60, 60), (5, 5)]
    assert asyncio.run(wait(10)) == (10, 70)
    assert asyncio.sleep is real
