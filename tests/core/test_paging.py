"""Tokens: for which listing each is valid."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ec2_export_sim import ClientError, Policy, ServiceError, Simulator
from ec2_export_sim.core.paging import TokenCodec
from tests.calls import DESCRIBE


def filled(**arguments: Any) -> Simulator:
    sim = Simulator(**arguments)
    for status in ("active", "completed", "active", "deleted", "active"):
        sim.add_task(status=status, tags={"Name": status})
    return sim


def token_of(sim: Simulator, **request: Any) -> str:
    answer = sim.invoke(DESCRIBE, {"MaxResults": 1, **request})
    token: str = answer["NextToken"]
    return token


def is_invalid(sim: Simulator, token: str, **request: Any) -> bool:
    """Return whether *token* is an error, with the code and message of the rule."""
    client = sim.client()
    try:
        client.describe_export_image_tasks(NextToken=token, **request)
    except ClientError as error:
        message = f"Value ( {token} ) for parameter NextToken is invalid. "
        assert error.response["Error"] == {
            "Code": "InvalidParameterValue",
            "Message": f"{message}The token is invalid.",
        }
        assert error.rule == "PAG-11"
        return True
    return False


@pytest.mark.rule("PAG-02")
@pytest.mark.parametrize("size", [1, 500])
def test_both_bounds_are_accepted(size: int) -> None:
    answer = filled().client().describe_export_image_tasks(MaxResults=size)
    assert len(answer["ExportImageTasks"]) == min(size, 5)


@pytest.mark.rule("PAG-18")
@pytest.mark.parametrize(
    ("value", "bound"),
    [(0, "greater than or equal to 1"), (501, "smaller than or equal to 500")],
)
def test_out_of_bounds_is_an_error(value: int, bound: str) -> None:
    with pytest.raises(ServiceError) as caught:
        Simulator().invoke(DESCRIBE, {"MaxResults": value})
    assert caught.value.code == "InvalidParameterValue"
    assert caught.value.message == (
        f"Value ( {value} ) for parameter MaxResults is invalid. "
        f"Expecting a value {bound}."
    )


@pytest.mark.rule("PAG-05", "PAG-06")
def test_a_full_last_page_has_no_token() -> None:
    sim = filled()
    answer = sim.client().describe_export_image_tasks(MaxResults=5)
    assert len(answer["ExportImageTasks"]) == 5
    assert "NextToken" not in answer


@pytest.mark.rule("PAG-11")
@given(st.one_of(st.text(max_size=40), st.binary(max_size=30).map(str)))
def test_any_other_text_is_not_a_token(text: str) -> None:
    sim = filled()
    if text.isprintable():
        assert is_invalid(sim, text)


@pytest.mark.rule("PAG-11")
@given(st.data())
def test_a_changed_token_is_not_a_token(data: st.DataObject) -> None:
    sim = filled()
    token = token_of(sim)
    other = token_of(sim, NextToken=token)
    at = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("Aa0-_+/= é"))
    touched = data.draw(
        st.sampled_from(
            [
                token[:at] + character + token[at + 1 :],
                token[:at] + token[at + 1 :],
                token[:at] + "\n" + token[at:],
                token[:at] + other[at:],
                *(token[:at], token + character, f" {token}", token.swapcase()),
                *(token + other, token * 2, token[::-1]),
            ]
        )
    )
    assert is_invalid(sim, touched) is (touched not in (token, other))


@pytest.mark.rule("PAG-11")
@pytest.mark.parametrize("token", ["", "None", "0", "1"])
def test_what_other_emulators_accept_is_not_a_token(token: str) -> None:
    assert is_invalid(filled(), token)


@pytest.mark.rule("PAG-07")
def test_a_token_does_not_reveal_the_position() -> None:
    sim = Simulator()
    for _ in range(300):
        sim.add_task()
    tokens = [
        base64.urlsafe_b64decode(token_of(sim, MaxResults=n)) for n in range(1, 299)
    ]
    assert len({len(token) for token in tokens}) == 1
    for at in range(1, len(tokens[0])):  # the first byte is the version
        assert len({token[at] for token in tokens}) > 100


@pytest.mark.rule("PAG-07", "PAG-09")
@given(st.one_of(st.integers(), st.lists(st.integers() | st.text())), st.text())
@example(2**64, "")
@example(-1, "")
@example(["export-ami-1234567890abcdef0", "é\ud800"], "")
def test_any_sort_key_can_be_a_position(position: Any, secret: str) -> None:
    codec, listing = TokenCodec(ascii(secret)), ("Op", (), ())
    token = codec.encode(position, listing)
    assert codec.decode(token, listing) == position
    # A shell takes what begins with a hyphen for an option.
    assert re.fullmatch("[A-Za-z0-9][A-Za-z0-9_-]*", token)


@pytest.mark.rule("PAG-08", "PAG-19", "SIM-19")
@pytest.mark.parametrize(
    ("arguments", "accepted"),
    [
        ({}, True),
        ({"seconds_per_call": 3}, True),
        ({"seed": 1}, False),
        ({"seed": "0"}, False),
        ({"account_id": "210987654321"}, False),
        ({"region_name": "eu-west-1"}, False),
    ],
)
def test_only_an_equal_simulator_accepts_a_token(
    arguments: dict[str, Any], accepted: bool
) -> None:
    token = token_of(filled())
    assert is_invalid(filled(**arguments), token) is not accepted


@pytest.mark.rule("PAG-08")
def test_a_token_is_valid_in_its_region_only() -> None:
    sim = filled()
    assert is_invalid(sim.in_region("eu-west-1"), token_of(sim))


@pytest.mark.rule("PAG-09")
def test_a_token_is_valid_for_the_same_sets_of_ids_filters_and_values() -> None:
    sim = filled()
    one, two, three, *_ = [task.id for task in sim.tasks]
    state = {"Name": "task-state", "Values": ["active", "completed"]}
    name = {"Name": "tag:Name", "Values": ["*"]}
    request = {"ExportImageTaskIds": [one, two, three], "Filters": [state, name]}
    token = token_of(sim, **request)
    turned = {"Name": "task-state", "Values": ["completed", "active", "active"]}
    same = {
        "ExportImageTaskIds": [three, one, two, one],
        "Filters": [name, turned, name],
    }
    assert not is_invalid(sim, token, **same)
    others: list[dict[str, Any]] = [
        {},
        {"ExportImageTaskIds": [one, two, three]},
        {"Filters": [state, name]},
        {**request, "ExportImageTaskIds": [one, two]},
        {**request, "Filters": [state]},
        {**request, "Filters": [name, {"Name": "task-state", "Values": ["active"]}]},
        {**request, "Filters": [name, {"Name": "tag-key", "Values": state["Values"]}]},
    ]
    assert all(is_invalid(sim, token, **other) for other in others)


@pytest.mark.rule("PAG-10", "PAG-19")
def test_a_token_is_valid_for_any_page_size_and_caller() -> None:
    sim = filled()
    other = sim.client(Policy.allow("ec2:*"), principal="arn:aws:iam::1:user/other")
    answer = other.describe_export_image_tasks(NextToken=token_of(sim), MaxResults=500)
    assert len(answer["ExportImageTasks"]) == 4


@pytest.mark.rule("SIM-18")
def test_a_token_stays_valid_after_restore_and_reset() -> None:
    sim = filled()
    before = sim.snapshot()
    token = token_of(sim)
    sim.restore(before)
    assert not is_invalid(sim, token)
    sim.reset()
    assert not is_invalid(sim, token)


@pytest.mark.rule("PAG-15")
def test_the_tokens_of_a_walk_differ() -> None:
    sim = filled()
    tokens = [token_of(sim)]
    for _ in range(3):
        tokens.append(token_of(sim, NextToken=tokens[-1]))
    assert len(set(tokens)) == 4
    assert "None" not in tokens
