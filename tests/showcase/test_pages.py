"""Public pages through the API: what they say, in which language, and that nothing of anybody's gets in as markup."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from chalicelib.shared import policies
from chalicelib.shared.languages import OFFERED
from chalicelib.shared.page import of_inline
from chalicelib.showcase.markup import tag, write
from chalicelib.showcase.words import CATEGORIES, COUNTRIES
from tests.listings.selling import Booth, booth, steps
from tests.trade import trade
from tests.world import Api, Reply, token

__all__ = ["booth", "trade"]

MOST_BYTES = 150_000
STRANGER = "mem_0000000000000000000000000Y"


def read(api: Api, path: str, languages: str = "en") -> Reply:
    return api.get(path, Accept_Language=languages)


def text(page: Reply) -> str:
    return unescape(page.raw.decode())


@pytest.fixture
def sold(booth: Booth) -> str:
    """A listing on sale, whose title tries to be markup."""
    titles = {"zh-Hans": "项链 <script>alert(1)</script>", "en": "Necklace & <b>chain</b>", "ko": "목걸이"}
    return booth.sell(10, steps=steps((1, "12900"), (10, "11900")), titles=titles)


def test_a_storefront_says_what_its_badges_mean_and_how_every_figure_is_counted(booth: Booth, sold: str) -> None:
    supplier_id = booth.trade.supplier_id
    page = read(booth.api, f"/s/{supplier_id}")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    shown_text = text(page)
    assert "Protected by Surety" in shown_text
    assert "Member of the Korea channel" in shown_text
    figures = booth.api.get(f"/v1/storefronts/{supplier_id}")["figures"]
    assert [name for name, figure in figures.items() if figure["formula"] not in shown_text] == []
    assert not re.findall(r"//|\w_\w| \* ", " ".join(figure["formula"] for figure in figures.values()))
    assert shown_text.count("<details>") == len(figures) == 8
    assert "from 11,900 KRW" in shown_text
    assert "last 180 days has at least 5 completed orders, 80 % or more" in shown_text


@pytest.mark.parametrize("language", OFFERED)
def test_each_page_is_in_the_readers_language_and_says_where_it_is_in_the_others(
    booth: Booth, sold: str, language: str
) -> None:
    place = f"/s/{booth.trade.supplier_id}"
    by_header, by_link = read(booth.api, place, language), read(booth.api, f"{place}?lang={language}", "fr")
    assert by_header.raw.decode().split("</h1>", 1)[1] == by_link.raw.decode().split("</h1>", 1)[1]
    for page in (by_header, by_link):
        assert page.headers["Content-Language"] == language
        assert page.headers["Vary"] == "Accept-Language"
        shown_text = text(page)
        assert f'<html lang="{language}">' in shown_text
        [canonical] = re.findall(r'<link rel="canonical" href="([^"]*)">', shown_text)
        assert canonical.endswith(f"{place}?lang={language}")
        others = dict(re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', shown_text))
        assert set(others) == {*OFFERED, "x-default"}
        assert all(address.endswith(f"{place}?lang={each}") for each, address in others.items() if each != "x-default")
        shared = dict(re.findall(r'<meta property="og:([^"]*)" content="([^"]*)">', shown_text))
        assert shared["url"] == canonical
        assert shared["title"]
        assert shared["description"]
    words = {"en": "Shipped on time", "zh-Hans": "按时发货", "ko": "기한 내 출하"}
    assert words[language] in text(by_link)


def test_a_link_that_was_shared_works_whatever_was_added_to_it(booth: Booth) -> None:
    place = f"/s/{booth.trade.supplier_id}"
    pages = [read(booth.api, f"{place}?{added}") for added in ("", "fbclid=x&utm_source=y", "lang=tlh")]
    assert [page.status for page in pages] == [200] * 3


def test_what_members_write_is_text_and_a_browser_may_do_nothing_but_show_it(booth: Booth, sold: str) -> None:
    for place in (f"/s/{booth.trade.supplier_id}", f"/c/{booth.channel_id}"):
        page = read(booth.api, f"{place}?lang=en")
        written = page.raw.decode()
        assert "Necklace &amp; &lt;b&gt;chain&lt;/b&gt;" in written
        assert "<script" not in written
        assert "style=" not in written
        policy = page.headers["Content-Security-Policy"]
        [style] = re.findall(r"<style>(.*?)</style>", written, re.DOTALL)
        assert policy.startswith(f"default-src 'none'; style-src {of_inline(style)};")
        assert "unsafe" not in policy
        assert len(gzip.compress(page.raw)) < MOST_BYTES


def test_a_channel_shows_its_terms_and_what_is_on_sale_page_by_page(booth: Booth) -> None:
    for number in range(3):
        booth.sell(1, steps=steps((1, str(10_000 + number))))
    place = f"/c/{booth.channel_id}"
    shown_text = text(read(booth.api, place))
    assert "<h1>Korea channel</h1>" in shown_text
    assert "KOTRA" in shown_text
    assert "50.00 CNY to 20,000.00 CNY" in shown_text
    assert shown_text.count('class="card"') == 3
    cheapest = re.findall(r'<p class="value">([\d,]+) KRW</p>', text(read(booth.api, f"{place}?sort=price")))
    assert cheapest == ["10,000", "10,001", "10,002"]
    assert "Nothing of it is on sale" in text(read(booth.api, f"{place}?category=cosmetics"))
    assert read(booth.api, f"{place}?sort=price&supplier={booth.trade.supplier_id}&cursor=cut").status == 200


def test_a_listing_is_on_the_page_from_its_publication_until_its_end_and_a_closed_channel_says_so(booth: Booth) -> None:
    listing_id, place = booth.sell(1, steps=steps((1, "12900"))), f"/c/{booth.channel_id}"
    assert "12,900 KRW" in text(read(booth.api, place))
    assert booth.act(listing_id, "withdraw", booth.supplier).status == 200
    assert "12,900 KRW" not in text(read(booth.api, place))
    officer = token("officer", "officer-2", "channels")
    paused = booth.api.post(f"/v1/channels/{booth.channel_id}/pause", {"reason": "Stocktaking."}, officer)
    assert paused.status == 200, paused.body
    assert "Nothing can be ordered in it now: it is paused." in text(read(booth.api, place))


def test_where_nothing_is_a_page_says_so_and_what_to_do_in_the_readers_language(api: Api) -> None:
    said = {"en": "Nothing is here", "zh-Hans": "这里什么也没有", "ko": "여기에는 아무것도 없습니다"}
    for place in (f"/s/{STRANGER}", "/c/chn_0000000000000000000000000Y"):
        for language, words in said.items():
            page = read(api, place, language)
            assert (page.status, page.headers["Content-Language"]) == (404, language)
            assert words in text(page)
            assert 'content="noindex"' in text(page)


def test_no_personal_data_stands_on_a_page(booth: Booth, sold: str) -> None:
    """Neither the business contact of a nomination nor anything of a buyer."""
    pages = [read(booth.api, place) for place in (f"/s/{booth.trade.supplier_id}", f"/c/{booth.channel_id}")]
    for page in pages:
        assert booth.trade.buyer_id not in text(page)
        assert "@" not in re.sub(r"@media[^{]*", "", text(page))


def test_the_script_that_a_page_offers_checks_both_badges_offline(booth: Booth, tmp_path: Path) -> None:
    supplier_id = booth.trade.supplier_id
    script = tmp_path / "verify_badge.py"
    script.write_bytes(booth.api.get("/s/verify_badge.py").raw)
    (tmp_path / "keys.json").write_text(json.dumps(booth.api.get("/v1/badge-keys").body))
    for badge, more in (("channel-badge", []), ("badge", ["protection"])):
        answer = booth.api.get(f"/v1/storefronts/{supplier_id}/{badge}").raw
        ran = subprocess.run(
            [sys.executable, "-I", "-S", script, tmp_path / "keys.json", *more], input=answer, capture_output=True
        )
        assert (ran.returncode, ran.stdout.split()[0]) == (0, b"VALID"), ran.stderr


def test_every_country_and_category_that_is_shipped_has_a_word() -> None:
    channels = policies.versions("channels")[-1].values["channels"]
    joins = policies.versions("jurisdictions")[-1].values["countries"]
    markets = {code for each in channels.values() for code in each["terms"]["buyer_markets"]}
    assert set(COUNTRIES) == {*channels, *joins, *markets}
    assert set(CATEGORIES) == {code for each in channels.values() for code in each["terms"]["categories"]}


def test_markup_is_written_as_a_browser_reads_it() -> None:
    written = write(tag("p", "a < b", tag("br"), None, [tag("b", "&")], title='"x"', aria_label=None, class_="y"), "en")
    assert written == '<p title="&quot;x&quot;" class="y">a &lt; b<br><b>&amp;</b></p>'
