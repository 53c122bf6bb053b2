"""The clients of a drill and their memory: every question and answer in a file outside the database."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import httpx2 as httpx
from tests.faults.conftest import PAUSE, Orchard
from tests.faults.served import PLANT, tree


class History:
    """An append-only file of what was asked and what was answered, by key."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        path.touch()

    def note(self, key: str, answer: Any = None) -> None:
        """Write one line down and out."""
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, "answer": answer}) + "\n")
            file.flush()

    def asked(self) -> list[str]:
        """Every key that was sent, in order."""
        return list(dict.fromkeys(line["key"] for line in self._lines()))

    def acknowledged(self) -> dict[str, Any]:
        """The first answer to each key that got one."""
        found: dict[str, Any] = {}
        for line in self._lines():
            if line["answer"] is not None:
                found.setdefault(line["key"], line["answer"])
        return found

    def _lines(self) -> Iterator[Any]:
        with self._lock:
            text = self._path.read_text(encoding="utf-8")
        return iter([json.loads(line) for line in text.splitlines()])


def plant(client: httpx.Client, orchard: Orchard, history: History, key: str) -> Any:
    """Ask for one tree under a key, and remember question and answer."""
    history.note(key)
    body = {"query": PLANT, "variables": tree(key, orchard.place)}
    reply = client.post("/graphql", json=body, headers={"idempotency-key": key})
    answer = reply.json()
    if "errors" not in answer:
        history.note(key, answer)
    return answer


@contextmanager
def clerks(orchard: Orchard, history: History, number: int) -> Iterator[None]:
    """Clients that plant one tree after the other until the server is gone or the drill is over."""
    over = threading.Event()
    work = partial(_work, orchard, history, over)
    threads = [threading.Thread(target=work, args=(name,)) for name in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _work(orchard: Orchard, history: History, over: threading.Event, name: int) -> None:
    keys = (f"tree-{name}-{number}" for number in count())
    with orchard.client() as client, suppress(httpx.TransportError):
        while not over.is_set():
            key = next(keys)
            while "errors" in plant(client, orchard, history, key) and not over.wait(PAUSE):
                pass
