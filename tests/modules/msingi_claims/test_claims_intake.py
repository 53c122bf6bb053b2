"""Claims that files and systems send: one answer for each, safe to repeat (CLM-F1, CLM-F2, TZA-25, TZA-30)."""

from typing import Any
from uuid import UUID

import pytest
from tests.modules.msingi_claims.claims_fixtures import scheme_of
from tests.modules.msingi_claims.intake_fixtures import record_of, send, xml_of

from msingi.errors import DomainError
from msingi.http.rest import RestRequest
from msingi.testing import AsUser, MakePlatform
from msingi_claims.models.claim import Claim
from msingi_claims.models.states import Channel
from msingi_claims.plugin import ENTER_CLAIMS
from msingi_claims.routes import attach, download
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services import attaching, paper
from msingi_claims.services.claim_files import read_claim_xml


@pytest.mark.rule("TZA-30", "CLM-F2", "v6")
def test_a_system_sends_a_claim_and_reads_what_became_of_each_line(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    record = record_of(scheme, scheme.patient())

    (told,) = send(scheme, record)["claims"]

    assert (told["code"], told["result"], told["resultCode"]) == ("J1", "success", 0)
    assert told["lines"] == [
        {"position": 1, "status": "passed", "reason": 0},
        {"position": 2, "status": "refused", "reason": 4},
    ]
    claim = scheme.act(lambda work: work.get(Claim, UUID(told["claimId"])))
    assert (claim.channel, claim.status) == (Channel.API, ClaimStatus.CHECKED)


@pytest.mark.rule("CLM-F1")
def test_a_stated_total_is_compared_with_what_entry_books(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    line = {"kind": "service", "code": "SV1", "quantity": "1.5", "price": "101"}
    record = record_of(scheme, scheme.patient(), lines=[line, line])

    taken, refused = send(
        scheme, [record | {"code": "J1", "total": "304"}, record | {"code": "J2", "total": "303"}]
    )["claims"]

    claim = scheme.act(lambda work: work.get(Claim, UUID(taken["claimId"])))
    assert (taken["result"], claim.claimed_minor) == ("success", 304)
    assert [one["code"] for one in refused["errors"]] == ["claims.total_differs"]
    assert "304" in refused["errors"][0]["message"]


@pytest.mark.rule("TZA-30", "CLM-F2")
def test_a_repeat_is_answered_as_it_stands_and_other_content_is_a_conflict(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    record = record_of(scheme, scheme.patient())
    first = send(scheme, record, key="k1")

    by_key = send(scheme, record, key="k1")
    (by_code,) = send(scheme, record, key="k2")["claims"]
    (other,) = send(scheme, record | {"diagnosis": "B00"})["claims"]

    assert by_key == first
    assert by_code["claimId"] == first["claims"][0]["claimId"]
    assert (other["result"], other["resultCode"]) == ("error", 2)
    assert other["errors"][0]["code"] == "claims.other_content"
    with pytest.raises(DomainError) as conflict:
        send(scheme, record | {"diagnosis": "B00"}, key="k1")
    assert conflict.value.code == "core.idempotency_conflict"


@pytest.mark.rule("CLM-F1")
def test_each_mistake_in_a_file_has_the_code_that_trained_staff_know(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    insuree = scheme.patient()
    mistakes = [
        {},
        {"facility": "NONE"},
        {"number": "NONE"},
        {"start": "16/02/2026"},
        {"diagnosis": "ZZZ"},
        {"item": "NONE"},
        {"service": "NONE"},
    ]
    claims = [xml_of(scheme, insuree, **({"code": f"X{n}"} | bad)) for n, bad in enumerate(mistakes)]
    claims.append(xml_of(scheme, insuree, code="X0"))
    free = xml_of(scheme, insuree, code="X9", price="0").replace("<ItemPrice>100", "<ItemPrice>0")

    told = send(scheme, f"<Claims>{''.join([*claims, free])}</Claims>", xml=True)["claims"]

    assert [one["resultCode"] for one in told] == [0, 1, 3, 4, 5, 7, 8, 2, 6]
    assert [one["result"] for one in told][:2] == ["success", "error"]
    administrator = xml_of(scheme, insuree, code="XA").replace("<ClaimAdmin>", "<ClaimAdmin>NOBODY")
    assert send(scheme, administrator, xml=True)["claims"][0]["resultCode"] == 9


@pytest.mark.rule("attack 69")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY b "c">]><Claim/>', "tabular.forbidden_declaration"),
        ("<Claim>", "tabular.damaged_xml"),
        ("<a>" * 30, "tabular.tree_too_large"),
        ("<a/>", "claims.unreadable_file"),
    ],
)
def test_a_file_that_is_no_list_of_claims_is_refused_as_a_whole(text: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        read_claim_xml(text.encode())
    assert refusal.value.code == code


@pytest.mark.rule("TZA-25")
def test_two_persons_key_a_paper_claim_and_must_agree(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    draft = scheme.draft(scheme.patient(), ("SV1", 1))
    bundle = paper.PaperBatchDraft(number="B1", facility_id=scheme.hospital, double_key=True, expected=1)
    batch_id = scheme.as_actor(scheme.clerk, ENTER_CLAIMS, lambda work: paper.open_batch(work, bundle).id)

    def key(actor: Any, given: Any) -> Any:
        return scheme.as_actor(actor, ENTER_CLAIMS, lambda work: paper.key_claim(work, batch_id, given))

    assert key(scheme.clerk, draft) is None
    with pytest.raises(DomainError) as same:
        key(scheme.clerk, draft)
    with pytest.raises(DomainError) as different:
        key(scheme.officer, draft.model_copy(update={"diagnosis": "B00"}))
    claim_id = key(scheme.officer, draft)

    assert same.value.code == "claims.second_person_needed"
    assert (different.value.code, different.value.params) == (
        "claims.keyings_differ",
        {"fields": "diagnosis"},
    )
    assert scheme.claim(claim_id).channel is Channel.PAPER
    with pytest.raises(DomainError) as closed:
        key(scheme.clerk, scheme.draft(scheme.patient()))
    assert closed.value.code == "claims.paper_batch_closed"


@pytest.mark.rule("attack 65", "attack 99")
def test_a_file_is_attached_by_what_it_is_and_kept_sealed(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user, attachment_bytes=1000, attachments_most=1)
    claim_id = scheme.enter(scheme.patient())

    def send(body: bytes) -> Any:
        request = RestRequest(path={"claim_id": str(claim_id)}, query={"type": "invoice"}, body=body)
        return scheme.as_actor(scheme.clerk, ENTER_CLAIMS, lambda work: attach(work, request))

    for body, code in (
        (b"<html>", "claims.wrong_file_type"),
        (b"%PDF-" + b"x" * 1000, "claims.file_too_large"),
    ):
        with pytest.raises(DomainError) as refusal:
            send(body)
        assert refusal.value.code == code
    made = send(b"%PDF-1.7 a bill")
    with pytest.raises(DomainError) as many:
        send(b"%PDF-1.7 another")
    request = RestRequest(path={"attachment_id": str(made["id"])}, query={})
    reply = scheme.act(lambda work: download(work, request))
    stored = scheme.act(lambda work: attaching.open_attachment(work, made["id"])[0].content)

    assert many.value.code == "claims.too_many_attachments"
    assert (reply.content, reply.media_type) == (b"%PDF-1.7 a bill", "application/pdf")
    assert b"bill" not in stored


@pytest.mark.rule("D-23")
@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/files.example.cm/a.pdf",
        "https://files.example.cm.evil.example/a.pdf",
        "https://files.example.cm@evil.example/a.pdf",
        "https://evil.example?files.example.cm",
        "http://files.example.cm/a.pdf",
        "https://files.example.cm:8443/a.pdf",
        "https://files.example.cm\\@evil.example/a.pdf",
        "https:files.example.cm/a.pdf",
        "//files.example.cm/a.pdf",
        "https://[files.example.cm/a.pdf",
    ],
)
def test_d_23_only_the_whole_host_of_an_address_is_compared_with_the_list(address: str) -> None:
    attaching.refuse_address("https://files.example.cm/a.pdf", ["files.example.cm"])
    with pytest.raises(DomainError) as refusal:
        attaching.refuse_address(address, ["files.example.cm"])
    assert refusal.value.code == "claims.forbidden_address"
