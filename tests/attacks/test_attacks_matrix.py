"""The generated matrix type x path x role x door: nobody reads past place or permission, whatever the way."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from tests.attacks.asking import (
    comparable,
    ends_of,
    holding,
    ids_for,
    marks_of,
    model_for,
    outcome,
    reached,
    values,
)
from tests.attacks.conftest import Served
from tests.attacks.schema_paths import Bunch, IdSlot, Path, Schema, allow_of, leaves_of

from msingi.actor import ANONYMOUS, Actor
from msingi.db import Model, Scoped
from msingi.ids import new_id

MISSING = str(new_id())
MOST_OTHERS = 2
"""Types of which one id is given where another type is expected, for each argument."""
Note = Callable[[str, object], None]
GROWING = {"AuditEntry"}
"""Types whose lists grow because somebody asks."""
KNOWN_NATIONALLY = {
    ("mutation registerPerson(input.motherId)", "Person"),
    ("mutation registerHousehold(input.members.motherId)", "Person"),
    ("mutation enrolFamily(input.head.firstServicePointId)", "Facility"),
    ("mutation createClaim(input.insureeId)", "Insuree"),
    ("mutation requestConsent(input.insureeId)", "Insuree"),
    ("query eligibility(insureeId)", "Insuree"),
}
"""Arguments that say, on purpose, whether a record of another region exists: a child's mother may be registered
anywhere (ID-8), a facility of choice lie anywhere (INS-6), and insured people are treated anywhere (POL-10). No other
type of id passes."""
NATIONAL = {"Product", "ProductVersion"}
"""Types that have a place and are read everywhere: what the country sells is known in every district (PRD-1)."""
DEAD = {
    "computed from what is typed, which no row holds": {
        *("quotePolicy", "recognisePerson", "report", "searchPersons", "verifyCard"),
        "checkEnrolment.objections.registered",
    },
    "one's own only, and the northerner has started and made nothing": {
        *("job", "jobs.nodes", "importReport", "catalogueImportReport", "myApiTokens.nodes"),
    },
    "what a country sets, and the settings of the matrix leave empty": {
        *("enrolmentForm.fields", "enrolmentForm.lists"),
    },
    "of the policy holders for which one acts, and the northerner acts for none": {
        *("ownPolicyHolders", "ownMembers"),
    },
    "made by the platform itself from rows that agree with each other: sealed blocks, grants, plans, terms": {
        *("auditProof", "explainAccess.grants", "officerCommissions", "eligibility.covers"),
        "productCoverage.lines",
    },
    "the other of two things, of which a row names one": {
        *("priceListLines.nodes.service", "services.nodes.contents.service"),
    },
    "above the country": {
        *("facilities.nodes.place.path.path", "facility.place.path.path"),
        "jurisdictions.nodes.path.path.path",
    },
}
"""Where nothing is found, by the reason; nothing is found below these ways either."""
PORTABLE = {("eligibility", ()), ("claim", ("patient",)), ("claims", ("nodes", "patient"))}
"""Ways to insured people who are treated away from home: the card check and the claims of one's own facilities."""


@pytest.mark.long
@pytest.mark.rule("attack 15", "attack 16", "attack 19", "attack 100")
def test_no_way_leads_to_a_record_of_another_region(served: Served, record_property: Note) -> None:
    schema, world = Schema(served.platform), served.world
    everybody = frozenset(served.platform.permissions)
    minister = holding(served.northerner, everybody, everywhere_from=world.places["CM"])
    cells, leaks, live, found, broken = 0, [], set(), set(), []

    for bunch in schema.bunches("query"):
        for label in _labels(schema, bunch.root):
            arguments = schema.arguments(
                "query", bunch.root, ids_for(world, schema, "query", bunch.root, label), MISSING
            )
            query, variables = bunch.query(arguments), values(arguments)
            answer = served.engine(query, variables)
            broken += [(bunch.root, *one["path"]) for one in answer.get("errors", ()) if _is_defect(one)]
            seen = served.platform.graphql.run(query, variables, actor=minister)
            assert "data" in seen, (bunch.root, seen)
            for path in bunch.paths:
                cells += 1
                if reached(answer, path):
                    found.add(path)
                if path.type_.name not in NATIONAL and (path.root, path.fields) not in PORTABLE:
                    shown = marks_of("south", world, _plain(reached(answer, path), leaves_of(path.type_)))
                    leaks += [(path.root, path.fields, label, where) for where in shown]
                if marks_of("south", world, reached(seen, path)):
                    live.add(path.type_.name)

    paths = set(schema.paths("query"))
    assert broken == []
    record_property("live", f"{len(found)} of {len(paths)}")
    assert ends_of(paths - found) == frozenset().union(*DEAD.values())
    scoped = {name for name, exposure in schema.exposed.items() if issubclass(exposure.model, Scoped)}
    record_property("cells", cells)
    assert leaks == []
    assert scoped & {path.type_.name for path in schema.paths("query")} - live == set()


