"""Roles and policies in the tables: brought in line with presets and profile, as often as one likes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.errors import UnknownRole
from msingi.rbac.models import Policy, Role
from msingi.rbac.presets import RoleDefinition, define_roles
from msingi.rbac.rules import split_name
from msingi.rbac.version import raise_version
from msingi.work import Work


class RoleChanges(BaseModel):
    """What a synchronisation of the roles changed."""

    model_config = ConfigDict(frozen=True)

    roles: int = Field(description="Roles that are defined now.")
    added: int = Field(description="Permissions that roles gained.")
    removed: int = Field(description="Permissions that roles lost.")


def sync_roles(work: Work) -> RoleChanges:
    """Write the presets and the profile's roles with their permissions; a second run changes nothing.

    A role that is no longer defined is retired: it keeps its grants and loses its permissions.
    """
    wanted = roles_of(work.platform)
    ids, changed = _write_roles(work, wanted)
    added, removed = _write_policies(work, ids, wanted)
    if changed or added or removed:
        raise_version(work)
    return RoleChanges(roles=len(wanted), added=added, removed=removed)


@dataclass(frozen=True, slots=True)
class RoleDifference:
    """What a synchronisation would give a role and take from it: names of permissions, in order."""

    role: str
    gains: tuple[str, ...]
    loses: tuple[str, ...]


def role_differences(work: Work) -> list[RoleDifference]:
    """What ``sync_roles`` would change, by role in name order; changes nothing."""
    names = {role.id: role.name for role in work.session.scalars(select(Role))}
    held = {names[role]: set(found) for role, found in permissions_of(work, names).items()}
    wanted = {name: set(role.permissions) for name, role in roles_of(work.platform).items()}
    nothing: set[str] = set()
    both = {name: (wanted.get(name, nothing), held.get(name, nothing)) for name in {*wanted, *held}}
    return [
        RoleDifference(name, gains=tuple(sorted(new - old)), loses=tuple(sorted(old - new)))
        for name, (new, old) in sorted(both.items())
        if new != old
    ]


def roles_of(platform: Platform) -> dict[str, RoleDefinition]:
    """The roles that presets and profile define for the enabled plugins.

    Raises:
        ConfigurationError: the profile names a permission that an enabled plugin does not declare.

    """
    enabled = [plugin.name for plugin in platform.plugins]
    clinical = {plugin.name for plugin in platform.plugins if plugin.clinical}
    return define_roles(platform.permissions, enabled, platform.profile.roles, clinical=clinical)


def role_named(work: Work, name: str) -> Role:
    """The role of this name.

    Raises:
        UnknownRole: there is none, or it is retired.

    """
    role = work.session.scalar(select(Role).where(Role.name == name, Role.retired.is_(False)))
    if role is None:
        names = work.session.scalars(select(Role.name).where(Role.retired.is_(False)).order_by(Role.name))
        raise UnknownRole(role=name, roles=", ".join(names))
    return role


def permissions_of(work: Work, roles: Iterable[UUID]) -> dict[UUID, list[str]]:
    """The permission names of each role, in order."""
    wanted = sorted(set(roles))
    statement = (
        select(Policy.role_id, Policy.module, Policy.action)
        .where(Policy.role_id.in_(wanted))
        .order_by(Policy.module, Policy.action)
    )
    names: dict[UUID, list[str]] = {role: [] for role in wanted}
    for role, module, action in work.session.execute(statement):
        names[role].append(f"{module}.{action}")
    return names


def _write_roles(work: Work, wanted: Mapping[str, RoleDefinition]) -> tuple[dict[str, UUID], bool]:
    present = {role.name: role for role in work.session.scalars(select(Role))}
    for name, role in present.items():
        definition = wanted.get(name)
        role.retired = definition is None
        if definition is not None:
            role.labels, role.preset = dict(definition.labels), definition.preset
    changed = any(work.session.is_modified(role) for role in present.values())
    fresh = {name: new_id() for name in wanted if name not in present}
    work.insert_rows(Role, [_row(role_id, wanted[name]) for name, role_id in fresh.items()])
    return {name: role.id for name, role in present.items()} | fresh, changed or bool(fresh)


def _row(role_id: UUID, role: RoleDefinition) -> dict[str, Any]:
    return {
        "id": role_id,
        "name": role.name,
        "labels": dict(role.labels),
        "preset": role.preset,
        "retired": False,
    }


def _write_policies(
    work: Work, ids: Mapping[str, UUID], wanted: Mapping[str, RoleDefinition]
) -> tuple[int, int]:
    target = {
        (ids[name], *split_name(permission))
        for name, role in wanted.items()
        for permission in role.permissions
    }
    present = {
        (policy.role_id, policy.module, policy.action): policy
        for policy in work.session.scalars(select(Policy))
    }
    gone = [policy for key, policy in present.items() if key not in target]
    for policy in gone:
        work.session.delete(policy)
    new = sorted(target - present.keys())
    work.insert_rows(
        Policy, [{"role_id": role, "module": module, "action": action} for role, module, action in new]
    )
    work.session.flush()
    return len(new), len(gone)
