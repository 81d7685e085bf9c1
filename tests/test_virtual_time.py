"""`virtual_time`: sleeps cost no real time, and the clocks of `time` see them pass."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ec2_export_sim import Simulator
from ec2_export_sim.virtual_time import virtual_time
from tests.calls import exported

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUR = 3600.0
REAL = ("sleep", "time", "time_ns", "monotonic", "monotonic_ns", "perf_counter")


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Make real time stand still; return what was really slept."""
    seconds: list[float] = []
    monkeypatch.setattr(time, "sleep", seconds.append)
    for name in ("time", "monotonic"):
        monkeypatch.setattr(time, name, lambda: 1000.0)
        monkeypatch.setattr(time, f"{name}_ns", lambda: 10**12)
    return seconds


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Check that each test leaves the module `time` as it was."""
    before = [getattr(time, name) for name in REAL]
    yield
    assert [getattr(time, name) for name in REAL] == before


def seconds(sim: Simulator) -> float:
    return sim.clock.monotonic()


@pytest.mark.rule("SIM-41")
def test_a_sleep_moves_the_clock_and_costs_no_real_time(slept: list[float]) -> None:
    sim = Simulator()
    with virtual_time(sim) as entered:
        assert entered is sim
        time.sleep(15)
        time.sleep(0)
        time.sleep(HOUR)
    assert seconds(sim) == HOUR + 15
    assert slept == []


@pytest.mark.rule("SIM-41")
def test_an_exception_of_on_completed_leaves_the_sleep() -> None:
    problem = LookupError("no bucket exports")

    def fail(_: object) -> None:
        raise problem

    sim = Simulator(on_completed=fail)
    exported(sim)
    with virtual_time(sim), pytest.raises(LookupError) as caught:
        time.sleep(HOUR)
    assert caught.value is problem


@pytest.mark.rule("SIM-42")
@pytest.mark.usefixtures("slept")
@pytest.mark.parametrize("name", ["time", "monotonic"])
def test_the_clocks_read_real_time_and_what_has_passed(name: str) -> None:
    sim = Simulator(seconds_per_call=0.5)
    sim.advance(HOUR)  # before the entry
    with virtual_time(sim):
        assert getattr(time, name)() == 1000.0
        time.sleep(15)
        sim.advance(1)
        sim.invoke("DescribeExportImageTasks", {})
        assert getattr(time, name)() == 1016.5
        assert getattr(time, f"{name}_ns")() == 10**12 + 16_500_000_000


@pytest.mark.rule("SIM-42")
def test_perf_counter_stays_real() -> None:
    before = time.perf_counter, time.perf_counter_ns, time.process_time
    with virtual_time(Simulator()):
        assert (time.perf_counter, time.perf_counter_ns, time.process_time) == before


@pytest.mark.rule("SIM-42")
@pytest.mark.usefixtures("slept")
def test_the_clocks_never_run_backwards() -> None:
    sim = Simulator()
    snapshot = sim.snapshot()
    with virtual_time(sim):
        time.sleep(100)
        assert time.time() == 1100.0
        sim.reset()
        assert (time.time(), time.monotonic()) == (1100.0, 1100.0)
        time.sleep(7)
        assert time.monotonic() == 1107.0
        sim.restore(snapshot)
        assert time.monotonic_ns() == 1_107_000_000_000
        time.sleep(1)
        assert time.time() == 1108.0


@given(
    st.lists(
        st.floats(0, 10**6).map(lambda x: ("sleep", x))
        | st.sampled_from([("reset", 0.0), ("look", 0.0)])
    )
)
@pytest.mark.rule("SIM-42")
def test_no_reading_is_less_than_the_one_before(steps: list[tuple[str, float]]) -> None:
    sim = Simulator()
    slept = 0.0
    with virtual_time(sim):
        begun = last = time.monotonic()
        for step, length in steps:
            if step == "sleep":
                time.sleep(length)
                slept += length
            elif step == "reset":
                time.monotonic()
                sim.reset()
            now = time.monotonic()
            assert now >= last
            last = now
        assert last - begun >= slept - 0.001


@pytest.mark.rule("SIM-42")
@pytest.mark.usefixtures("slept")
def test_a_wait_with_a_deadline_times_out() -> None:
    sim = Simulator(export_seconds=1200)
    task_id = exported(sim)
    with virtual_time(sim):
        deadline = time.monotonic() + 900
        while time.monotonic() < deadline and sim.task(task_id).state == "active":
            time.sleep(15)
    assert (sim.task(task_id).progress, seconds(sim)) == ("80", 900)


@pytest.mark.rule("SIM-46")
def test_a_sleep_of_another_thread_counts() -> None:
    sim = Simulator()
    with virtual_time(sim):
        thread = Thread(target=time.sleep, args=[HOUR])  # the name of this moment
        thread.start()
        thread.join()
    assert seconds(sim) == HOUR


@pytest.mark.rule("SIM-47")
@pytest.mark.usefixtures("slept")
def test_nested_contexts_move_the_innermost_and_the_clocks_keep_both() -> None:
    outer, inner = Simulator(), Simulator()
    with virtual_time(outer):
        time.sleep(10)
        with virtual_time(inner):
            time.sleep(100)
            outer.advance(1)
            assert time.monotonic() == 1111.0
        assert time.monotonic() == 1111.0
        inner.advance(HOUR)  # its context is left
        time.sleep(1000)
        assert time.time() == 2111.0
    assert time.time() == 1000.0
    assert (seconds(outer), seconds(inner)) == (1011, 100 + HOUR)


@pytest.mark.rule("SIM-47")
@pytest.mark.usefixtures("slept")
def test_the_time_of_one_account_counts_once() -> None:
    sim = Simulator()
    time_of_sim = virtual_time(sim)
    with time_of_sim, time_of_sim, virtual_time(sim.in_region("eu-west-1")):
        time.sleep(10)
        assert time.monotonic() == 1010.0
    assert seconds(sim) == 10


@pytest.mark.rule("SIM-47")
def test_after_an_inner_context_the_one_around_it_is_the_innermost() -> None:
    first, second = Simulator(), Simulator()
    with virtual_time(first), virtual_time(second):
        with virtual_time(first):
            time.sleep(1)
        time.sleep(10)
    assert (seconds(first), seconds(second)) == (1, 10)


@pytest.mark.rule("SIM-47")
@pytest.mark.usefixtures("slept")
def test_contexts_may_be_left_in_any_order() -> None:
    first, second = Simulator(), Simulator()
    contexts = virtual_time(first), virtual_time(second)
    for context in contexts:
        context.__enter__()
    contexts[0].__exit__()
    time.sleep(5)
    assert time.time() == 1005.0
    contexts[1].__exit__()
    assert (seconds(first), seconds(second), time.time()) == (0, 5, 1000.0)
    with pytest.raises(RuntimeError, match="was not entered"):
        contexts[0].__exit__()


@pytest.mark.rule("SIM-48")
def test_an_exception_puts_everything_back(slept: list[float]) -> None:
    real = [getattr(time, name) for name in REAL]
    sim = Simulator()
    with pytest.raises(ZeroDivisionError), virtual_time(sim):
        time.sleep(1 / 0)
    assert [getattr(time, name) for name in REAL] == real
    time.sleep(2)
    assert (slept, seconds(sim)) == ([2], 0)


@pytest.mark.rule("SIM-48")
def test_what_someone_else_has_patched_meanwhile_stays_theirs() -> None:
    def theirs(_: float) -> None:
        pass

    sim = Simulator()
    with pytest.MonkeyPatch.context() as monkeypatch:
        with virtual_time(sim):
            monkeypatch.setattr(time, "sleep", theirs)
        assert time.sleep is theirs
        with virtual_time(sim):
            assert time.sleep is not theirs
            time.sleep(3)
        assert time.sleep is theirs
        with virtual_time(sim):
            pass
    time.sleep(0)
    assert seconds(sim) == 3
    with virtual_time(sim):  # puts the real one back, which ours stood for
        time.sleep(4)
    assert seconds(sim) == 7


@pytest.mark.rule("SIM-48")
def test_a_name_that_was_imported_inside_is_the_real_one_afterwards(
    slept: list[float],
) -> None:
    sim = Simulator()
    with virtual_time(sim):
        sleep, monotonic = time.sleep, time.monotonic
        sleep(1)
    sleep(2)
    assert (monotonic(), slept, seconds(sim)) == (1000.0, [2], 1)
    with virtual_time(sim):
        sleep(3)
        time.sleep(4)
    assert (slept, seconds(sim)) == ([2, 3], 5)


@pytest.mark.rule("SIM-48")
def test_patching_inside_of_many_contexts_builds_no_chain(slept: list[float]) -> None:
    for _ in range(2000):
        with pytest.MonkeyPatch.context() as patch, virtual_time(Simulator()):
            patch.setattr(time, "sleep", print)
    time.sleep(1)
    assert slept == [1]
    with virtual_time(Simulator()):
        pass


@pytest.mark.rule("SIM-49")
@pytest.mark.usefixtures("slept")
def test_each_call_of_a_decorated_function_has_its_own_context() -> None:
    sim = Simulator()

    @virtual_time(sim)
    def wait(depth: int, *, length: float) -> float:
        """Wait."""
        time.sleep(length)
        if depth:
            wait(depth - 1, length=length)
        return time.monotonic()

    assert wait.__doc__ == "Wait."
    assert wait(2, length=5) == 1015.0
    assert wait(0, length=5) == 1005.0
    assert seconds(sim) == 20
    assert time.monotonic() == 1000.0


@pytest.mark.rule("SIM-49")
def test_a_method_can_be_decorated() -> None:
    sim = Simulator()

    class Exporter:
        @virtual_time(sim)
        def wait(self) -> Exporter:
            time.sleep(5)
            return self

    exporter = Exporter()
    assert exporter.wait() is exporter
    assert seconds(sim) == 5


def generator() -> Iterator[None]:
    yield


async def async_generator() -> Any:
    yield


@pytest.mark.rule("SIM-49")
@pytest.mark.parametrize("what", [Simulator, generator, async_generator, None, 5])
def test_what_would_run_outside_of_the_context_is_not_decorated(what: Any) -> None:
    with pytest.raises(TypeError, match="virtual_time decorates functions"):
        virtual_time(Simulator())(what)


@pytest.mark.rule("SIM-49")
@pytest.mark.parametrize("sim", [None, Simulator, Simulator().client(), "us-east-1"])
def test_it_takes_a_simulator(sim: Any) -> None:
    with pytest.raises(TypeError, match="sim must be a Simulator, not "):
        virtual_time(sim)


@pytest.mark.rule("SIM-42")
def test_now_of_the_simulator_is_not_bound_to_real_time() -> None:
    sim = Simulator()
    with virtual_time(sim):
        before = sim.now
        time.sleep(0.000001)
        assert sim.now - before == timedelta(microseconds=1)
