"""The parameter check: botocore's verdict and words, and the service's own."""

from __future__ import annotations

from typing import Any

import botocore.validate
import pytest
from botocore import xform_name
from hypothesis import example, given
from hypothesis import strategies as st

from ec2_export_sim import ClientError, ParamValidationError, ServiceError, Simulator
from ec2_export_sim.core.operations import OPERATIONS
from ec2_export_sim.core.request import Request
from tests import strategies
from tests.calls import DESCRIBE, error_of, for_rule
from tests.real import model

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 600),
    st.floats(allow_nan=False),
    st.sampled_from(["", "x", "task-state", "é"]),
    st.binary(max_size=2),
)
junk: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=2).map(tuple),
        st.dictionaries(strategies.members, inner, max_size=3),
    ),
    max_leaves=8,
)


def botocores_report(operation: str, parameters: Any) -> str:
    shape: Any = model().operation_model(operation).input_shape
    validator = botocore.validate.ParamValidator()
    return str(validator.validate(parameters, shape).generate_report())


@pytest.mark.rule("PRM-07")
@pytest.mark.parametrize("operation", OPERATIONS)
@given(data=st.data())
def test_the_clients_report_is_botocores(operation: str, data: st.DataObject) -> None:
    members = st.sampled_from([*OPERATIONS[operation].input.members, "Bogus"])
    parameters = data.draw(st.dictionaries(members, junk, max_size=4))
    client = Simulator().client()
    expected = botocores_report(operation, parameters)
    try:
        getattr(client, xform_name(operation))(**parameters)
    except ParamValidationError as error:
        assert error.kwargs["report"] == expected
        assert str(error) == f"Parameter validation failed:\n{expected}"
    except ClientError:
        assert expected == ""
    else:
        assert expected == ""


@pytest.mark.rule("PRM-07")
def test_one_report_has_all_mistakes() -> None:
    sim = Simulator()
    client: Any = sim.client()
    with pytest.raises(ParamValidationError) as caught:
        client.describe_export_image_tasks(
            Filters=[{"Name": 3, "Oops": 1}], MaxResults=0, Bogus=1
        )
    assert caught.value.rule == "PRM-07"
    assert caught.value.kwargs["report"].splitlines() == [
        'Unknown parameter in input: "Bogus", must be one of: DryRun, Filters, '
        "ExportImageTaskIds, MaxResults, NextToken",
        'Unknown parameter in Filters[0]: "Oops", must be one of: Name, Values',
        "Invalid type for parameter Filters[0].Name, value: 3, type: <class 'int'>, "
        "valid types: <class 'str'>",
        "Invalid value for parameter MaxResults, value: 0, valid min value: 1",
    ]
    assert sim.calls == ()


UNKNOWN = "UnknownParameter: The parameter {} is not recognized"
WRONG = "InvalidParameterValue: Value ( {} ) for parameter {} is invalid. Expecting {}."
MISSING = "MissingParameter: The request must contain the parameter {}"
INTEGER, TEXT = "the type integer", "the type string"