@pytest.mark.rule("attack 15", "attack 100", "attack 21")
def test_invisible_and_missing_records_are_the_same_bytes_at_both_doors(
    served: Served, record_property: Note
) -> None:
    schema, world = Schema(served.platform), served.world
    roots = {
        path.root: path
        for path in schema.paths("query")
        if "id" in schema.roots("query")[path.root].args and path.type_.name not in NATIONAL
    }
    differences = []

    for root in roots:
        answers = []
        for label in ("south", "south_crossing", "nowhere"):
            ids = ids_for(world, schema, "query", root, label)
            arguments = schema.arguments("query", root, ids, MISSING)
            reply = served.http(schema.document("query", root, arguments), values(arguments))
            inside = served.engine(schema.document("query", root, arguments), values(arguments))
            answers.append((reply.status_code, reply.content, reply.headers["content-length"]))
            differences += [root] if comparable(reply.json()) != comparable(inside) else []
        differences += [root] if len(set(answers)) > 1 else []

    record_property("cells", 3 * len(roots))
    assert differences == []
    assert {"tree", "job"} <= roots.keys()


@pytest.mark.long
@pytest.mark.rule("attack 16", "attack 18", "attack 21")
def test_each_permission_on_the_way_is_needed_and_no_other(served: Served, record_property: Note) -> None:
    schema, world = Schema(served.platform), served.world
    everybody = frozenset(served.platform.permissions)
    cells, differences = 0, []

    for bunch in schema.bunches("query", lambda path: path.permissions):
        arguments = schema.arguments(
            "query", bunch.root, ids_for(world, schema, "query", bunch.root, "north"), MISSING
        )
        query, variables = bunch.query(arguments), values(arguments)

        def ask(actor: Actor, query: str = query, variables: dict[str, Any] = variables) -> dict[str, Any]:
            return served.platform.graphql.run(query, variables, actor=actor)

        complete, few = ask(served.northerner), ask(holding(served.northerner, bunch.permissions))
        refused = {one: ask(holding(served.northerner, everybody - {one})) for one in bunch.permissions}
        for path in bunch.paths:
            open_leaves = [name for name in leaves_of(path.type_) if not _guards(schema, path, name)]
            whole, part = (_plain(reached(answer, path), open_leaves) for answer in (complete, few))
            if path.type_.name in schema.exposed.keys() - GROWING and part != whole:
                differences.append(("too little", path.root, path.fields))
            differences += [
                (one, path.root, path.fields) for one, answer in refused.items() if reached(answer, path)
            ]
            cells += 2 + len(refused)

    record_property("cells", cells)
    assert differences == []


@pytest.mark.rule("attack 18")
def test_a_guarded_field_is_empty_at_the_end_of_every_way(served: Served, record_property: Note) -> None:
    schema = Schema(served.platform)
    everybody = frozenset(served.platform.permissions)
    cells, shown = 0, []

    for bunch in schema.bunches("query"):
        for permission, ends in _guarded_ends(schema, bunch).items():
            actor = holding(served.northerner, everybody - {permission})
            answer = _of_the_north(served, schema, ends, actor)
            for path, name in ends:
                shown += [(path.root, name) for one in reached(answer, path) if one[name] is not None]
                cells += 1

    record_property("cells", cells)
    assert shown == []
    assert cells > 0


@pytest.mark.rule("attack 18", "attack 22")
def test_a_guard_held_at_another_place_opens_nothing_here(served: Served, record_property: Note) -> None:
    schema, world = Schema(served.platform), served.world
    everybody, here = frozenset(served.platform.permissions), world.ids("north")
    cells, shown, live, guarded = 0, [], set(), set()

    for bunch in schema.bunches("query"):
        for permission, found in _guarded_ends(schema, bunch).items():
            ends = [(path, name) for path, name in found if _is_guarded(schema, path, name)]
            if not ends:
                continue
            elsewhere = {world.places["south"]: frozenset({permission})}
            actor = holding(served.northerner, everybody - {permission}, beside=elsewhere)
            answer = _of_the_north(served, schema, ends, actor)
            complete = _of_the_north(served, schema, ends, served.northerner)
            for path, name in ends:
                values_here = [one[name] for one in reached(answer, path) if one["id"] in here]
                shown += [(path.root, path.fields, name) for value in values_here if value is not None]
                guarded.add((path.type_.name, name))
                live |= {(path.type_.name, name) for one in reached(complete, path) if one[name] is not None}
                cells += 1

    record_property("cells", cells)
    assert shown == []
    assert guarded == live
    assert {("Tree", "treasure"), ("User", "email")} <= live


@pytest.mark.rule("attack 15", "attack 21")
def test_nobody_unknown_gets_an_answer(served: Served, record_property: Note) -> None:
    schema = Schema(served.platform)
    open_roots, answered = set(), []

    for kind in ("query", "mutation"):
        for root, definition in schema.roots(kind).items():
            arguments = schema.arguments(kind, root, {}, MISSING)
            answer = served.platform.graphql.run(
                schema.document(kind, root, arguments), values(arguments), actor=ANONYMOUS
            )
            codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
            if "public" in allow_of(definition):
                open_roots.add(root)
            elif codes != ["core.not_authenticated"] or answer["data"] not in (None, {root: None}):
                answered.append((root, codes))

    record_property("cells", len(schema.roots("query")) + len(schema.roots("mutation")))
    assert answered == []
    assert open_roots == {"installation", "login", "enrolSecondFactorAtLogin"}


