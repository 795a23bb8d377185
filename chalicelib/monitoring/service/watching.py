"""Gathering what loans are judged by, as it becomes known: a loan's change, a day of its firm, its profile, a consent, a report.

A watch is written where something of it has changed, and says anew when it wakes. What is of days that are decided is decided anew, the days
that it touches and no other. A loan that still waits for its turn in a run is brought up to date first, with what was known before.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from msgspec.structs import replace

from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.firms.service import reading as firms_reading
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules.lateness import lateness
from chalicelib.loans.rules.loan import OWING, Context, Loan
from chalicelib.monitoring.aggregate import may_hear
from chalicelib.monitoring.records import watches as records
from chalicelib.monitoring.rules import watch as rules
from chalicelib.monitoring.rules.baseline import Baseline
from chalicelib.monitoring.rules.day import DAY, Almanac
from chalicelib.monitoring.rules.facts import ProfileChange, VerifiedReport
from chalicelib.monitoring.rules.history import freeze, uses_api
from chalicelib.monitoring.rules.profile import Profile, changed_fields, profile_of
from chalicelib.monitoring.rules.watch import LATE_DAYS, MOST_CHANGES, MOST_REPORTS, FirmDay, FirmSigns, Watch
from chalicelib.monitoring.service import days, deciding, raising
from chalicelib.runs import service as runs
from chalicelib.shared import fx
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.errors import WriteConflict
from chalicelib.shared.periods import business_date
from chalicelib.shared.texts import say

JOB: Final = "monitoring-daily"
"""The daily run."""

T = TypeVar("T")
Renew = Callable[[Watch], Watch]


def follow_loan(loan_id: str, now: datetime) -> None:
    """Watch a loan while something is owed of it. Once or many times."""
    loaded = LOANS.load(loan_id, now)
    if loaded is None or loaded.state.value_on is None:
        return
    loan, context = loaded.state, loaded.context
    if loan.status not in OWING:
        _end(loan_id, now)
    elif not renew(loan_id, now, lambda watch: _with_loan(watch, loan, context, now)):
        _begin(loan, context, now)


def follow_days(member_id: str, now: datetime) -> None:
    """The days of a firm have changed."""
    for loan_id in records.of_member(member_id):
        renew(loan_id, now, lambda watch: _with_days(watch, now))


def follow_profile(member_id: str, on: date, now: datetime) -> None:
    """The profile of a firm has changed, on a day."""
    for loan_id in records.of_member(member_id):
        renew(loan_id, now, lambda watch: _with_profile(watch, on))


def follow_consent(member_id: str, now: datetime) -> None:
    """A firm has given or withdrawn a consent."""
    for loan_id in records.of_member(member_id):
        renew(loan_id, now, lambda watch: replace(watch, consents=may_hear(watch.member_id, watch.bank_id, now)))


def follow_alerts(loan_id: str, now: datetime) -> None:
    """An alert of the loan is over."""
    renew(loan_id, now, lambda watch: deciding.with_alerts(watch, raising.known_of(loan_id, now)))


def note_report(member_id: str, report: VerifiedReport, now: datetime) -> None:
    """A peer report about a firm was found true. Once or many times. It counts for loans that begin later, too."""
    _keep(member_id, lambda known: replace(known, reports=_with(known.reports, report, MOST_REPORTS)))
    for loan_id in records.of_member(member_id):
        renew(loan_id, now, lambda watch: replace(watch, reports=_with(watch.reports, report, MOST_REPORTS)))


def follow_default(loan_id: str, now: datetime) -> None:
    """A bank has declared a default, or revoked one: its word of the firm."""
    if loaded := LOANS.load(loan_id, now):
        note_notice(loaded.state.member_id, loan_id, loaded.state.defaulted_on, now)


def note_notice(member_id: str, source: str, on: date | None, now: datetime) -> None:
    """What a bank or a court says of a firm, of a day; None where it takes that back. Once or many times. It counts for loans that begin later, too."""
    _notice(member_id, lambda known: known.with_notice(source, on), now)


def note_courts(member_id: str, seen_on: date, is_listed: bool, now: datetime) -> None:
    """Whether somebody saw the firm on the courts' list. Once or many times, in any order."""
    _notice(member_id, lambda known: known.seen(seen_on, is_listed=is_listed), now)


