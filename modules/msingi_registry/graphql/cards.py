"""GraphQL operations on consultation cards."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.clean_text import Verbatim
from msingi.work import Work
from msingi_registry.models.identifier import Card
from msingi_registry.models.person import Person
from msingi_registry.plugin import PRINT_CARDS, READ_PERSONS, plugin
from msingi_registry.services import cards as issuing

plugin.expose(
    Card,
    *("id", "person_id", "serial", "issued_on", "key_id", "code", "state", "revoked_at", "revoked_reason"),
    allow=PRINT_CARDS,
)


class CardContent(BaseModel):
    """What a genuine card says; it locates a person and gives no right (ID-6)."""

    model_config = ConfigDict(frozen=True)

    uhid: str = Field(description="The health ID on the card.")
    initials: str = Field(description="Initials on the card.")
    birth_year: int | None = Field(description="Year of birth on the card.")
    issued_on: date = Field(description="Day of issue.")
    serial: int = Field(description="Serial number among the cards of the person.")
    key_id: str = Field(description="Id of the key that signed it.")


@plugin.mutation(allow=PRINT_CARDS)
def issue_card(work: Work, person_id: UUID) -> Card:
    """Issue the next card of a person; an earlier one is revoked, the health ID stays."""
    return issuing.issue_card(work, person_id)


@plugin.mutation(allow=PRINT_CARDS)
def revoke_card(work: Work, id: UUID, reason: str) -> Card:  # noqa: A002 - the name that callers see
    """Revoke a card that was lost, stolen or wrong."""
    return issuing.revoke_card(work, id, reason=reason)


@plugin.query(allow=READ_PERSONS)
def verify_card(work: Work, text: Verbatim) -> CardContent:
    """Check the text of a scanned card against keys and revocations."""
    payload = issuing.check_card(work, text)
    return CardContent(
        uhid=payload.uhid,
        initials=payload.initials,
        birth_year=payload.birth_year,
        issued_on=payload.issued,
        serial=payload.serial,
        key_id=payload.key_id,
    )


@plugin.extend(Person, allow=PRINT_CARDS)
def cards(parents: Sequence[Person], work: Work) -> dict[UUID, list[Card]]:
    """The cards issued to the person."""
    return issuing.cards_of(work, parents)
