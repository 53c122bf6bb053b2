"""The stage: actors of the story speak to the real HTTP API, and every exchange is printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2 as httpx
import orjson
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from msingi.platform import Platform

SHOWN_CHARACTERS = 600
KEPT = Path(".msingi")
"""Where a demonstration keeps its files."""


class StoryFailed(Exception):
    """The API answered something that the story did not expect."""


@dataclass(slots=True)
class Credential:
    """One person of the cast: how they sign in, and their token once they have."""

    username: str
    password: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(slots=True)
class Stage:
    """Where the story happens: an HTTP client, the cast, and what earlier scenes left for later ones."""

    platform: "Platform"
    client: httpx.Client
    console: Console
    language: str
    cast: dict[str, Credential] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def title(self, *, fr: str, en: str) -> None:
        """Announce a scene."""
        self.console.print()
        self.console.rule(f"[bold]{escape(fr if self.language == 'fr' else en)}[/bold]", align="left")

    def say(self, *, fr: str, en: str) -> None:
        """Tell what happens."""
        self.console.print(escape(fr if self.language == "fr" else en))

    def ask(
        self,
        who: str,
        document: str,
        variables: Mapping[str, Any] | None = None,
        *,
        refused: str | None = None,
        key: str | None = None,
    ) -> Any:
        """Send one GraphQL document as somebody and print the exchange.

        Returns the data; or the first error when ``refused`` names the code that the story expects.

        Raises:
            StoryFailed: the answer is an error and none was expected, or the other way round.

        """
        reply = self.client.post(
            "/graphql", content=_body(document, variables), headers=self._headers(who, key)
        )
        answer: dict[str, Any] = orjson.loads(reply.content)
        self._show(who, document, variables, answer)
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        if codes != ([refused] if refused else []):
            raise StoryFailed(
                f"{who}: expected {refused or 'an answer'}, got {codes or 'an answer'}: {answer}"
            )
        return answer["errors"][0] if refused else answer["data"]

    def sign_in(self, who: str, *, new_password: str | None = None) -> None:
        """Sign in by user name and password, choosing a new one where the first is a one-time password."""
        credential = self.cast[who]
        variables = {"username": credential.username, "password": credential.password, "new": new_password}
        document = (
            "mutation($username: String!, $password: String!, $new: String) {"
            " login(username: $username, password: $password, newPassword: $new) { token displayName } }"
        )
        reply = self.client.post(
            "/graphql", content=_body(document, variables), headers=self._headers(None, None)
        )
        answer: dict[str, Any] = orjson.loads(reply.content)
        if answer.get("errors"):
            raise StoryFailed(f"{who} cannot sign in: {answer}")
        credential.token = answer["data"]["login"]["token"]
        credential.password = new_password or credential.password
        self._line(who, "login(username, password) → ✓")

    def download(self, who: str, path: str) -> bytes:
        """Fetch a file over REST as somebody.

        Raises:
            StoryFailed: the server refused.

        """
        reply = self.client.get(path, headers=self._headers(who, None))
        if reply.status_code != httpx.codes.OK:
            raise StoryFailed(f"{who}: GET {path} answered {reply.status_code}")
        self._line(who, f"GET {path} → {reply.headers['content-type']}, {len(reply.content)} bytes")
        return reply.content

    def keep(self, name: str, content: bytes) -> Path:
        """Keep a file of the story beside the demonstration's database and return its path."""
        KEPT.mkdir(exist_ok=True)
        path = KEPT / name
        path.write_bytes(content)
        return path

    def expect(self, condition: object, otherwise: str) -> None:
        """Go on only when what the story promises holds.

        Raises:
            StoryFailed: it does not.

        """
        if not condition:
            raise StoryFailed(otherwise)

    def _headers(self, who: str | None, key: str | None) -> dict[str, str]:
        headers = {
            "content-type": "application/json",
            "accept-language": self.language,
            "x-msingi-request": "1",
        }
        if who is not None:
            headers["authorization"] = f"Bearer {self.cast[who].token}"
        if key is not None:
            headers["idempotency-key"] = key
        return headers

    def _show(
        self, who: str, document: str, variables: Mapping[str, Any] | None, answer: dict[str, Any]
    ) -> None:
        self._line(who, " ".join(document.split()))
        if variables:
            self.console.print(
                f"    [dim]{escape(_cut(orjson.dumps(variables).decode()))}[/dim]", soft_wrap=True
            )
        for error in answer.get("errors", ()):
            self.console.print(
                f"  [red]✗ {error['extensions']['code']}[/red]: {escape(error['message'])}", soft_wrap=True
            )
        if answer.get("data"):
            self.console.print(
                f"  [green]←[/green] {escape(_cut(orjson.dumps(answer['data']).decode()))}", soft_wrap=True
            )

    def _line(self, who: str, text: str) -> None:
        self.console.print(f"  [bold cyan]{escape(who)}[/bold cyan] → {escape(_cut(text))}", soft_wrap=True)


def _body(document: str, variables: Mapping[str, Any] | None) -> bytes:
    return orjson.dumps({"query": document, "variables": variables or {}})


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]} …"