def _notice(member_id: str, change: Callable[[FirmSigns], FirmSigns], now: datetime) -> None:
    _keep(member_id, change)
    notices = records.signs(member_id).standing
    for loan_id in records.of_member(member_id):
        renew(loan_id, now, lambda watch: replace(watch, notices=notices))


def up_to_date(was: Watch, first: date, almanac: Almanac, now: datetime) -> Watch:
    """The watch of a loan whose days wait from one on, with what its firm's day-book says by now, and the loan where it seems late: streams that lag tell
    of it later. Days before that which it touches are decided anew. The same watch where all of it is known.
    """
    watch = _with_days(was, now)
    if was.lateness.spells and (loaded := LOANS.load(was.id, now)):
        watch = _with_loan(watch, loaded.state, loaded.context, now)
    last = first - DAY
    if watch != was and (touched := rules.touched(was, watch, almanac, last)):
        watch = deciding.decided_anew(watch, touched, last, almanac, now, _last_begun(was) + DAY)
    return was if watch == was else watch


@retry_on_conflict
def _keep(member_id: str, change: Callable[[FirmSigns], FirmSigns]) -> None:
    was = records.signs(member_id)
    signs = change(was)
    if signs != was and not records.keep_signs(member_id, replace(signs, version=was.version + 1)):
        raise WriteConflict(say("Somebody else has written what is watched of {id}.", id=member_id))


@retry_on_conflict
def renew(loan_id: str, now: datetime, change: Renew) -> bool:
    """Change what is known of a watched loan. False where it is not watched."""
    was = records.load(loan_id)
    if was is None or was.wakes_on is None:
        return False
    almanac = _almanac(now)
    watch = change(was)
    if watch != was:
        _save(_settled(was, watch, almanac, now))
    return True


def _almanac(now: datetime) -> Almanac:
    """Read before the facts: feeds say that a day is complete after all of it, so that what they say meanwhile is no day without any."""
    return days.almanac_of(business_date(now) - DAY)


def _settled(was: Watch, watch: Watch, almanac: Almanac, now: datetime) -> Watch:
    """The watch with what follows for days that are over: those that wait for it are decided before, those that it touches after."""
    assert was.wakes_on is not None, "it is watched"
    last = business_date(now) - DAY
    if was.wakes_on > last and not rules.touched(was, watch, almanac, last):
        return replace(watch, wakes_on=rules.waking(watch, almanac, last, days.policy_on))
    begun = _last_begun(was)
    digest_on = begun + DAY  # that of the run which has begun may have been sent
    if was.wakes_on <= begun:
        was = deciding.decided(was, begun, almanac, now, digest_on)
        decided = ("open", "trend_from", "decided_on", "outcome")
        watch = replace(watch, **{name: getattr(was, name) for name in decided})
    if touched := rules.touched(was, watch, almanac, begun):
        watch = deciding.decided_anew(watch, touched, begun, almanac, now, digest_on)
    return replace(watch, wakes_on=rules.waking(watch, almanac, begun, days.policy_on))


def _last_begun(watch: Watch) -> date:
    """The last day that a run has begun to decide; before the first run nothing is decided."""
    run = runs.latest(JOB)
    return run.as_of if run else watch.drawn_on - DAY


@retry_on_conflict
def _begin(loan: Loan, context: Context, now: datetime) -> None:
    """Something is owed of it, for the first time or again: of a repayment that was taken back."""
    was = records.load(loan.id)
    _save(_resumed(was, loan, context, now) if was else _first(loan, context, now))


def _first(loan: Loan, context: Context, now: datetime) -> Watch:
    """Nothing is decided of it yet; days that are over are decided by the next run."""
    assert loan.value_on is not None, "it is disbursed"
    almanac = _almanac(now)
    firm, signs = firms_reading.profile(loan.member_id), records.signs(loan.member_id)
    watch = Watch(
        id=loan.id,
        version=0,
        member_id=loan.member_id,
        bank_id=loan.bank_id,
        group_id=loan.guarantee.group_id if loan.guarantee else "",
        baseline=_baseline(loan.member_id, loan.value_on, now),
        profile=profile_of(firm) if firm else Profile(),
        reports=signs.reports,
        notices=signs.standing,
        consents=may_hear(loan.member_id, loan.bank_id, now),
    )
    watch = _with_loan(_with_days(watch, now), loan, context, now)
    after = loan.value_on - DAY
    return replace(watch, wakes_on=rules.waking(watch, almanac, after, days.policy_on))


