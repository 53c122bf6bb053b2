"""The cast: one demonstration user per role preset, each with a one-time password."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from msingi.auth.services.accounts import NewUser, create_user
from msingi.demo.stage import Credential
from msingi.rbac.grants import grant_role
from msingi.rbac.models import Jurisdiction, Role
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places

if TYPE_CHECKING:
    from msingi.platform import Platform
    from msingi.work import Work

NATIONAL = frozenset(
    {
        "super_administrator",
        "system_administrator",
        "national_officer",
        "auditor",
        "scheme_administrator",
        "accountant",
        "manager",
    }
)
ADMIN = "super_administrator"


def create_cast(platform: "Platform", language: str) -> dict[str, Credential]:
    """Create a user for every role: national roles for the country, the others for its first region."""
    with platform.work() as work:
        country, region = _places(work)
        roles = list(work.session.scalars(select(Role).order_by(Role.name)))
        return {
            role.name: _create(work, role, country if role.name in NATIONAL else region, language)
            for role in roles
        }


def _create(work: "Work", role: Role, place: UUID, language: str) -> Credential:
    label = role.labels.get(language, role.name)
    spoken = language if language in work.platform.profile.languages else None
    wish = NewUser(username=role.name, display_name=label, jurisdiction_id=place, language=spoken)
    user, password = create_user(work, wish)
    grant_role(work, user.id, role=role.name, jurisdiction_id=place, reason="demonstration")
    return Credential(user.username, password)


def _places(work: "Work") -> tuple[UUID, UUID]:
    statement = (
        select(Jurisdiction.id)
        .where(Jurisdiction.kind == "admin")
        .order_by(Jurisdiction.level, Jurisdiction.code)
    )
    places = list(work.session.scalars(statement.limit(2)))
    if not places:  # no module has loaded any: the country alone
        country = work.platform.profile.country
        name = next(iter(country.names.values()))
        places = [*add_places(work, [NewPlace(country.iso2, name, names=country.names)]).values()]
    return places[0], places[-1]
