"""A plugin that does everything wrong: raises wherever it may, and sleeps until it is told to wake up."""

import threading
from collections.abc import Sequence
from uuid import UUID

from garden import Tree, TreePlanted
from sqlalchemy import select

from msingi import PUBLIC, Plugin, Work
from msingi.http.rest import RestRequest
from msingi.jobs import Progress

plugin = Plugin("hostile", requires=["garden"])
asleep = threading.Semaphore(0)
"""Counts the calls that have fallen asleep."""
alarm = threading.Event()


class Hostile(Exception):
    """What the plugin raises; its message stands for a patient's name."""


@plugin.extend(Tree, allow=PUBLIC)
def curse(trees: Sequence[Tree], work: Work) -> dict[UUID, str]:
    """Break for every tree."""
    raise Hostile("Awa Ngo")


@plugin.query(allow=PUBLIC)
def nap(work: Work) -> str:
    """Sleep until the alarm."""
    asleep.release()
    alarm.wait(60)
    return "awake"


@plugin.query(allow=PUBLIC)
def one(work: Work) -> int:
    """Ask the database for the number one."""
    return int(work.session.scalar(select(1)) or 0)


@plugin.route("GET", "/one", allow=PUBLIC)
def one_by_rest(work: Work, request: RestRequest) -> int:
    """The same at the REST door."""
    return one(work)


@plugin.route("GET", "/curse", allow=PUBLIC)
def curse_by_rest(work: Work, request: RestRequest) -> str:
    """Break at the REST door."""
    raise Hostile("Awa Ngo")


@plugin.job(attempts=1)
def curse_at_night(work: Work, progress: Progress) -> None:
    """Break as a job."""
    raise Hostile("Awa Ngo")


@plugin.on(TreePlanted)
def curse_planting(event: TreePlanted, work: Work) -> None:
    """Break inside the transaction of another plugin, for cursed labels only."""
    if event.label == "cursed":
        raise Hostile("Awa Ngo")
