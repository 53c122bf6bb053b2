"""Changes rows that this work has read and locked inside its scope."""

from collections.abc import Sequence
from typing import Any

from msingi.bulk import Recording, change_rows
from msingi.db import Model
from msingi.work import Work


def change_locked(
    work: Work, model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Write these columns of the rows; each row begins with its id.

    The caller records the change in the audit trail, by the business object (see ``Recording.BY_CALLER``).
    """
    change_rows(work, model, ("id",), columns, rows, recording=Recording.BY_CALLER, locked=True)
