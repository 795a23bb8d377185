"""The daily run: days decided in their order, once, whatever happens on the way."""

from __future__ import annotations

from tests.monitoring.watched import DAY, DRAWN, Watched, watched

__all__ = ["watched"]


def test_a_firm_that_logged_in_every_second_day_is_amber_on_the_fourth_day_of_silence(watched: Watched) -> None:
    """M1: b 2, last login on the day of the draw."""
    assert watched.watch.baseline.interval_halves == 4
    for days in range(4):
        assert watched.night(DRAWN + days * DAY).status == "done"
        assert watched.known() == []
    run = watched.night(DRAWN + 4 * DAY)
    assert watched.known() == [("login_silence", "amber", DRAWN + 4 * DAY)]
    assert (run.counts["loans"], run.counts["raised"]) == (1, 1)
    assert run.certificate
