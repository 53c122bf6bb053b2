"""The trail through GraphQL: lines, state and proof."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from msingi import Plugin, Work
from msingi.audit.models import ENTRIES, AuditEntry
from msingi.audit.plugin import READ, WATCH
from msingi.audit.services import seal
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.models import Jurisdiction, JurisdictionClosure
from msingi.testing import AsUser, FrozenClock, MakePlatform

Run = Callable[..., dict[str, Any]]

LINES = """query ($where: AuditEntriesFilter, $record: UUID) {
  auditEntries(where: $where, record: $record) {
    nodes { id at action actorId actorKind entity entityId changes jurisdictionId door basis } totalCount } }"""
STATUS = "{ auditStatus { blocks sealed unsealed sealedAt anchor } }"
PROOF = "query ($id: UUID!) { auditProof(entryId: $id) { text mac digest merkleRoot block siblings { digest onLeft } } }"


def note(platform: Platform, action: str, place: UUID | None = None, **values: Any) -> None:
    with platform.work() as work:
        work.audit(action, entity="claim", jurisdiction_id=place, **values)


@pytest.mark.rule("FR-7", "attack 16")
def test_entries_are_those_of_the_readers_places(platform: Platform, as_user: AsUser, run: Run) -> None:
    here, there = new_id(), new_id()
    with platform.work() as work:
        for place in (here, there):
            work.add(Jurisdiction(id=place, code=place.hex, name="x", level=0))
            work.session.flush()
            work.add(JurisdictionClosure(ancestor_id=place, descendant_id=place, depth=0))
    note(platform, "first", here, details={"amount": 5})
    note(platform, "second", there)
    note(platform, "third")

    local = run(LINES, actor=as_user(READ, at=here))["data"]["auditEntries"]
    national = run(LINES, {"where": {"entity": {"eq": "claim"}}}, actor=as_user(READ, national=True))

    assert [node["action"] for node in local["nodes"]] == ["first"]
    assert local["nodes"][0]["changes"] == {"amount": 5}
    assert local["nodes"][0]["actorKind"] == "system"
    assert [n["action"] for n in national["data"]["auditEntries"]["nodes"]] == ["first", "second", "third"]


def test_entries_are_filtered_by_action_and_instant(
    platform: Platform, as_user: AsUser, run: Run, frozen_clock: FrozenClock
) -> None:
    note(platform, "early")
    frozen_clock.move(days=1)
    note(platform, "late")
    reader = as_user(READ, national=True)

    by_time = run(LINES, {"where": {"at": {"gte": "2026-03-03T00:00:00Z"}}}, actor=reader)
    by_action = run(LINES, {"where": {"action": {"eq": "early"}}}, actor=reader)

    assert [node["action"] for node in by_time["data"]["auditEntries"]["nodes"]][:1] == ["late"]
    assert [node["action"] for node in by_action["data"]["auditEntries"]["nodes"]] == ["early"]


@pytest.mark.rule("attack 32", "attack 95")
def test_who_saw_a_record_is_found_also_in_lists(platform: Platform, as_user: AsUser, run: Run) -> None:
    seen, other = new_id(), new_id()
    with platform.work(as_user(READ), writes=False) as work:
        platform.trail.record_read(work, READ, "registry_person", [seen, other])
        platform.trail.record_read(work, READ, "registry_person", [seen])
        platform.trail.record_read(work, READ, "registry_person", [other])

    nodes = run(LINES, {"record": str(seen)}, actor=as_user(READ, national=True))["data"]["auditEntries"][
        "nodes"
    ]

    assert [node["entityId"] for node in nodes] == [None, str(seen)]


@pytest.mark.rule("attack 95")
def test_without_the_right_nothing_is_shown_and_the_refusal_is_recorded(
    platform: Platform, as_user: AsUser, run: Run
) -> None:
    stranger = as_user("x.y")

    refused = run(STATUS, actor=stranger)
    shown = run(LINES, {"where": {"actorId": {"eq": str(stranger.id)}}}, actor=as_user(READ, national=True))

    assert refused["errors"][0]["extensions"]["code"] == "core.forbidden"
    nodes = shown["data"]["auditEntries"]["nodes"]
    assert [(node["action"], node["changes"]) for node in nodes] == [
        ("refused", {"code": "core.forbidden", "permission": "audit.watch"})
    ]


@pytest.mark.rule("P4", "attack 32")
def test_reading_the_trail_leaves_a_line_about_the_lines_read(
    platform: Platform, as_user: AsUser, run: Run
) -> None:
    note(platform, "noted")
    reader = as_user(READ, national=True)

    first = run(LINES, actor=reader)["data"]["auditEntries"]["nodes"]
    again = run(LINES, {"where": {"action": {"eq": "read"}}}, actor=reader)["data"]["auditEntries"]["nodes"]

    assert [(node["entity"], node["entityId"]) for node in again] == [("audit_entry", first[0]["id"])]


@pytest.mark.rule("P4", "attack 32")
def test_a_sensitive_field_of_another_record_leaves_a_line(
    make_platform: MakePlatform, as_user: AsUser
) -> None:
    secrets = Plugin("trialfield", requires=["audit"])
    see = secrets.permission("see", "See weights", sensitive=True)

    @secrets.extend(AuditEntry, allow=see)
    def weight(lines: Sequence[AuditEntry], work: Work) -> dict[UUID, int]:
        """Length of the action."""
        return {line.id: len(line.action) for line in lines}

    platform = make_platform(secrets)
    note(platform, "noted")
    reader = as_user(READ, see, national=True)

    answer = platform.graphql.run("{ auditEntries { nodes { id weight } } }", {}, actor=reader)

    (node,) = answer["data"]["auditEntries"]["nodes"]
    with platform.work(writes=False) as work:
        seen = work.session.execute(
            select(ENTRIES.c.entity_id, ENTRIES.c.changes)
            .where(ENTRIES.c.action == "read")
            .order_by(ENTRIES.c.id)
        ).all()
    assert node["weight"] == 5
    assert {(str(row.entity_id), row.changes["permission"]) for row in seen} == {
        (node["id"], "audit.read"),
        (node["id"], "trialfield.see"),
    }


@pytest.mark.rule("X-09")
def test_the_state_names_the_newest_block(
    platform: Platform, as_user: AsUser, run: Run, frozen_clock: FrozenClock
) -> None:
    reader = as_user(WATCH, national=True)
    note(platform, "noted")
    before = run(STATUS, actor=reader)["data"]["auditStatus"]
    frozen_clock.move(minutes=5)
    with platform.work() as work:
        seal(work)

    after = run(STATUS, actor=reader)["data"]["auditStatus"]

    assert (before["blocks"], before["sealed"], before["anchor"]) == (0, 0, None)
    assert (before["unsealed"], after["blocks"], after["sealed"], after["unsealed"]) == (1, 2, 1, 0)
    assert after["anchor"].startswith("1:")
    assert after["sealedAt"] == "2026-03-02T09:05:00Z"


@pytest.mark.rule("X-09")
def test_a_proof_leads_from_the_line_to_the_root(
    platform: Platform, as_user: AsUser, run: Run, frozen_clock: FrozenClock
) -> None:
    reader = as_user(READ, national=True)
    for number in range(5):
        note(platform, f"act{number}")
    (line,) = run(LINES, {"where": {"action": {"eq": "act3"}}}, actor=reader)["data"]["auditEntries"]["nodes"]
    early = run(PROOF, {"id": line["id"]}, actor=reader)
    frozen_clock.move(minutes=1)
    with platform.work() as work:
        seal(work)

    proof = run(PROOF, {"id": line["id"]}, actor=reader)["data"]["auditProof"]

    assert early["errors"][0]["extensions"]["code"] == "audit.not_sealed"
    digest = sha256("00", proof["text"].encode().hex(), proof["mac"])
    assert digest == proof["digest"]
    for step in proof["siblings"]:
        left, right = (step["digest"], digest) if step["onLeft"] else (digest, step["digest"])
        digest = sha256("01", left, right)
    assert digest == proof["merkleRoot"]
    assert '"action":"act3"' in proof["text"]


def sha256(*parts: str) -> str:
    return hashlib.sha256(bytes.fromhex("".join(parts))).hexdigest()
