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
from tests.calls import DESCRIBE
from tests.real import model

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 600),
    st.floats(allow_nan=False),
    st.sampled_from(["", "x", "task-state", "é"]),
    st.binary(max_size=2),
)
nested = ["Name", "Values", "Key", "Value", "S3Bucket", "S3Prefix", "ResourceType"]
names = st.sampled_from(
    sorted(
        {name for row in OPERATIONS.values() for name in row.input.members}
        | {*nested, "Bogus"}
    )
)
junk: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=2).map(tuple),
        st.dictionaries(names, inner, max_size=3),
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


@pytest.mark.parametrize(
    ("parameters", "code", "message"),
    [
        pytest.param(
            {"Bogus": 1},
            "UnknownParameter",
            "The parameter Bogus is not recognized",
            marks=pytest.mark.rule("PRM-01"),
        ),
        pytest.param(
            {"Filters": [{"Name": "x"}, {"Bogus": 1}]},
            "UnknownParameter",
            "The parameter Filter.2.Bogus is not recognized",
            marks=pytest.mark.rule("PRM-01"),
        ),
        pytest.param(
            {"ExportImageTaskIds": ["x", 3]},
            "InvalidParameterValue",
            "Value ( 3 ) for parameter ExportImageTaskId.2 is invalid. "
            "Expecting the type string.",
            marks=pytest.mark.rule("PRM-02"),
        ),
        pytest.param(
            {"MaxResults": True},
            "InvalidParameterValue",
            "Value ( True ) for parameter MaxResults is invalid. "
            "Expecting the type integer.",
            marks=pytest.mark.rule("PRM-02"),
        ),
        pytest.param(
            {"MaxResults": "5"},
            "InvalidParameterValue",
            "Value ( 5 ) for parameter MaxResults is invalid. "
            "Expecting the type integer.",
            marks=pytest.mark.rule("PRM-02"),
        ),
        pytest.param(
            [],
            "InvalidParameterValue",
            "Value ( [] ) for parameter input is invalid. "
            "Expecting the type structure.",
            marks=pytest.mark.rule("PRM-02"),
        ),
        pytest.param(
            {"MaxResults": "5", "Filters": [{"Bogus": 1}]},
            "UnknownParameter",
            "The parameter Filter.1.Bogus is not recognized",
            marks=pytest.mark.rule("PRM-04"),
        ),
        pytest.param(
            {"NextToken": "\x00"},
            "InvalidParameterValue",
            "Value ( … ) for parameter NextToken is invalid. "
            "Expecting text that UTF-8 and XML 1.0 can carry.",
            marks=pytest.mark.rule("PRM-06"),
        ),
        pytest.param(
            {"\ud800": 1},
            "UnknownParameter",
            "The parameter … is not recognized",
            marks=pytest.mark.rule("PRM-08"),
        ),
        pytest.param(
            {"MaxResults": 10**5000},
            "InvalidParameterValue",
            "Value ( … ) for parameter MaxResults is invalid. "
            "Expecting a value smaller than or equal to 500.",
            marks=pytest.mark.rule("PRM-08"),
        ),
    ],
)
def test_the_service_answers_a_mistake(
    parameters: Any, code: str, message: str
) -> None:
    with pytest.raises(ServiceError) as caught:
        Simulator().invoke(DESCRIBE, parameters)
    assert (caught.value.code, caught.value.message) == (code, message)
    assert caught.value.http_status == 400


@pytest.mark.parametrize(
    ("operation", "parameters", "answer"),
    [
        pytest.param(
            "CancelExportTask",
            {},
            "MissingParameter: The request must contain the parameter ExportTaskId",
            marks=pytest.mark.rule("PRM-03"),
        ),
        pytest.param(
            "CreateTags",
            {"Resources": ["x"], "Tags": []},
            "MissingParameter: The request must contain the parameter Tag",
            marks=pytest.mark.rule("PRM-03", "PRM-05"),
        ),
        pytest.param(
            "ExportImage",
            {"ImageId": "x", "DiskImageFormat": "x", "S3ExportLocation": {}},
            "MissingParameter: The request must contain the parameter S3ExportLocation",
            marks=pytest.mark.rule("PRM-03", "PRM-05"),
        ),
        pytest.param(
            "ExportImage",
            {"S3ExportLocation": {"S3Bucket": 3}},
            "InvalidParameterValue: Value ( 3 ) for parameter "
            "S3ExportLocation.S3Bucket is invalid. Expecting the type string.",
            marks=pytest.mark.rule("PRM-04"),
        ),
        pytest.param(
            "ExportImage",
            {"S3ExportLocation": {"Bucket": "b"}},
            "UnknownParameter: The parameter S3ExportLocation.Bucket is not recognized",
            marks=pytest.mark.rule("PRM-01"),
        ),
        pytest.param(
            "ExportImage",
            {"TagSpecifications": [{"Tags": [{"Key": "k"}, {"Value": 3}]}]},
            "InvalidParameterValue: Value ( 3 ) for parameter "
            "TagSpecification.1.Tag.2.Value is invalid. Expecting the type string.",
            marks=pytest.mark.rule("PRM-02"),
        ),
        pytest.param(
            "DeleteTags",
            {"Resources": "x"},
            "InvalidParameterValue: Value ( x ) for parameter ResourceId is invalid. "
            "Expecting the type list.",
            marks=pytest.mark.rule("PRM-02"),
        ),
        pytest.param(
            "DescribeTags",
            {"MaxResults": "5"},
            "InvalidParameterValue: Value ( 5 ) for parameter MaxResults is invalid. "
            "Expecting the type integer.",
            marks=pytest.mark.rule("PRM-02"),
        ),
    ],
)
def test_a_mistake_is_named_as_in_the_query_protocol(
    operation: str, parameters: Any, answer: str
) -> None:
    with pytest.raises(ServiceError) as caught:
        Simulator().invoke(operation, parameters)
    assert str(caught.value) == answer


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
