"""Catalogues of translations: what the gate refuses, what follows a reader's language, and what never does."""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any, Final
from xml.etree import ElementTree

import msgspec
import pytest
from babel.messages.catalog import Message

from chalicelib.deposits.views.statement import TEXTS, EntryFacts
from chalicelib.reference.service import endpoints
from chalicelib.shared.encoding import canonical, decode, encode, encode_for
from chalicelib.shared.http import SVG, Endpoint, picture
from chalicelib.shared.languages import OFFERED
from chalicelib.shared.texts import NOTHING, Text, in_language, one_after_the_other, say, say_count
from infra import catalogue
from tests.world import Api, token

DAYS: Final = "{n} days left"


def faults(text: str, translation: str | tuple[str, ...], **given: Any) -> list[str]:
    return list(catalogue.faults(text, Message(text, translation, **given)))


class TestGate:
    """LA-2: what a translation may not be."""

    def test_the_one_form_is_made_from_the_plural(self) -> None:
        assert faults(DAYS, ("하루 남음",)), "three days would read as one"
        assert not faults(DAYS, ("{n}일 남음",))
        assert faults(DAYS, ("하루 남음", "{n}일 남음")), "Korean has one form"

    @pytest.mark.parametrize("particle", ["이(가)", "가", "은", "는", "을", "를", "와", "과", "로", "으로"])
    def test_no_particle_follows_a_value(self, particle: str) -> None:
        assert faults("{supplier} has not answered.", f"{{supplier}}{particle} 답하지 않았습니다.")
        assert faults("'{supplier}' has not answered.", f"'{{supplier}}'{particle} 답하지 않았습니다.")

    def test_what_does_not_depend_on_the_sound_may(self) -> None:
        assert not faults("Until {at}.", "{at}까지.")
        assert not faults("{n} orders", "주문 {n}건")

    def test_values_are_the_same_and_shown_in_the_same_way(self) -> None:
        assert faults("There is no {name!r:.60}.", "{name} 없음.")
        assert faults("There is no {name}.", "없음.")
        assert faults("{a} of {b}", "{a}/{c}")
        assert not faults("{a} of {b}", "{b} 중 {a}")

    def test_a_code_is_the_same_in_every_language(self) -> None:
        assert faults("Name `order_id`.", "주문을 지정하십시오.")
        assert not faults("Name `order_id`.", "`order_id` 항목을 지정하십시오.")

    def test_a_guess_never_ships(self) -> None:
        assert faults("Not found.", "없음.", flags={"fuzzy"})


def test_values_are_formatted_and_a_text_without_any_keeps_its_braces() -> None:
    assert str(say("There is no {name!r:.5}.", name="x" * 9)) == "There is no 'xxxx."
    assert str(say("POST /v1/orders/{id}/ship")) == "POST /v1/orders/{id}/ship"
    assert str(say("{a}: {b}", a=say("Open {n}", n=1), b=2)) == "Open 1: 2"


def test_every_sentence_is_given_the_values_it_holds() -> None:
    """One that is not would be a fault of ours in the very moment that somebody needs an explanation."""
    wrong = [
        where
        for where, call in catalogue.sentences()
        for text in catalogue.constants(call.args[catalogue.SAYS[call.func.id] - 1])  # type: ignore[attr-defined]
        if (given := {keyword.arg for keyword in call.keywords})
        and {name for name, _, _ in catalogue.values_of(text)} != given
    ]
    assert not wrong


def test_a_status_in_a_sentence_is_said_in_its_language() -> None:
    bare = [
        where
        for where, call in catalogue.sentences()
        for word in call.keywords
        if word.arg == "status"
        and not where.startswith("chalicelib/shared/state_machine.py")  # which has its words before
        and not (isinstance(word.value, ast.Call) and ast.unparse(word.value.func) == "term")
    ]
    assert bare == []


def test_one_thing_is_told_from_many() -> None:
    assert [str(say_count("One day left", DAYS, n=n)) for n in (0, 1, 2)] == [
        "0 days left",
        "One day left",
        "2 days left",
    ]


def test_texts_are_alike_by_what_they_say() -> None:
    assert say("A {n}", n=1) == say("A {n}", n=1) != say("A {n}", n=2)
    assert len({say("A"), say("A"), say("B")}) == 2
    assert say("A") != "A"


def test_an_english_text_says_itself() -> None:
    assert in_language("Not found.", "en") == "Not found."
    assert in_language("", "ko") == ""


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_what_is_compiled_is_what_the_files_say(language: str) -> None:
    assert catalogue.compiled_file(language).read_bytes() == catalogue.compiled(language)


LA_1: Final = (
    ("zh-TW", "en"),
    ("zh-TW, zh;q=0.8", "zh-Hans"),
    ("zh-TW, ko;q=0.5", "ko"),
    ("zh-Hans-SG", "zh-Hans"),
    ("zh", "zh-Hans"),
    ("ko-KR;q=0, en", "en"),
    ("fr", "en"),
    (";;q=x", "en"),
)
"""Who reads Traditional characters is served Simplified ones only where it asks for `zh` itself."""


