"""The public face of a package: names that other packages may import, each loaded from its file when first used."""

from collections.abc import Callable, Mapping
from importlib import import_module


def lazy_face(package: str, homes: Mapping[str, str]) -> tuple[list[str], Callable[[str], object]]:
    """What a package's ``__init__`` assigns to ``__all__`` and ``__getattr__``.

    ``homes`` gives by the path of a file below the package the names that it defines, with spaces between them; an
    import under ``TYPE_CHECKING`` as ``Name as Name`` says the same to editors and type checkers.
    """
    found = {name: home for home, names in homes.items() for name in names.split()}

    def load(name: str) -> object:
        if name not in found:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=package)
        return getattr(import_module(f"{package}.{found[name]}"), name)

    return sorted(found), load