@pytest.mark.long
@pytest.mark.rule("attack 15", "attack 17", "attack 18")
@pytest.mark.parametrize("kind", ["query", "mutation"])
def test_an_id_of_another_region_or_type_is_a_missing_id(
    served: Served, kind: str, record_property: Note
) -> None:
    schema, world = Schema(served.platform), served.world
    before = _records(served, "south")
    told = outcome if kind == "mutation" else comparable
    cells, differences = 0, []

    for turn, slot in enumerate(schema.id_slots(kind)):
        _answer(served, schema, slot, MISSING)  # a change that needs no such record happens now, not below
        unknown = _answer(served, schema, slot, MISSING)
        for model, label in _foreign_ids(served, schema, slot, turn):
            answer = _answer(served, schema, slot, str(world.id_of(model, label)))
            cells += 1
            if told(answer) != told(unknown) or marks_of("south", world, answer):
                differences.append((str(slot), model.__name__, label))

    record_property("cells", cells)
    unknown_yet = [found for found in differences if found[1] not in NATIONAL]
    assert [found for found in unknown_yet if found[:2] not in KNOWN_NATIONALLY] == []
    assert _records(served, "south") == before


def _foreign_ids(served: Served, schema: Schema, slot: IdSlot, turn: int) -> list[tuple[type[Model], str]]:
    """Records that the argument must not know: the southern one of its own type, and some of other types.

    The other types take turns, so that each of them is tried where many others are expected.
    """
    own = model_for(served.world, schema, slot)
    exposed = sorted(
        {one.model for one in schema.exposed.values()} - {own}, key=lambda model: model.__tablename__
    )
    others = [exposed[(turn * MOST_OTHERS + place) % len(exposed)] for place in range(MOST_OTHERS)]
    wanted = [*([(own, "south")] if own else []), *((model, "north") for model in others)]
    return [(model, label) for model, label in wanted if (model.__tablename__, label) in served.world.rows]


def _is_defect(error: dict[str, Any]) -> bool:
    return bool(error["extensions"]["code"] == "core.internal")


def _labels(schema: Schema, root: str) -> list[str]:
    takes_id = any(schema.id_slots_of("query", root))
    return ["north", "north_crossing", "south"] if takes_id else ["north"]


def _guarded_ends(schema: Schema, bunch: Bunch) -> dict[str, list[tuple[Path, str]]]:
    """The plain fields that ask for a permission which is not needed on the way to them, by that permission."""
    found: dict[str, list[tuple[Path, str]]] = {}
    for path in bunch.paths:
        for name in leaves_of(path.type_):
            for permission in _guards(schema, path, name) - path.permissions:
                found.setdefault(permission, []).append((path, name))
    return found


def _of_the_north(
    served: Served, schema: Schema, ends: list[tuple[Path, str]], actor: Actor
) -> dict[str, Any]:
    """What somebody is answered who asks for these ends with the ids of the north."""
    bunch = Bunch(tuple(dict.fromkeys(path for path, _ in ends)))
    ids = ids_for(served.world, schema, "query", bunch.root, "north")
    arguments = schema.arguments("query", bunch.root, ids, MISSING)
    return served.platform.graphql.run(bunch.query(arguments), values(arguments), actor=actor)


def _is_guarded(schema: Schema, path: Path, name: str) -> bool:
    """Tell whether a plain field is a guarded column of a record that has a place."""
    exposure = schema.exposed.get(path.type_.name)
    return exposure is not None and issubclass(exposure.model, Scoped) and _snake(name) in exposure.guarded


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _guards(schema: Schema, path: Path, name: str) -> frozenset[str]:
    """The permissions that a plain field asks for beyond those of the way to it."""
    exposure = schema.exposed.get(path.type_.name)
    guard = exposure.guarded.get(_snake(name)) if exposure else None
    asked = allow_of(path.type_.fields[name]) | ({guard.name} if guard else set())
    return frozenset(asked - {"public", "signed_in"}) - path.permissions


def _plain(objects: list[Any], leaves: list[str]) -> list[dict[str, Any]]:
    return [{name: one[name] for name in leaves} for one in objects]


def _answer(served: Served, schema: Schema, slot: IdSlot, value: str) -> dict[str, Any]:
    ids = ids_for(served.world, schema, slot.kind, slot.root, "north") | {slot.name: value}
    arguments = schema.arguments(slot.kind, slot.root, ids, MISSING)
    return served.engine(schema.document(slot.kind, slot.root, arguments), values(arguments))


def _records(served: Served, region: str) -> dict[str, Any]:
    """Every record of a region as it stands in the database."""
    hidden = served.world.ids(region)
    found: dict[str, Any] = {}
    with served.platform.database.read.connect() as connection:
        for model in served.world.regional():
            table = model.__table__
            rows = connection.execute(select(table)).mappings()
            found |= {f"{table}.{row['id']}": dict(row) for row in rows if str(row["id"]) in hidden}
    return found
