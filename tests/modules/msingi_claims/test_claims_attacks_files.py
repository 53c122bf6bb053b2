"""The attacker with files: bombs, half valid lists, smuggled characters, repeats, names that are paths (attacks 57 to 74)."""

from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy import func, select
from tests.modules.msingi_claims.claims_fixtures import Scheme, scheme_of

from msingi.clean_text import InvalidCharacter
from msingi.errors import DomainError
from msingi.http.rest import RestRequest
from msingi.tabular import TabularError
from msingi.testing import AsUser, MakePlatform
from msingi_claims.facility_errors import ForbiddenAddress
from msingi_claims.intake_errors import UnreadableFile
from msingi_claims.models.claim import Claim
from msingi_claims.models.facility_side import Attachment
from msingi_claims.plugin import ENTER_CLAIMS, LOAD_CLAIMS
from msingi_claims.plugin import plugin as claims
from msingi_claims.routes import attach, take_json
from msingi_claims.services.attaching import refuse_address
from msingi_claims.services.claim_files import read_claim_xml, read_json
from msingi_insurance import Insuree
from msingi_registry import Facility


def _record(scheme: Scheme, code: str, **fields: Any) -> dict[str, Any]:
    insuree = scheme.patient()
    return {
        "code": code,
        "facility": scheme.act(lambda work: work.get(Facility, scheme.hospital).code),
        "insurance_number": scheme.act(lambda work: work.get(Insuree, insuree).number),
        "diagnosis": "A00",
        "date_from": "2026-02-10",
        "lines": [{"kind": "service", "code": "SV1", "quantity": "1", "price": "100"}],
    } | fields


def _send(scheme: Scheme, content: Any) -> Any:
    request = RestRequest(path={}, query={}, body=orjson.dumps(content))
    return scheme.as_actor(scheme.clerk, LOAD_CLAIMS, lambda work: take_json(work, request))


def _claims(scheme: Scheme) -> int:
    return int(scheme.act(lambda work: work.session.scalar(select(func.count()).select_from(Claim))))


@pytest.mark.rule("attack 64", "attack 69")
@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0" encoding="no-such-code"?><Claim/>',
        b'<?xml version="1.0" encoding="utf-7"?><Claim/>',
        b'<!DOCTYPE c [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]><Claim>&b;</Claim>',
        b'<!DOCTYPE c SYSTEM "http://evil.example/x.dtd"><Claim/>',
        b"<Claims>" + b"<a/>" * 500_001 + b"</Claims>",
        b"<a>" * 1000,
        b"\xff\xfe<\x00",
        b"",
    ],
    ids=["encoding", "utf-7", "entities", "external", "elements", "deep", "cut", "empty"],
)
def test_attack_69_an_xml_bomb_is_refused_by_a_code(content: bytes) -> None:
    with pytest.raises(TabularError):
        read_claim_xml(content)