def _resumed(was: Watch, loan: Loan, context: Context, now: datetime) -> Watch:
    """What was watched goes on, with all that nobody followed meanwhile; days on which more was owed than it seemed are decided anew."""
    was, almanac = replace(was, wakes_on=was.wakes_on or _last_begun(was) + DAY), _almanac(now)
    signs = records.signs(was.member_id)
    watch = replace(
        _with_profile(was, business_date(now)),
        reports=signs.reports,
        notices=signs.standing,
        consents=may_hear(was.member_id, was.bank_id, now),
    )
    return _settled(was, _with_loan(_with_days(watch, now), loan, context, now), almanac, now)


def _end(loan_id: str, now: datetime) -> None:
    """Nothing is owed of it any more."""
    watch = records.load(loan_id)
    if watch is None or watch.wakes_on is None:
        return
    raising.close_all(loan_id, "loan_over", now)
    _save(replace(watch, open=(), wakes_on=None))


def _save(watch: Watch) -> None:
    if not records.save(replace(watch, version=watch.version + 1)):
        raise WriteConflict(say("Somebody else has written what is watched of {id}.", id=watch.id))


def _baseline(member_id: str, drawn_on: date, now: datetime) -> Baseline:
    """What was usual before the firm's first draw: frozen with the first of its loans that is watched."""
    kept = records.baseline(member_id)
    if kept:
        return kept
    eve = days.almanac_of(drawn_on - DAY).day(drawn_on - DAY)
    known = firm_days(member_id, drawn_on - timedelta(days=rules.BEFORE_DRAW), drawn_on)
    history = rules.history_of(known, eve.almanac.lacking)
    first = date.fromordinal(known[0].on) if known else drawn_on
    policy = days.policy_on(drawn_on)
    by_api = uses_api(history, eve, policy)
    return records.keep_baseline(member_id, freeze(history, eve, first, policy, uses_api=by_api))


def _with_loan(watch: Watch, loan: Loan, context: Context, now: datetime) -> Watch:
    """As far back as late facts may touch days, and days that are not decided yet reach."""
    today = business_date(now)
    first = min(today, watch.wakes_on or today) - LATE_DAYS * DAY
    return replace(watch, lateness=lateness(loan, context.product, first, today))


def _with_days(watch: Watch, now: datetime) -> Watch:
    """The same. The first time all of them since long before the draw."""
    today = business_date(now)
    last = min(today, (watch.wakes_on or today) + LATE_DAYS * DAY)
    since = rules.read_from(watch.drawn_on, last if watch.version else watch.drawn_on)
    read = firm_days if watch.version else firm_days_with_offers
    return rules.with_days(watch, read(watch.member_id, since, today + DAY), since)


def _with_profile(watch: Watch, on: date) -> Watch:
    firm = firms_reading.profile(watch.member_id)
    if firm is None:
        return watch
    profile, changes = profile_of(firm), watch.changes
    for field in changed_fields(watch.profile, profile):
        changes = _with(changes, ProfileChange(field=field, on=on), MOST_CHANGES)
    return replace(watch, profile=profile, changes=changes)


def _with(known: tuple[T, ...], one: T, most: int) -> tuple[T, ...]:
    """The last ones, each once."""
    return known if one in known else (*known, one)[-most:]


def firm_days(member_id: str, since: date, until: date) -> tuple[FirmDay, ...]:
    """A firm's days from one until another, which is not among them."""
    return rules.firm_days(daybook_recording.rows(member_id, since, until), in_fen)


def firm_days_with_offers(member_id: str, since: date, until: date) -> tuple[FirmDay, ...]:
    """The same; what was on offer before that stands on the day before."""
    offers = daybook_recording.offered_before(member_id, since)
    earlier = (FirmDay((since - DAY).toordinal(), offers=offers),) if offers else ()
    return (*earlier, *firm_days(member_id, since, until))


def in_fen(usd_minor: int, day: date) -> int:
    """US cents of a day at the table rate of its month."""
    return fx.across(usd_minor, fx.quote(fx.LIMIT_CURRENCY, day), fx.quote(fx.DEPOSIT_CURRENCY, day))
