"""Feedback files of devices: each record is answered, what comes twice is done, what cannot be is refused (CLM-F4)."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of

from msingi.errors import DomainError
from msingi.http.rest import RestRequest
from msingi.ids import new_id
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_claims.models.facility_side import Feedback
from msingi_claims.models.states import Purpose
from msingi_claims.plugin import DELIVER_FEEDBACK
from msingi_claims.routes import take_feedback_file
from msingi_claims.rules.codes import Selection
from msingi_claims.services import selection
from msingi_insurance import Insuree, Officer, OfficerVillage

_RECORD = (
    "<feedback><Officer>{officer}</Officer><ClaimUUID>{claim}</ClaimUUID><CHFID>{number}</CHFID>"
    "<Answers>{answers}</Answers><Date>{day}</Date></feedback>"
)


def _asked(scheme: Scheme, count: int) -> tuple[list[UUID], str]:
    """Claims of one patient that were selected for feedback, and the patient's number."""
    insuree = scheme.patient()
    ids = [scheme.submitted(insuree, date_from=date(2025, month, 3)) for month in range(1, count + 1)]
    scheme.act(lambda work: selection.select_claims(work, ids, Purpose.FEEDBACK))
    number: str = scheme.act(lambda work: work.get(Insuree, insuree).number)
    return ids, number


def _record(claim: UUID, number: str, **fields: Any) -> str:
    values = {"officer": "O1", "answers": "10114", "day": "2026-02-20"} | fields
    return _RECORD.format(claim=claim, number=number, **values)


def _send(scheme: Scheme, *records: str, actor: Any = None) -> list[tuple[str, str | None]]:
    request = RestRequest(path={}, query={}, body=f"<r>{''.join(records)}</r>".encode(), headers={})
    answer = scheme.as_actor(
        actor or scheme.officer, DELIVER_FEEDBACK, lambda work: take_feedback_file(work, request)
    )
    return [(one["result"], one["reason"]) for one in answer["results"]]


def _count(scheme: Scheme) -> int:
    counted: int = scheme.act(lambda work: work.session.scalar(select(func.count()).select_from(Feedback)))
    return counted


@pytest.mark.rule("CLM-F4", "CLM-3")
def test_a_feedback_file_is_kept_once_and_never_changes_money(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    scheme.add_officer()
    scheme.add_officer("O2")
    (one, two), number = _asked(scheme, 2)
    amounts = [scheme.claim(claim_id).approved_minor for claim_id in (one, two)]
    file = [_record(one, number), _record(two, number, officer="O2", answers="01100")]

    first = _send(scheme, *file, file[0], _record(one, number, answers="00000"))
    again = _send(scheme, *file)
    other = _send(scheme, _record(one, number, answers="10115"))

    assert first == [("success", None)] * 3 + [("rejected", "claims.not_selected")]
    assert again == [("success", None)] * 2
    assert other == [("rejected", "claims.not_selected")]
    rows = {
        row.claim_id: row for row in scheme.act(lambda work: list(work.session.scalars(select(Feedback))))
    }
    said = rows[one]
    assert (said.care_rendered, said.payment_asked, said.drug_prescribed, said.drug_received) == (
        *(True, False, True),
        True,
    )
    assert (said.mark, said.heard_on, rows[two].mark) == (4, date(2026, 2, 20), 0)
    assert said.officer_id != rows[two].officer_id
    assert [scheme.claim(claim_id).feedback_status for claim_id in (one, two)] == [Selection.DELIVERED] * 2
    assert [scheme.claim(claim_id).approved_minor for claim_id in (one, two)] == amounts


@pytest.mark.rule("CLM-F4")
@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"answers": "10116"}, "claims.unreadable_answers"),
        ({"answers": "1011x"}, "claims.unreadable_answers"),
        ({"answers": "20114"}, "claims.unreadable_answers"),
        ({"day": "2026-03-03"}, "claims.future_date"),
        ({"officer": "O9"}, "claims.unknown_officer"),
        ({"number": "N9"}, "claims.unknown_patient"),
        ({"claim": new_id()}, "core.not_found"),
    ],
)
def test_a_record_that_cannot_be_does_not_stop_the_others(
    make_platform: MakePlatform, as_user: AsUser, wrong: dict[str, Any], reason: str
) -> None:
    scheme = scheme_of(make_platform, as_user)
    scheme.add_officer()
    (one, two), number = _asked(scheme, 2)

    values: dict[str, Any] = {"claim": one, "number": number} | wrong

    told = _send(scheme, _record(**values), _record(two, number))

    assert told == [("rejected", reason), ("success", None)]
    assert _count(scheme) == 1
    assert scheme.claim(one).feedback_status is Selection.SELECTED


@pytest.mark.rule("CLM-F4", "D-22")
def test_feedback_is_taken_from_the_place_of_the_patient_only(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    scheme.add_officer()
    (claim_id,), number = _asked(scheme, 1)
    elsewhere = as_user(DELIVER_FEEDBACK, at=scheme.places["D2"])
    reader = as_user("claims.read", at=scheme.places["D1"])

    assert _send(scheme, _record(claim_id, number), actor=elsewhere) == [("rejected", "core.not_found")]
    with pytest.raises(DomainError) as refusal:
        _send(scheme, _record(claim_id, number), actor=reader)
    assert refusal.value.code == "core.forbidden"
    assert _count(scheme) == 0


@pytest.mark.rule("CLM-F4", "D-22")
def test_only_an_officer_of_the_caller_or_of_the_patients_place_has_heard_it(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    scheme.add_officer()
    ids, number = _asked(scheme, 5)
    for code, place in {"O7": "D2", "O8": "D2", "O9": "CM"}.items():
        officer = Officer(jurisdiction_id=scheme.places[place], code=code, name="Officer")
        officer_id = scheme.act(partial(_added, officer))
        if code == "O8":
            village = OfficerVillage(jurisdiction_id=scheme.places["V1"], officer_id=officer_id)
            scheme.act(partial(_added, village))
    local = as_user(DELIVER_FEEDBACK, at=scheme.places["V1"])
    codes = ("O1", "O7", "O8", "O9")

    told = _send(
        scheme,
        *(_record(claim_id, number, officer=code) for claim_id, code in zip(ids, codes, strict=False)),
        actor=local,
    )
    national = _send(scheme, _record(ids[4], number, officer="O7"), actor=scheme.national)

    kept = ("success", None)
    assert told == [kept, ("rejected", "claims.unknown_officer"), kept, kept]
    assert national == [kept]


def _added(record: Officer | OfficerVillage, work: Work) -> UUID:
    work.add(record)
    work.session.flush()
    return record.id


@pytest.mark.rule("CLM-F4")
def test_a_longer_feedback_file_takes_as_many_readings(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    scheme.add_officer()
    ids, number = _asked(scheme, 9)

    with scheme.statements() as few:
        _send(scheme, _record(ids[0], number))
    with scheme.statements() as many:
        told = _send(scheme, *(_record(claim_id, number) for claim_id in ids[1:]))

    assert told == [("success", None)] * 8
    assert [sum(one.startswith("SELECT") for one in seen) for seen in (few, many)] == [
        sum(one.startswith("SELECT") for one in few)
    ] * 2