@pytest.mark.rule("attack 14", "attack 64")
@pytest.mark.parametrize("content", [b"[" * 100_000, b"[" + b"{}," * 1000 + b"{}]", b"5", b"\x00", b"{"])
def test_attack_64_a_json_bomb_is_refused_by_a_code(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_json(content)


@pytest.mark.rule("attack 65")
def test_attack_65_every_door_for_files_has_a_cap_of_its_own() -> None:
    caps = {door.path: door.most_bytes for door in claims.contributions.routes if door.method == "POST"}

    assert caps == {
        "/intake": 5_000_000,
        "/files": 5_000_000,
        "/feedback": 5_000_000,
        "/attachments/{claim_id}": 20_000_000,
        "/payments/{payment_id}/answers": 5_000_000,
    }


@pytest.mark.rule("attack 74", "attack 90")
def test_attack_74_one_wrong_claim_neither_holds_up_the_others_nor_leaves_a_half(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    line = {"kind": "service", "code": "SV1", "quantity": "1", "price": "100"}
    good, twin = _record(scheme, "G1"), _record(scheme, "G1")
    cents = _record(scheme, "G2", lines=[line, line | {"price": "100.5"}])
    dear = _record(scheme, "G3", lines=[line | {"quantity": "99999", "price": "99999999999"}] * 100)

    told = _send(scheme, [good, twin, cents, dear])["claims"]

    assert [(one["code"], one["result"], one["resultCode"]) for one in told] == [
        ("G1", "success", 0),
        ("G1", "error", 2),
        ("G2", "error", -1),
        ("G3", "error", -1),
    ]
    assert [one["errors"][0]["code"] for one in told[1:]] == [
        "claims.code_taken",
        "money.too_precise",
        "claims.too_much_asked",
    ]
    assert _claims(scheme) == 1


@pytest.mark.rule("attack 74", "attack 57", "D-26")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("explanation", "a\x00b"),
        ("code", "C\x001"),
        ("diagnosis", 5),
        ("code", " "),
        ("status", "checked"),
        ("date_from", "2026-02-31"),
        ("lines", [{"kind": "service", "code": "SV1", "quantity": "NaN", "price": "1"}]),
        ("lines", [{"kind": "service", "code": "SV1", "quantity": "-1", "price": "1"}]),
    ],
)
def test_attack_74_a_claim_without_the_form_of_one_refuses_the_whole_file(
    make_platform: MakePlatform, as_user: AsUser, field: str, value: Any
) -> None:
    scheme = scheme_of(make_platform, as_user)
    content = [_record(scheme, "G1"), _record(scheme, "G2") | {field: value}]

    with pytest.raises(UnreadableFile) as refusal:
        _send(scheme, content)

    assert f": $[1].{field}" in str(refusal.value)
    assert _claims(scheme) == 0


@pytest.mark.rule("attack 57")
def test_attack_57_invisible_marks_make_no_second_code(make_platform: MakePlatform, as_user: AsUser) -> None:
    scheme = scheme_of(make_platform, as_user)
    record = _record(scheme, "TWIN")
    first = _send(scheme, record)["claims"][0]

    again = _send(scheme, record | {"code": "TW\u202eIN "})["claims"][0]

    assert (again["code"], again["claimId"]) == ("TWIN", first["claimId"])
    assert _claims(scheme) == 1


@pytest.mark.rule("attack 67", "attack 57", "D-26")
def test_attack_67_the_title_of_an_attachment_is_text_and_no_path(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    scheme = scheme_of(make_platform, as_user)
    claim_id = scheme.enter(scheme.patient())

    def send(title: str, path: str = str(claim_id)) -> Any:
        query = {"type": "invoice", "title": title}
        request = RestRequest(path={"claim_id": path}, query=query, body=b"%PDF-1.7")
        return scheme.as_actor(scheme.clerk, ENTER_CLAIMS, lambda work: attach(work, request))

    for title in ("a\x00b", "a\x1bb"):
        with pytest.raises(InvalidCharacter):
            send(title)
    with pytest.raises(DomainError):
        send("x" * 101)
    with pytest.raises(DomainError):
        send("x", "../../etc/passwd")
    made = send("../../etc/passwd")

    kept = scheme.act(lambda work: work.get(Attachment, UUID(str(made["id"]))).title)
    assert kept == "../../etc/passwd"
    assert scheme.act(lambda work: work.session.scalar(select(func.count()).select_from(Attachment))) == 1


@pytest.mark.rule("D-23")
@pytest.mark.parametrize(
    "address",
    [
        "https://f\u0456les.example.cm/a.pdf",
        "https://files.example.cm\u3002/a.pdf",
        "https://files.example.cm./a.pdf",
        "https://files.exam\nple.cm/a.pdf",
        " https://files.example.cm/a.pdf",
        "https://files.example.cm/a b.pdf",
        "https://files.example.cm:443@evil.example/a.pdf",
        "https://evil.example#@files.example.cm/a.pdf",
        "https://evil.example/;@files.example.cm",
        "javascript://files.example.cm/%0aalert(1)",
    ],
)
def test_d_23_look_alike_hosts_and_smuggled_characters_are_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddress):
        refuse_address(address, ["files.example.cm", "b\u00fccher.example"])
