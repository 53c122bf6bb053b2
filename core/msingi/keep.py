"""What never changes for its key, kept per process: a product version, a price list of one revision."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from threading import Lock
from typing import Generic, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Keep(Generic[_Key, _Value]):
    """A bounded memory of immutable values; the one that was not used for longest falls out first.

    Only for values that their key determines for ever: nothing is ever told that a value is stale.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[_Key, _Value] = OrderedDict()
        self._lock = Lock()

    def get_many(
        self, keys: Iterable[_Key], load: Callable[[Collection[_Key]], Mapping[_Key, _Value]]
    ) -> dict[_Key, _Value]:
        """The values by key; ``load`` is called once with the keys that are not known, never under the lock.

        A key that ``load`` does not find is left out, and asked for again next time.
        """
        wanted = list(dict.fromkeys(keys))
        with self._lock:
            found = {key: self._values[key] for key in wanted if key in self._values}
            for key in found:
                self._values.move_to_end(key)
        missing = [key for key in wanted if key not in found]
        if missing:
            loaded = load(missing)
            self._remember(loaded)
            found.update(loaded)
        return found

    def _remember(self, loaded: Mapping[_Key, _Value]) -> None:
        with self._lock:
            self._values.update(loaded)
            while len(self._values) > self._size:
                self._values.popitem(last=False)
