"""Each step in the life of a claim is told once, in its order (CLM-14)."""

from typing import Any
from uuid import UUID

import pytest
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of

from msingi.plugin import Plugin
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_claims import events
from msingi_claims.models.states import Purpose
from msingi_claims.services import entry, rejection, restoring, reviews, selection

_STEPS = (
    *(events.ClaimsEntered, events.ClaimsChanged, events.ClaimsDeleted, events.ClaimsSubmitted),
    *(events.ClaimsRejected, events.RejectionsUndone, events.ClaimsSelected, events.ClaimQueried),
    *(events.ClaimQueryAnswered, events.ClaimsReviewed, events.ClaimsProcessed, events.ClaimsValuated),
    events.ClaimRestored,
)


def _listening(make_platform: MakePlatform, as_user: AsUser) -> tuple[Scheme, list[tuple[str, UUID]]]:
    """A scheme, and the names of the events that were told with the first claim of each."""
    told: list[tuple[str, UUID]] = []
    listener = Plugin("listener", requires=["claims"])

    def listen(kind: type[Any]) -> None:
        @listener.on(kind)
        def note(event: Any, work: Work) -> None:
            claim_id = event.claim_id if hasattr(event, "claim_id") else event.claim_ids[0]
            told.append((kind.__name__, claim_id))

    for kind in _STEPS:
        listen(kind)
    return scheme_of(lambda *plugins, **options: make_platform(*plugins, listener, **options), as_user), told


@pytest.mark.rule("CLM-14", "CLM-7")
def test_the_way_of_a_claim_to_its_value_is_told_step_by_step(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme, told = _listening(make_platform, as_user)
    claim_id = scheme.submitted(scheme.patient())
    scheme.act(lambda work: selection.select_claims(work, [claim_id], Purpose.REVIEW))
    query_id = scheme.act(lambda work: reviews.ask_facility(work, claim_id, question="Why?").id)
    scheme.act(lambda work: reviews.answer_query(work, query_id, answer="Twins"))
    scheme.run_review(claim_id)
    scheme.process(claim_id)

    assert told == [
        (name, claim_id)
        for name in (
            *("ClaimsEntered", "ClaimsSubmitted", "ClaimsSelected", "ClaimQueried", "ClaimQueryAnswered"),
            *("ClaimsReviewed", "ClaimsValuated"),
        )
    ]


@pytest.mark.rule("CLM-14", "CLM-13")
def test_what_is_changed_deleted_rejected_and_taken_up_again_is_told(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme, told = _listening(make_platform, as_user)
    insuree = scheme.patient()
    void, claim_id = scheme.enter(insuree, ("SV2", 1)), scheme.submitted(insuree, ("SV1", 1))
    draft = scheme.draft(insuree, ("SV2", 2))
    scheme.act(lambda work: entry.edit_claim(work, void, draft, expected_version=1))
    scheme.act(lambda work: entry.delete_claim(work, void, reason="twice", expected_version=2))
    scheme.act(lambda work: rejection.reject_claims(work, [claim_id], reason="no"))
    scheme.act(lambda work: rejection.undo_rejections(work, [claim_id]))
    scheme.act(lambda work: rejection.reject_claims(work, [claim_id], reason="no"))
    fresh = scheme.act(lambda work: restoring.restore_claim(work, claim_id, code="AGAIN"))

    assert told == [
        ("ClaimsEntered", void),
        ("ClaimsEntered", claim_id),
        ("ClaimsSubmitted", claim_id),
        ("ClaimsChanged", void),
        ("ClaimsDeleted", void),
        ("ClaimsRejected", claim_id),
        ("RejectionsUndone", claim_id),
        ("ClaimsRejected", claim_id),
        ("ClaimsEntered", fresh),
        ("ClaimRestored", fresh),
    ]
