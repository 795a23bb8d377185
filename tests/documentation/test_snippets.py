"""A request said in three languages sends what it is an example of."""

from __future__ import annotations

from chalicelib.reference import error_examples
from infra.site import errors, snippets

JSON = "application/json"


def test_a_request_of_another_type_than_json_says_so_in_every_language_and_any_other_says_json() -> None:
    plain = snippets.Request("POST", "/v1/cases", headers=(("Content-Type", "text/plain"),), body={})
    for text in snippets.in_all(plain).values():
        assert "text/plain" in text
    assert JSON not in snippets.curl(plain)
    usual = snippets.Request("POST", "/v1/cases", body={})
    assert JSON in snippets.curl(usual)
    assert "json={}" in snippets.python(usual)
    assert JSON in snippets.javascript(usual)


def test_the_page_of_a_wrong_type_sends_the_type_that_was_refused() -> None:
    example = error_examples.every()["unsupported_media_type"]
    request = errors._request(example)
    assert dict(request.headers)["Content-Type"] == example["headers"]["content-type"] != JSON
    assert "Content-Type" not in dict(errors._request(error_examples.every()["body_too_large"]).headers)
