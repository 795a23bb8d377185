"""The template that is deployed, held to what this API promises of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.reference import problems
from chalicelib.shared.errors import NotFound, Unauthenticated
from chalicelib.shared.http import InternalError, TooLarge
from infra import templates

ROOT = Path(__file__).parents[2]
CONFIG = json.loads((ROOT / ".chalice" / "config.json").read_text())
PUBLIC = {
    "/v1/health get",
    "/v1/openapi.json get",
    "/v1/postman.json get",
    "/docs get",
    "/docs/{section} get",
    "/docs/{section}/{page} get",
    "/console get",  # what the browser runs; it asks with the token of who has signed in
    "/console/routes get",
    "/console/forms/{operation} get",
    "/console/texts/{language} get",
    "/console/{release}/{file} get",
    "/console/{release}/console.css get",
    "/console/{release}/vendor/{module} get",
    "/v1/policies get",
    "/v1/policies/{name} get",
    "/v1/vocabulary get",
    "/v1/badge-keys get",
    "/v1/credit-products get",
    "/v1/deposit-rulebooks get",
    "/v1/deposit-rulebooks/{book_id} get",
    "/v1/deposit-rulebooks/{book_id}/diff get",
    "/v1/channels/{channel_id}/listings get",
    "/v1/channels/{channel_id}/listings/{listing_id} get",
    "/v1/listings/{listing_id}/pictures/{document_id} get",
    "/v1/storefronts/{member_id} get",
    "/v1/storefronts/{member_id}/badge get",
    "/v1/storefronts/{member_id}/badge.svg get",
    "/v1/channels get",
    "/s/verify_badge.py get",
    "/s/{member_id} get",
    "/c/{channel_id} get",
    "/v1/channels/{channel_id} get",
    "/v1/storefronts/{member_id}/channel-badge get",
    "/v1/storefronts/{member_id}/channel-badge.svg get",
    "/v1/storefronts/{member_id}/integrity get",
    "/v1/storefronts/{member_id}/notes get",
    "/v1/webhooks/acquirers/{acquirer_id} post",
    "/v1/webhooks/banks/{bank_id} post",  # its signature is its credential
}


def of_type(template: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {name: told.get("Properties", {}) for name, told in template["Resources"].items() if told["Type"] == kind}


def functions(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return of_type(template, "AWS::Serverless::Function")


def sources(template: dict[str, Any], kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, told in functions(template).items():
        for source in told.get("Events", {}).values():
            if source["Type"] == kind:
                yield name, source["Properties"]


def methods(template: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, told in template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"].items():
        for method, endpoint in told.items():
            if method != "options":
                yield path, method, endpoint


def test_every_endpoint_asks_who_is_there_or_is_on_the_written_list(template: dict[str, Any]) -> None:
    unguarded = {f"{path} {method}" for path, method, endpoint in methods(template) if not endpoint.get("security")}
    assert unguarded <= PUBLIC, unguarded - PUBLIC


def test_production_has_no_sandbox(template: dict[str, Any]) -> None:
    assert not [path for path, _, _ in methods(template) if "sandbox" in path]
    assert functions(template)["APIHandler"]["Environment"]["Variables"]["SURETY_SANDBOX"] == "false"


def test_long_answers_are_compressed(template: dict[str, Any]) -> None:
    assert template["Resources"]["RestAPI"]["Properties"]["MinimumCompressionSize"] == 1024


def test_one_place_of_a_path_has_one_name(template: dict[str, Any]) -> None:
    """API Gateway takes no /v1/things/{id} beside /v1/things/{thing_id}/parts."""
    seen: dict[str, str] = {}
    for path, _, _ in methods(template):
        parts = path.split("/")
        for place, part in enumerate(parts):
            if part.startswith("{"):
                before = "/".join(parts[:place])
                assert seen.setdefault(before, part) == part, path


def test_every_function_has_its_own_policy_and_none_may_touch_everything(template: dict[str, Any]) -> None:
    roles = of_type(template, "AWS::IAM::Role")
    used = [told["Role"]["Fn::GetAtt"][0] for told in functions(template).values()]
    assert sorted(used) == sorted(set(used)) == sorted(roles)
    files = {told["iam_policy_file"] for told in CONFIG["lambda_functions"].values()}
    assert files == {file.name for file in (ROOT / ".chalice").glob("policy-*.json")}
    assert len(files) == len(functions(template))
    for name, role in roles.items():
        for statement in statements(role):
            assert '"*"' not in json.dumps(statement["Resource"]), name
            assert not [action for action in statement["Action"] if action.endswith("*")], name


def statements(role: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for policy in role["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def test_every_named_table_queue_and_parameter_of_a_policy_is_one_there_is(template: dict[str, Any]) -> None:
    declared = (ROOT / "infra" / "tables.yaml").read_text()
    for role in of_type(template, "AWS::IAM::Role").values():
        for statement in statements(role):
            told = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
            for resource in told:
                name = resource["Fn::Sub"].rpartition("surety-${Stage}-")[2].split("/")[0]
                if "surety-${Stage}-" in resource["Fn::Sub"] and not resource["Fn::Sub"].endswith("-*/index/*"):
                    assert (
                        f'"surety-${{Stage}}-{name.removesuffix("*")}{"" if name.endswith("*") else chr(34)}'
                        in declared
                    ), name


def test_a_stream_is_read_in_order_in_halves_and_to_the_end(template: dict[str, Any]) -> None:
    by_function = dict(sources(template, "DynamoDB"))
    assert by_function
    exported = (ROOT / "infra" / "tables.yaml").read_text()
    for name, told in by_function.items():
        assert told["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name
        assert told["BisectBatchOnFunctionError"] is True, name
        assert told["MaximumRetryAttempts"] == 5, name
        assert told["DestinationConfig"]["OnFailure"]["Type"] == "SQS", name
        assert told["StartingPosition"] == "TRIM_HORIZON", name
        assert f'"{told["Stream"]["Fn::ImportValue"]["Fn::Sub"]}"' in exported, name


def test_a_queue_sets_aside_what_fails_and_only_that(template: dict[str, Any]) -> None:
    by_function = dict(sources(template, "SQS"))
    assert by_function
    queues = templates.read(ROOT / "infra" / "tables.yaml")["Resources"]
    by_name = {
        told["Properties"]["QueueName"]["Fn::Sub"]: told["Properties"]
        for told in queues.values()
        if told["Type"] == "AWS::SQS::Queue"
    }
    for name, told in by_function.items():
        assert told["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name
        queue = by_name[told["Queue"]["Fn::Sub"].rpartition(":")[2]]
        assert "RedrivePolicy" in queue, name
        assert queue["VisibilityTimeout"] >= functions(template)[name]["Timeout"], name


def test_a_schedule_that_fails_is_put_aside(template: dict[str, Any]) -> None:
    by_function = dict(sources(template, "Schedule"))
    assert by_function
    for name in by_function:
        assert functions(template)[name]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Type"] == "SQS", name


def test_functions_are_of_one_kind_end_in_time_and_are_traced(template: dict[str, Any]) -> None:
    told = functions(template)
    assert CONFIG["lambda_architecture"] == "arm64"
    assert len({json.dumps(one["Architectures"]) for one in told.values()}) == 1
    assert {one["Runtime"] for one in told.values()} == {"python3.13"}
    assert told["APIHandler"]["Timeout"] == 29
    assert {one["Tracing"] for one in told.values()} == {"Active"}
    for role in of_type(template, "AWS::IAM::Role").values():
        assert role["ManagedPolicyArns"] == [
            {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess"}
        ]


def test_every_function_keeps_its_log_for_a_year(template: dict[str, Any]) -> None:
    groups = of_type(template, "AWS::Logs::LogGroup").values()
    named = {one["LogGroupName"]["Fn::Sub"] for one in groups if "LogGroupName" in one}
    assert named == {f"/aws/lambda/${{{name}}}" for name in functions(template)}
    assert {one["RetentionInDays"] for one in groups} == {365}


def test_the_gateway_is_reached_through_its_domains_only_and_not_too_often(template: dict[str, Any]) -> None:
    api = template["Resources"]["RestAPI"]["Properties"]
    assert api["DisableExecuteApiEndpoint"] is True
    assert api["TracingEnabled"] is True
    assert api["MethodSettings"][0]["ThrottlingRateLimit"] > 0
    domains = of_type(template, "AWS::ApiGateway::DomainName")
    assert "TruststoreUri" in domains["BankDomainName"]["MutualTlsAuthentication"]
    assert len(of_type(template, "AWS::ApiGateway::BasePathMapping")) == len(domains) == 2
    told = template["Globals"]["Function"]["Environment"]["Variables"]["SURETY_PARTNER_CERTIFICATES"]
    assert template["Parameters"][told["Ref"]]["Default"] == "true", "partners come through the domain of banks only"


def test_no_resource_has_the_name_of_a_parameter(template: dict[str, Any]) -> None:
    """CloudFormation takes no template in which one does; and what refers to the parameter would mean the resource."""
    assert not set(template["Parameters"]) & set(template["Resources"])


def test_what_must_outlive_the_code_is_in_the_other_stack(template: dict[str, Any]) -> None:
    for kind in ("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::Bucket"):
        assert not of_type(template, kind)


def test_the_code_never_tells_its_faults_to_callers() -> None:
    import app

    assert app.app.debug is False


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("MISSING_AUTHENTICATION_TOKEN", NotFound),
        ("UNAUTHORIZED", Unauthenticated),
        ("ACCESS_DENIED", Unauthenticated),
        ("REQUEST_TOO_LARGE", TooLarge),
        ("DEFAULT_5XX", InternalError),
    ],
)
def test_what_the_gateway_says_by_itself_sounds_like_the_rest(template: dict[str, Any], kind: str, told: Any) -> None:
    answer = gateway_answers(template)[kind]
    problem = json.loads(answer["responseTemplates"]["application/json"])
    assert (problem["code"], problem["title"]) == (told.code, told.title)


def test_every_answer_of_the_gateway_is_a_whole_problem_with_a_page(template: dict[str, Any]) -> None:
    codes = {error.code for error in problems.every()}
    for kind, answer in gateway_answers(template).items():
        problem = json.loads(answer["responseTemplates"]["application/json"])
        assert str(problem["status"]) == answer["statusCode"], kind
        assert problem["type"] == f"urn:surety:problem:{problem['code']}", kind
        assert problem["doc_url"] == f"https://$context.domainName/docs/errors/{problem['code']}", kind
        assert problem["code"] in codes, kind
        assert {"title", "detail", "instance", "request_id", "fix"} <= set(problem), kind
        assert answer["responseParameters"]["gatewayresponse.header.Content-Type"] == "'application/problem+json'", kind


def test_who_is_asked_to_wait_is_told_how_long(template: dict[str, Any]) -> None:
    for kind in ("THROTTLED", "QUOTA_EXCEEDED"):
        assert "gatewayresponse.header.Retry-After" in gateway_answers(template)[kind]["responseParameters"]


def gateway_answers(template: dict[str, Any]) -> dict[str, Any]:
    body = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    answers: dict[str, Any] = body["x-amazon-apigateway-gateway-responses"]
    return answers


def test_two_stages_of_an_account_have_apis_of_different_names(template: dict[str, Any]) -> None:
    assert template["Resources"]["RestAPI"]["Properties"]["Name"] == {"Fn::Sub": "surety-${Stage}"}


def test_what_an_account_needs_once_is_in_no_stack_of_a_stage(template: dict[str, Any]) -> None:
    """API Gateway's log role is one setting of the region: access logs need it, and no stage may own it."""
    account = templates.read(ROOT / "infra" / "account.yaml")["Resources"]
    assert of_type(template, "AWS::ApiGateway::Account") == {}
    assert template["Resources"]["RestAPI"]["Properties"]["AccessLogSetting"]
    [gateway] = [told for told in account.values() if told["Type"] == "AWS::ApiGateway::Account"]
    assert account[gateway["Properties"]["CloudWatchRoleArn"]["Fn::GetAtt"][0]]["Type"] == "AWS::IAM::Role"
    assert {told["DeletionPolicy"] for told in account.values()} == {"Retain"}
