"""Places that a command names by their code."""

from typing import TYPE_CHECKING
from uuid import UUID

from msingi.errors import DomainError

if TYPE_CHECKING:
    from msingi.work import Work


class UnknownPlace(DomainError):
    """No place has the code that a command names; ``example`` is the code of the country."""

    code = "core.unknown_place"
    template = "There is no place with the code “{place}”. Write the code of a place that is loaded, such as {example}."


class NoPlaces(DomainError):
    """A command names a place, and none is loaded."""

    code = "core.no_places"
    template = (
        "There is no place with the code “{place}”. Load the places first, for example with `{command}`."
    )


def place_of(work: "Work", code: str) -> UUID:
    """The id of a place by its code.

    Raises:
        UnknownPlace: none has it.
        NoPlaces: there is none at all.

    """
    from sqlalchemy import select

    from msingi.rbac.models import Jurisdiction

    found = work.session.scalar(select(Jurisdiction.id).where(Jurisdiction.code == code))
    if found is None:
        example = work.session.scalar(
            select(Jurisdiction.code).where(Jurisdiction.parent_id.is_(None)).limit(1)
        )
        if example is None:
            raise NoPlaces(place=code, command="msingi load country")
        raise UnknownPlace(place=code, example=example)
    return found
