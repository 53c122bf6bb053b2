"""What runs in the processes that a drill kills or starves: a small served platform, a writer under a limit."""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import garden
import uvicorn

from msingi.actor import Actor, ActorKind, GrantSet
from msingi.cli.forked import Supervisor
from msingi.cli.serving import bind
from msingi.edge import configure_logs
from msingi.http import create_app
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.testing import small_profile

PLANT = "mutation($input: TreeInput!) { plantTree(input: $input) { id label } }"
COUNT = "{ trees { totalCount } }"


def open_garden(profile: dict[str, Any]) -> Platform:
    """The garden under the real clock."""
    return Platform(small_profile(modules=["garden"], **profile), plugins=[garden.plugin])


def serve(profile: dict[str, Any], port: int) -> None:
    """Serve the garden until killed."""
    configure_logs(stream=sys.stderr)
    uvicorn.run(
        create_app(open_garden(profile)), host="127.0.0.1", port=port, log_config=None, access_log=False
    )


def serve_forked(profile: dict[str, Any], port: int, workers: int) -> None:
    """Serve the garden by several processes until told to stop."""
    configure_logs(stream=sys.stderr)
    platform = open_garden(profile)
    app = create_app(platform)
    platform.database.dispose()
    os._exit(Supervisor(app, bind("127.0.0.1", port), workers=workers).run())


def gardener(place: UUID) -> Actor:
    """Somebody who may read and plant at a place."""
    rights = frozenset({"garden.read", "garden.plant"})
    return Actor(ActorKind.USER, id=new_id(), name="gardener", grants=GrantSet({place: rights}))


def tree(label: str, place: UUID | str) -> dict[str, Any]:
    """The variables of ``PLANT``."""
    return {"input": {"label": label, "kind": "MANGO", "jurisdictionId": str(place)}}


def plant_under_a_limit(profile: dict[str, Any], place: str, room: int, report: str) -> None:
    """Plant trees while no file may grow by more than ``room`` bytes, then once more without the limit (F9)."""
    platform = open_garden(profile)
    actor = gardener(UUID(place))
    planted: list[int] = []
    refused: dict[str, Any] = {}

    def plant(number: int) -> dict[str, Any]:
        variables = tree(f"{number:06} {'x' * 40}", place)
        return platform.graphql.run(PLANT, variables, actor=actor, idempotency_key=str(number))

    plant(0)
    largest = max(path.stat().st_size for path in Path(report).parent.iterdir())
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest + room, hard))
    for number in range(1, 5000):
        answer = plant(number)
        if "errors" in answer:
            refused = {"number": number, "code": answer["errors"][0]["extensions"]["code"]}
            break
        planted.append(number)
    during = platform.graphql.run(COUNT, actor=actor)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    after = plant(refused["number"])
    Path(report).write_text(
        json.dumps({"planted": planted, "refused": refused, "during": during, "after": after}),
        encoding="utf-8",
    )
