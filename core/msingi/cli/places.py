"""Places that a command names by their code."""

from typing import TYPE_CHECKING
from uuid import UUID

from msingi.errors import DomainError

if TYPE_CHECKING:
    from msingi.work import Work


class UnknownPlace(DomainError):
    """No place has the code that a command names."""

    code = "core.unknown_place"
    template = (
        "There is no place with the code “{place}”. Load the places first, for example with `{command}`."
    )


def place_of(work: "Work", code: str) -> UUID:
    """The id of a place by its code.

    Raises:
        UnknownPlace: none has it.

    """
    from sqlalchemy import select

    from msingi.rbac.models import Jurisdiction

    found = work.session.scalar(select(Jurisdiction.id).where(Jurisdiction.code == code))
    if found is None:
        raise UnknownPlace(place=code, command="msingi load country")
    return found
