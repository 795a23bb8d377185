"""Many at once on one group: proposals, signatures and the last attestation, on a real engine."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.groups.joining import OFFICER
from tests.groups.signing import Signers, sheet_for
from tests.races.conftest import at_once

pytestmark = pytest.mark.engine


def test_members_that_propose_at_once_make_as_many_versions_of_which_the_last_is_to_sign(signers: Signers) -> None:
    signers.vet(3)
    replies = at_once(3, lambda n: signers.ask(n + 1, "rule-sheets", sheet_for(1, 2, 3) | {"punctual_payments": n}))
    assert Counter(reply.status for reply in replies) == {201: 3}
    sheets = signers.api.get(f"{signers.path}/rule-sheets", OFFICER)["items"]
    assert [(each["number"], each["status"]) for each in sheets] == [(3, "to_sign"), (2, "dropped"), (1, "dropped")]
    assert len({each["document_sha256"] for each in sheets}) == 3


def test_the_last_signatures_and_the_last_attestation_at_once_seal_the_group_once(signers: Signers) -> None:
    signers.vet(3)
    for by, of in ((1, 2), (1, 3), (2, 1), (2, 3), (3, 1)):
        signers.attest(by, of)
    signers.propose()
    for number in (1, 2, 3):
        signers.brief(number)
    last = (lambda: signers.sign(1), lambda: signers.sign(2), lambda: signers.sign(3), lambda: signers.attest(3, 2))
    replies = at_once(len(last), lambda n: last[n]())
    assert {reply.status for reply in replies} <= {200, 201}
    assert Counter(reply["status"] for reply in replies) == {"vetting": 3, "sealed": 1}
    sheet = signers.api.get(f"{signers.path}/rule-sheets/1", OFFICER)
    assert (sheet["status"], [each["seat"] for each in sheet["signatures"]]) == ("in_force", [1, 2, 3])
    kinds = [line["kind"] for line in signers.api.get(f"{signers.path}/timeline?limit=100", OFFICER)["items"]]
    assert kinds.count("group.sealed") == 1
