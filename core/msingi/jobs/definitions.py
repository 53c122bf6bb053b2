"""What a job's name stands for: the jobs of the enabled plugins and their handlers after the commit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ForwardRef

from pydantic import TypeAdapter

from msingi.jobs.progress import Progress
from msingi.plugin import Handler, Job, Plugin

if TYPE_CHECKING:
    from msingi.work import Work

AFTER_ATTEMPTS = 20
"""Attempts of a handler after the commit: about half a day of an unreachable neighbour before it is parked (I6)."""

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Definition:
    """A runnable job: how to call it, how often to try, how often it returns."""

    name: str
    call: Callable[["Work", Progress, Arguments], None]
    attempts: int
    every: timedelta | None = None


def definitions_of(plugins: Iterable[Plugin[Any]], after: Mapping[str, Handler]) -> dict[str, Definition]:
    """Every job that this installation can run, by name."""
    found = {job.name: _of_job(job) for plugin in plugins for job in plugin.contributions.jobs}
    return found | {name: _of_handler(name, handler) for name, handler in after.items()}


def _of_job(job: Job) -> Definition:
    typed = _reader(job.function)

    def call(work: "Work", progress: Progress, arguments: Arguments) -> None:
        job.function(work, progress, **typed(arguments))

    return Definition(job.name, call, job.attempts, job.every)


def _of_handler(name: str, handler: Handler) -> Definition:
    def call(work: "Work", _progress: Progress, arguments: Arguments) -> None:
        handler.function(handler.event.model_validate(arguments["event"]), work)

    return Definition(name, call, AFTER_ATTEMPTS)


def _reader(function: Callable[..., None]) -> Callable[[Arguments], dict[str, Any]]:
    """Turn stored JSON into the types that the function's parameters name; made when a job first runs."""
    adapter = cache(lambda name: _adapter(function, name))
    return lambda arguments: {name: adapter(name).validate_python(value) for name, value in arguments.items()}


def _adapter(function: Callable[..., None], name: str) -> TypeAdapter[Any]:
    hint = function.__annotations__.get(name, Any)
    if isinstance(hint, str):
        hint = ForwardRef(hint, module=function.__module__)
    return TypeAdapter(hint)
