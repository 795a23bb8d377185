import pytest

from tests.registry.test_jobs_in_proportion import reading
from tests.world import Api, token

ACME = {"external_ref": "acme-1", "name": "ACME  GmbH", "country": "DE", "zone": "Europe/Berlin"}


def test_an_officer_registers_a_member_and_the_member_sees_itself(api: Api, officer: str) -> None:
    reply = api.post("/v1/members", ACME, officer)
    assert reply.status == 201, reply.body
    assert reply["name"] == "ACME GmbH"
    assert reply["version"] == 1
    seen = api.get(f"/v1/members/{reply['id']}", token("member", reply["id"]))
    assert (seen.status, seen.body) == (200, reply.body)


def test_the_same_request_twice_gives_the_first_answer_byte_for_byte(api: Api, officer: str) -> None:
    first = api.post("/v1/members", ACME, officer, key="k")
    again = api.post("/v1/members", ACME, officer, key="k")
    assert again.raw == first.raw
    assert again.status == 201
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_is_refused(api: Api, officer: str) -> None:
    api.post("/v1/members", ACME, officer, key="k")
    other = api.post("/v1/members", ACME | {"name": "Other"}, officer, key="k")
    assert (other.status, other["code"]) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(
    ("field", "value", "status", "code"),
    [
        *[("country", country, 422, "unknown_country") for country in ("UK", "EU", "XX", "ZZ", "EL")],
        *[
            ("zone", zone, 400, "unknown_zone")
            for zone in ("localtime", "posixrules", "right/UTC", "Factory", "berlin")
        ],
    ],
)
def test_what_is_no_country_and_no_zone_is_refused_by_name(
    api: Api, officer: str, field: str, value: str, status: int, code: str
) -> None:
    reply = api.post("/v1/members", ACME | {field: value}, officer)
    assert (reply.status, reply["code"], reply["param"]) == (status, code, field)


def test_a_reference_is_registered_once(api: Api, officer: str) -> None:
    first = api.post("/v1/members", ACME, officer)
    second = api.post("/v1/members", ACME, officer)
    assert (second.status, second["code"], second["id"]) == (409, "member_exists", first["id"])


def test_somebody_elses_member_answers_like_one_that_is_not_there(api: Api, officer: str) -> None:
    reply = api.post("/v1/members", ACME, officer)
    stranger = token("member", "mem_00000000000000000000000000")
    not_mine = api.get(f"/v1/members/{reply['id']}", stranger, X_Request_Id="r")
    not_there = api.get("/v1/members/mem_99999999999999999999999999", stranger, X_Request_Id="r")
    assert not_mine.status == not_there.status == 404
    assert not_mine.raw.replace(reply["id"].encode(), b"") == not_there.raw.replace(
        b"mem_99999999999999999999999999", b""
    )


def test_members_are_found_by_reference_and_paged(api: Api, officer: str) -> None:
    made = [api.post("/v1/members", ACME | {"external_ref": f"r-{n}"}, officer)["id"] for n in range(5)]
    reply = api.get("/v1/members?external_ref=r-3", officer)
    assert [member["id"] for member in reply["items"]] == [made[3]]
    seen: list[str] = []
    cursor: str | None = ""
    for _ in range(3):
        page = api.get(f"/v1/members?limit=2&cursor={cursor}", officer)
        seen += [member["id"] for member in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert sorted(seen) == sorted(made)


def test_members_are_found_by_their_ids_a_page_at_a_time_and_each_once(api: Api, officer: str) -> None:
    made = sorted(api.post("/v1/members", ACME | {"external_ref": f"r-{n}"}, officer)["id"] for n in range(4))
    asked = ",".join([*reversed(made[:3]), made[0], "mem_99999999999999999999999999"])
    assert [member["id"] for member in api.get(f"/v1/members?ids={asked}", officer)["items"]] == made[:3]
    first = api.get(f"/v1/members?ids={asked}&limit=2", officer)
    further = api.get(f"/v1/members?ids={asked}&limit=2&cursor={first['next_cursor']}", officer)
    assert [member["id"] for page in (first, further) for member in page["items"]] == made[:3]
    assert api.get(f"/v1/members?ids={made[3]}&cursor={first['next_cursor']}", officer)["code"] == "bad_cursor"


def test_a_member_finds_itself_by_its_id_and_nobody_else(api: Api, officer: str) -> None:
    own, other = (api.post("/v1/members", ACME | {"external_ref": f"r-{n}"}, officer)["id"] for n in range(2))
    by = token("member", own)
    assert [member["id"] for member in api.get(f"/v1/members?ids={own},{other}", by)["items"]] == [own]
    assert api.get(f"/v1/members?ids={other}", by)["items"] == []


def test_the_names_of_a_hundred_members_are_one_read(api: Api, officer: str) -> None:
    made = [api.post("/v1/members", ACME | {"external_ref": f"r-{n}"}, officer)["id"] for n in range(5)]
    with reading() as read:
        api.get(f"/v1/members?ids={','.join(made)}&limit=100", officer)
    assert read == {"calls": 1, "items": len(made)}
    reply = api.get(f"/v1/members?ids={','.join(made * 21)}", officer)
    assert (reply.status, reply["code"], reply["param"]) == (400, "bad_field", "ids")
