"""The terms of product versions: read once per process, because a version never changes."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select

from msingi.work import Work
from msingi_insurance.models.product import ProductVersion
from msingi_insurance.rules.terms import Terms

KEPT: Final = 200
"""Versions that a process remembers: a country sells few products."""


def terms_of(work: Work, version_ids: Collection[UUID]) -> dict[UUID, Terms]:
    """The terms by version, wherever the product is sold; no statement for versions that were read before.

    Terms are no personal data: the caller's places do not limit them.
    """

    def load(missing: Collection[UUID]) -> Mapping[UUID, Terms]:
        columns = select(ProductVersion.id, ProductVersion.terms)
        with work.everywhere():
            rows = work.session.execute(columns.where(ProductVersion.id.in_(missing)))
            return {row.id: Terms.model_validate(row.terms) for row in rows}

    return work.platform.kept("insurance.terms", size=KEPT).get_many(version_ids, load)