@pytest.mark.rule("PRM-05", "PRM-09", "PRM-10")
@pytest.mark.parametrize(
    ("rule", "operation", "parameters", "expected"),
    [
        for_rule("PRM-01", DESCRIBE, {"Bogus": 1}, UNKNOWN.format("Bogus")),
        for_rule("PRM-01", DESCRIBE, {"Item": [{"Key": 1}]}, UNKNOWN.format("Item")),
        for_rule(
            "PRM-01",
            DESCRIBE,
            {"Filters": [{"Name": "x"}, {"Bogus": 1}]},
            UNKNOWN.format("Filter.2.Bogus"),
        ),
        for_rule(
            "PRM-01",
            "ExportImage",
            {"S3ExportLocation": {"Bucket": "b"}},
            UNKNOWN.format("S3ExportLocation.Bucket"),
        ),
        for_rule(
            "PRM-02",
            DESCRIBE,
            {"ExportImageTaskIds": ["x", 3]},
            WRONG.format(3, "ExportImageTaskId.2", TEXT),
        ),
        for_rule(
            "PRM-02",
            "ExportImage",
            {"TagSpecifications": [{"Tags": [{"Key": "k"}, {"Value": 3}]}]},
            WRONG.format(3, "TagSpecification.1.Tag.2.Value", TEXT),
        ),
        *(
            for_rule(
                "PRM-02",
                operation,
                {"MaxResults": value},
                WRONG.format(value, "MaxResults", INTEGER),
            )
            for operation, value in ((DESCRIBE, True), ("DescribeTags", "5"))
        ),
        for_rule(
            "PRM-02", DESCRIBE, [], WRONG.format([], "input", "the type structure")
        ),
        for_rule(
            "PRM-02",
            "DeleteTags",
            {"Resources": "x"},
            WRONG.format("x", "ResourceId", "the type list"),
        ),
        for_rule("PRM-03", "CancelExportTask", {}, MISSING.format("ExportTaskId")),
        for_rule(
            "PRM-03",
            "CreateTags",
            {"Resources": ["x"], "Tags": []},
            "InvalidParameterValue: You must specify one or more tags to create",
        ),
        for_rule(
            "PRM-03",
            "CreateTags",
            {"Resources": [], "Tags": []},
            MISSING.format("resourceIdSet"),
        ),
        for_rule("PRM-03", "DeleteTags", {}, MISSING.format("resourceIdSet")),
        for_rule(
            "PRM-03",
            "ExportImage",
            {"ImageId": "x", "DiskImageFormat": "x", "S3ExportLocation": {}},
            MISSING.format("S3ExportLocation"),
        ),
        for_rule(
            "PRM-06",
            DESCRIBE,
            {"NextToken": "\x00"},
            WRONG.format("…", "NextToken", "text that UTF-8 and XML 1.0 can carry"),
        ),
    ],
)
def test_the_service_answers_with_the_wire_name(
    rule: str, operation: str, parameters: Any, expected: str
) -> None:
    with pytest.raises(ServiceError) as caught:
        Simulator().invoke(operation, parameters)
    assert (caught.value.rule, str(caught.value)) == (rule, expected)
    assert caught.value.http_status == 400


@pytest.mark.rule("PRM-04")
def test_unknown_comes_before_type_and_type_before_missing() -> None:
    sim = Simulator()
    unknown = error_of(sim, DESCRIBE, MaxResults="5", Filters=[{"Bogus": 1}])
    assert str(unknown) == UNKNOWN.format("Filter.1.Bogus")
    wrong = error_of(sim, "ExportImage", S3ExportLocation={"S3Bucket": 3})
    assert str(wrong) == WRONG.format(3, "S3ExportLocation.S3Bucket", TEXT)


@pytest.mark.rule("PRM-08")
def test_what_cannot_be_printed_is_an_ellipsis() -> None:
    sim = Simulator()
    unprintable: dict[str, Any] = {"\ud800": 1}
    assert error_of(sim, DESCRIBE, **unprintable).message == (
        "The parameter … is not recognized"
    )
    bound = "a value smaller than or equal to 500"
    error = error_of(sim, DESCRIBE, MaxResults=10**5000)
    assert str(error) == WRONG.format("…", "MaxResults", bound)


@pytest.mark.rule("PRM-07")
def test_the_client_reports_missing_parameters() -> None:
    client: Any = Simulator().client()
    with pytest.raises(ParamValidationError) as caught:
        client.export_image(ImageId="x", DiskImageFormat="x", S3ExportLocation={})
    assert caught.value.kwargs["report"] == (
        'Missing required parameter in S3ExportLocation: "S3Bucket"'
    )


@pytest.mark.rule("PRM-05")
@given(junk)
@example({"Filters": [{}, {"Values": []}, {"Name": "x", "Values": []}]})
def test_empty_members_are_dropped(value: Any) -> None:
    def empties(inner_value: Any) -> list[Any]:
        if isinstance(inner_value, dict):
            inner_value = list(inner_value.values())
        if not isinstance(inner_value, list):
            return []
        inner = [each for part in inner_value for each in empties(part)]
        return [*inner, *(part for part in inner_value if part in ([], {}))]

    request = Request.parse(DESCRIBE, {"Filters": value})
    assert empties(request.parameters) == []
