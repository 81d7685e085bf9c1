"""The tables of the specs are the tables of the code."""

from __future__ import annotations

import re
from itertools import product

import pytest

from ec2_export_sim import Quirk, Simulator, TaskState
from ec2_export_sim.core import errors, lifecycle
from ec2_export_sim.core.operations import OPERATIONS
from ec2_export_sim.rules import rules, specs_directory


def rows(text: str) -> list[list[str]]:
    """Return the cells of the first Markdown table in *text*, without its head."""
    table = re.search(r"(?:^\|.*\|\n?)+", text, re.MULTILINE)
    assert table is not None
    lines = table[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.rule("ERR-01", "ERR-02")
def test_the_errors_are_those_of_the_specs() -> None:
    text = (specs_directory() / "errors.md").read_text(encoding="utf-8")
    stated = rows(text.partition("\n## The table")[2])
    table = [
        [row.code, str(row.http_status), row.rule, row.message] for row in errors.ALL
    ]
    assert table == [row[:4] for row in stated]
    for *_, origin in stated:
        assert re.fullmatch("seen|ours|after [A-Z][A-Za-z]+", origin)


@pytest.mark.rule("ERR-05")
def test_the_injectable_errors_are_those_of_the_specs() -> None:
    table = [
        [code, str(status), text]
        for code, (status, text) in errors.INJECTABLE_ERRORS.items()
    ]
    assert table == rows(rules()["ERR-05"].statement)


@pytest.mark.rule("LIF-01", "RSP-09")
def test_there_are_four_states() -> None:
    assert list(TaskState) == ["active", "completed", "deleting", "deleted"]


@pytest.mark.rule("LIF-02")
def test_the_transitions_are_those_of_the_specs_and_no_others() -> None:
    stated = {(s, e): n for s, e, n in rows(rules()["LIF-02"].statement)}
    assert stated == lifecycle.TRANSITIONS
    events = {event for _, event in stated}
    for state, event in product(TaskState, events):
        task = Simulator().add_task(status=state)
        if (state, event) in stated:
            assert lifecycle.transition(task, event).state == stated[state, event]
        else:
            with pytest.raises(ValueError, match=f"is {state}; it cannot {event}"):
                lifecycle.transition(task, event)


@pytest.mark.rule("LIF-05", "LIF-31")
def test_the_progress_steps_are_those_of_the_specs() -> None:
    table = [
        (f"{s.elapsed_fraction:g}", s.progress, s.status_message)
        for s in lifecycle.PROGRESS_STEPS
    ]
    assert table == [tuple(row) for row in rows(rules()["LIF-31"].statement)]
    pairs = [step[1:] for step in table]
    assert pairs == [tuple(row) for row in rows(rules()["LIF-05"].statement)]


def test_the_quirks_are_those_of_the_specs() -> None:
    titles = {rule.id: rule.title for rule in rules().values()}
    stated = {id_: title for id_, title in titles.items() if title.startswith("Quirk ")}
    assert stated == {quirk.value: f"Quirk {quirk.name}" for quirk in Quirk}
    for quirk in Quirk:
        assert rules()[quirk.value].status == "observed"
        for operation in quirk.operations:
            assert operation in OPERATIONS


@pytest.mark.rule("LIF-02")
def test_the_diagram_shows_the_transitions() -> None:
    text = (specs_directory() / "lifecycle.md").read_text(encoding="utf-8")
    (diagram,) = re.findall(r"^```mermaid\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    head, *arrows = (line.strip() for line in diagram.splitlines())
    assert head == "stateDiagram-v2"
    shown = [re.fullmatch(r"(\w+) --> (\w+): (\w+)", arrow) for arrow in arrows]
    drawn = {(m[1], m[3]): m[2] for m in shown if m is not None}
    assert drawn == lifecycle.TRANSITIONS
    assert len(arrows) == len(drawn)
