"""A partner of ours, a bank or an acquirer, played through by the kit of its kind."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Final

from infra.local.bank_kit.platform import NOW, NotAsAgreed, Platform, hash_and_mirror
from infra.local.fake_bank.core import CHINA
from infra.local.fake_bank.server import FakeBank

SECRET: Final = "whsec_" + base64.b64encode(b"a secret that both sides know, 32").decode()
TODAY: Final = NOW.astimezone(CHINA).date()


def tried(
    platform: Platform, partner: type[FakeBank], play: Callable[..., str], order: str, *ways: str
) -> tuple[list[str], bool, dict[str, Any]]:
    """What was wrong with the fake one, whether its books are what it told, and what it told."""
    with platform, partner("kit", platform.url, SECRET, ways=ways, seed=3) as fake:
        try:
            play(platform, order, fake.act)
        except NotAsAgreed as wrong:
            platform.wrong.append(str(wrong))
        platform.must_be_whole()
        assert platform.forge(), "it takes nothing that others have signed"
        expected, mirror = hash_and_mirror(platform, TODAY)
        return platform.wrong, fake.books(TODAY)["sha256"] == expected, mirror
