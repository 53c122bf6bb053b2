"""A session that only the edge of the platform ends: what belongs to one operation is saved or undone as a whole."""

from typing import NoReturn

from sqlalchemy.orm import Session


class EndedAtTheEdge(Session):
    """Ends by ``finish`` or ``undo``, which units of work and jobs call; nobody else does (I1)."""

    def finish(self) -> None:
        """Save everything."""
        super().commit()

    def undo(self) -> None:
        """Take everything back."""
        super().rollback()

    def commit(self) -> NoReturn:
        """Refused: a refusal that comes later would not undo what was committed.

        Raises:
            RuntimeError: always; it says what to do instead.

        """
        raise RuntimeError(
            "the platform commits when the operation ends; a long job saves its steps by progress.checkpoint"
        )

    def rollback(self) -> NoReturn:
        """Refused: what others did in the same operation would be lost without a word.

        Raises:
            RuntimeError: always; it says what to do instead.

        """
        raise RuntimeError(
            "raise a refusal to undo the operation; try a part of it inside work.session.begin_nested()"
        )
