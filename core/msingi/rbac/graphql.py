"""The GraphQL face of places, roles and grants."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.plugin import SIGNED_IN
from msingi.rbac import grants as granting
from msingi.rbac import tree
from msingi.rbac.explain import Explanation, explain
from msingi.rbac.hooks import SubjectHooks
from msingi.rbac.models import ADMIN, Grant, Jurisdiction, Role
from msingi.rbac.plugin import EDIT_PLACES, GRANT, MANAGE_ROLES, READ, plugin
from msingi.rbac.roles import RoleChanges, permissions_of
from msingi.rbac.roles import sync_roles as synchronise
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree_queries import paths_of
from msingi.work import Work

plugin.expose(
    Jurisdiction,
    *(
        "id",
        "code",
        "name",
        "level",
        "kind",
        "parent_id",
        "valid_from",
        "valid_to",
        "replaced_by_id",
        "version",
    ),
    allow=SIGNED_IN,
)
plugin.expose(Role, "id", "name", "preset", "retired", allow=READ)
plugin.expose(
    Grant,
    *("id", "subject_id", "role_id", "role", "jurisdiction_id", "jurisdiction", "valid_from", "valid_to"),
    *("granted_by", "reason", "revoked_at", "revoked_by", "version"),
    allow=READ,
)


@plugin.connection(
    Jurisdiction,
    allow=SIGNED_IN,
    where=("name", "code", "level", "kind", "parent_id"),
    order=("code", "name", "level"),
)
def jurisdictions(work: Work) -> Select[tuple[Jurisdiction]]:  # noqa: ARG001
    """Places of the health administration, from the country down to the facilities."""
    return select(Jurisdiction)


@plugin.connection(Role, allow=READ, where=("name", "preset", "retired"), order=("name",))
def roles(work: Work) -> Select[tuple[Role]]:  # noqa: ARG001
    """Roles that can be granted, and those that were."""
    return select(Role)


@plugin.connection(
    Grant,
    allow=READ,
    where=("subject_id", "role_id", "jurisdiction_id", "valid_to"),
    order=("id", "valid_from"),
)
def grants(work: Work) -> Select[tuple[Grant]]:  # noqa: ARG001
    """Who holds which role where, in the reader's places."""
    return select(Grant)


@plugin.extend(Jurisdiction, allow=SIGNED_IN, reads=())
def path(parents: Sequence[Jurisdiction], work: Work) -> dict[UUID, list[Jurisdiction]]:
    """The places above this one, from the country down."""
    return paths_of(work, [place.id for place in parents])


@plugin.extend(Role, allow=READ)
def permissions(parents: Sequence[Role], work: Work) -> dict[UUID, list[str]]:
    """Names of the permissions that the role gives."""
    return permissions_of(work, [role.id for role in parents])


@plugin.extend(Role, allow=READ)
def label(parents: Sequence[Role], work: Work) -> dict[UUID, str]:
    """Label of the role in the reader's language."""
    found = work.session.execute(
        select(Role.id, Role.name, Role.labels).where(Role.id.in_([role.id for role in parents]))
    )
    return {role_id: str(labels.get(work.language, name)) for role_id, name, labels in found}


@plugin.query(allow=READ)
def explain_access(work: Work, subject_id: UUID, permission: str, jurisdiction_id: UUID) -> Explanation:
    """Why a user or API client may, or may not, use a permission at a place today."""
    status = False not in work.ask(SubjectHooks.is_subject_active)(work=work, subject_id=subject_id)
    return explain(
        work, subject_id, permission=permission, jurisdiction_id=jurisdiction_id, status_active=status
    )


@plugin.mutation(allow=GRANT)
def grant_role(
    work: Work,
    subject_id: UUID,
    role: str,
    jurisdiction_id: UUID,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
) -> Grant:
    """Give a user or an API client a role for a place and everything below it, never wider than one's own."""
    return granting.grant_role(
        work,
        subject_id,
        role=role,
        jurisdiction_id=jurisdiction_id,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
    )


@plugin.mutation(allow=GRANT)
def revoke_grant(work: Work, grant_id: UUID, expected_version: int | None = None) -> Grant:
    """Take a grant back at once."""
    return granting.revoke_grant(work, grant_id, expected_version=expected_version)


@plugin.mutation(allow=MANAGE_ROLES)
def sync_roles(work: Work) -> RoleChanges:
    """Bring roles and their permissions in line with the presets and the country's profile."""
    return synchronise(work)


@plugin.mutation(allow=EDIT_PLACES)
def add_place(
    work: Work,
    code: str,
    name: str,
    parent_code: str | None = None,
    kind: str = ADMIN,
    valid_from: date | None = None,
) -> Jurisdiction:
    """Add a place below another one; only who edits the whole country adds one without a parent."""
    added = tree.add_places(work, [NewPlace(code, name, parent_code, kind, valid_from=valid_from)])
    return work.get(Jurisdiction, added[code])


@plugin.mutation(allow=EDIT_PLACES)
def rename_place(work: Work, place_id: UUID, name: str, expected_version: int | None = None) -> Jurisdiction:
    """Give a place another name; its code stays."""
    return tree.rename_place(work, place_id, name=name, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PLACES)
def move_place(
    work: Work, place_id: UUID, parent_id: UUID, expected_version: int | None = None
) -> Jurisdiction:
    """Put a place with everything below it under another one from today."""
    return tree.move_place(work, place_id, parent_id=parent_id, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PLACES)
def close_place(
    work: Work,
    place_id: UUID,
    last_day: date,
    replaced_by_id: UUID | None = None,
    expected_version: int | None = None,
) -> Jurisdiction:
    """Close a place after its last day; it is never deleted."""
    return tree.close_place(
        work, place_id, last_day=last_day, replaced_by_id=replaced_by_id, expected_version=expected_version
    )
