"""What was given long ago is not read for a new claim, unless somebody looks at it."""

from datetime import date

import pytest
from tests.modules.msingi_claims.claims_fixtures import scheme_of

from msingi.statement_count import kept_statements, watch_statements
from msingi.testing import AsUser, MakePlatform
from msingi_claims.services.past import earlier_claims
from msingi_claims.settings import ClaimsSettings

_DAYS = (date(2026, 1, 10), date(2026, 2, 10), date(2026, 2, 20))


@pytest.mark.rule("CLM-9", "attack 84")
def test_lines_of_earlier_claims_are_read_for_those_that_are_named_and_then_for_all_others(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    for day in _DAYS:
        scheme.submitted(insuree, ("CONS", 1), ("IT1", 2), date_from=day)
    watch_statements(scheme.platform.database.read)

    with scheme.platform.work() as work, kept_statements() as sent:
        earlier = earlier_claims(work, {insuree}, since=date(2026, 1, 1))
        found = {claim.first_day: claim for claim in earlier}
        of_claims = len(sent)
        earlier.read_lines([found[_DAYS[1]]])
        earlier.read_lines([found[_DAYS[1]]])
        of_one = len(sent)
        near = found[_DAYS[1]].lines
        of_near = len(sent)
        others = [found[day].keys for day in (_DAYS[0], _DAYS[2], _DAYS[1])]

    assert sorted(found) == sorted(_DAYS)
    assert [of_one - of_claims, of_near - of_one, len(sent) - of_near] == [1, 0, 1]
    assert sorted(quantity for _, quantity, _ in near) == [1, 2]
    assert len(set(others)) == 1
    assert len(others[0]) == 2


@pytest.mark.rule("CLM-9", "attack 84")
def test_a_submission_reads_lines_of_the_days_around_it_only(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    scheme.submitted(insuree, ("CONS", 1), date_from=_DAYS[0])
    days = (date(2026, 2, 10), date(2026, 2, 12))
    alone, beside = (scheme.enter(insuree, ("CONS", 1), date_from=day) for day in days)
    watch_statements(scheme.platform.database.read)

    with kept_statements() as far:
        scheme.submit(alone)
    with kept_statements() as near:
        scheme.submit(beside)

    assert ClaimsSettings().split_days == 2
    past = "SELECT claims_line.claim_id, claims_line.kind"
    assert [sum(text.startswith(past) for text in sent) for sent in (far, near)] == [0, 1]
    assert [finding["kind"] for finding in scheme.claim(beside).findings or ()] == ["split_claim"]