@pytest.mark.parametrize(("header", "language"), LA_1)
def test_a_problem_is_told_in_the_language_of_its_reader(api: Api, header: str, language: str) -> None:
    """And what programs read of it is the same for everybody."""
    path = "/v1/loans/lon_01KJP3ZQ4GT5H2W8N6VXRD0BCE"
    english = api.get(path, token("officer", "ines", "risk"))
    reply = api.get(path, token("officer", "ines", "risk"), Accept_Language=header)
    assert (reply.headers["Content-Language"], reply.headers["Vary"]) == (language, "Accept-Language")
    sentences = ("title", "detail", "fix")
    assert [reply[name] == english[name] for name in sentences] == [language == "en"] * 3
    assert {k: v for k, v in reply.body.items() if k not in (*sentences, "request_id")} == {
        k: v for k, v in english.body.items() if k not in (*sentences, "request_id")
    }


@pytest.mark.parametrize(("header", "language"), LA_1)
def test_words_for_codes_follow_the_reader_too(api: Api, header: str, language: str) -> None:
    reply = api.get("/v1/vocabulary", Accept_Language=header)
    assert (reply.headers["Content-Language"], reply.headers["Vary"]) == (language, "Accept-Language")
    assert reply["status"]["part_funded"] == {"en": "part funded", "zh-Hans": "部分付款", "ko": "일부 입금"}[language]
    assert (
        reply["action"]["accept-short-payment"]
        == {
            "en": "accept short payment",
            "zh-Hans": "接受不足额付款",
            "ko": "부족 입금 수용",
        }[language]
    )
    assert reply["kind"].keys() >= {"order", "claim", "loan", "guarantee_call"}


@pytest.mark.parametrize(
    ("language", "word", "figures"),
    [
        ("en", "Not in the programme", "0 protected orders in 12 months, 0.00 USD, answers unknown"),
        ("zh-Hans", "未加入计划", "12 个月内受保障订单 0 笔，0.00 USD，回复率 未知"),
        ("ko", "프로그램 미가입", "12개월 보호 주문 0건, 0.00 USD, 응답률 알 수 없음"),
    ],
)
def test_a_storefront_and_its_badge_follow_the_reader(
    api: Api, officer: str, language: str, word: str, figures: str
) -> None:
    """Sentences and words do; figures and codes do not."""
    created = api.post("/v1/members", {"external_ref": "shop", "name": "A & B", "country": "KR"}, officer)
    path = f"/v1/storefronts/{created['id']}"
    page, english = api.get(path, Accept_Language=language), api.get(path)
    formula = page["figures"]["open_claims"]["formula"]
    assert formula == in_language(english["figures"]["open_claims"]["formula"], language)
    assert (page["badge"], page["figures"]["open_claims"]["count"]) == ("NOT_ENROLLED", 0)
    badge = api.get(f"{path}/badge.svg", Accept_Language=language)
    picture = ElementTree.fromstring(badge.raw)
    assert picture.get("lang") == language
    assert f"{word}: A & B" in [element.text for element in picture.iter()]
    assert figures in [element.text for element in picture.iter()]
    for reply in (page, badge):
        assert (reply.headers["Content-Language"], reply.headers["Vary"]) == (language, "Accept-Language")


@pytest.mark.parametrize("endpoint", [each for each in endpoints() if each.media == SVG], ids=lambda each: each.path)
def test_every_picture_says_which_language_it_is_in(endpoint: Endpoint) -> None:
    """There is one way to answer with one, and it keeps a shared cache from handing one reader's to the next."""
    assert " return picture(" in inspect.getsource(endpoint.view)
    reply = picture("<svg/>", "ko")
    assert (reply.headers["Content-Language"], reply.headers["Vary"]) == ("ko", "Accept-Language")


class Facts(dict[str, Any]):
    """Of any line of a deposit's statement: each amount is the same, and everything that may happen has."""

    def get(self, name: str, default: Any = None) -> Any:
        return {"currency": "KRW", "clause": "floor"}.get(name, 129_000 if name.endswith("_minor") else name)


@pytest.mark.parametrize("language", OFFERED)
@pytest.mark.parametrize("kind", TEXTS)
def test_won_has_no_decimals_in_any_language(kind: str, language: str) -> None:
    line = in_language(TEXTS[kind](EntryFacts(Facts(), "KRW")), language)
    amounts = re.findall(r"[0-9][0-9.,]* KRW", line)
    assert set(amounts) <= {"129,000 KRW"}
    assert amounts or kind in WITHOUT_AMOUNT


WITHOUT_AMOUNT: Final = frozenset(
    f"deposit.{event}"
    for event in ("opened", "debit_failed", "risk_closed", "correction_rejected", "overdue", "closed", "reopened")
)


def test_sentences_one_after_the_other_have_a_blank_between_them_where_the_language_has_one() -> None:
    text = one_after_the_other(NOTHING, say("It is tried again."), NOTHING, say("Nothing is missing."))
    assert [in_language(text, language) for language in OFFERED] == [
        "It is tried again. Nothing is missing.",
        "将再次尝试。没有欠款。",
        "다시 시도합니다. 부족한 금액이 없습니다.",
    ]
    assert (str(NOTHING), in_language(NOTHING, "ko")) == ("", ""), "gettext's own header is no answer"


def test_what_is_kept_stays_as_it_was_said() -> None:
    class View(msgspec.Struct):
        text: Text

    kept = encode(View(say("Nothing is missing.")))
    assert kept == canonical(View(say("Nothing is missing."))) == b'{"text":"Nothing is missing."}'
    assert encode_for(decode(kept, View), "ko") == (kept, False), "and does not claim to be Korean"


def test_what_holds_no_sentence_is_the_same_for_every_reader(api: Api) -> None:
    assert "Content-Language" not in api.get("/v1/policies", Accept_Language="ko").headers
