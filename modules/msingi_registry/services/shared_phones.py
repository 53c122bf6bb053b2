"""Persons who have one telephone number, for those who look for people who do not exist (attack 89)."""

from uuid import UUID

from sqlalchemy import Select, func, select

from msingi_registry.models.person import IndexKind, PersonSearchKey


def persons_sharing_phones() -> Select[UUID, str]:
    """Persons whose number others have too, each with the digest that stands for the number; no number is opened."""
    of_phones = PersonSearchKey.kind == IndexKind.PHONE
    shared = (
        select(PersonSearchKey.value)
        .where(of_phones)
        .group_by(PersonSearchKey.value)
        .having(func.count(PersonSearchKey.person_id) > 1)
    )
    return select(PersonSearchKey.person_id, PersonSearchKey.value.label("digest")).where(
        of_phones, PersonSearchKey.value.in_(shared)
    )
