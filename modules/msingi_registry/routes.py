"""REST doors of the registry: the card to print, and the keys that verify cards without a network."""

from typing import Any
from uuid import UUID

from msingi.errors import NotFound
from msingi.http.rest import FileReply, RestRequest
from msingi.plugin import PUBLIC
from msingi.work import Work
from msingi_registry.imports import doors  # noqa: F401 - adds the doors of lists to the plugin
from msingi_registry.models.person import Person
from msingi_registry.plugin import PRINT_CARDS, plugin
from msingi_registry.services.card_print import print_card
from msingi_registry.services.cards import current_card, public_keys


@plugin.route("GET", "/cards/{person_id}.pdf", allow=PRINT_CARDS)
def card_pdf(work: Work, request: RestRequest) -> FileReply:
    """The valid card of a person as a page to print; issue it first."""
    person = work.get(Person, _person_id(request.path["person_id"]))
    card = current_card(work, person.id)
    if card is None:
        raise NotFound(type="Card")
    return FileReply(print_card(work, card, person), "application/pdf", f"card-{card.serial}.pdf")


@plugin.route("GET", "/card-keys", allow=PUBLIC)
def card_keys(work: Work, request: RestRequest) -> dict[str, Any]:  # noqa: ARG001 - every route receives it
    """The public keys of cards: Ed25519, base64, by key id."""
    return {
        "keys": [
            {"keyId": key.key_id, "publicKey": key.public_key, "revoked": key.revoked}
            for key in public_keys(work)
        ]
    }


def _person_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound(type="Person") from error
