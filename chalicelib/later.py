"""Modules of the standard library that libraries import at their start, and that come when something in them is first used.

What they are for (profiles in files, commands, XML, sorting by language) does not happen in most processes. `importlib`'s own LazyLoader
does not do: the next `import` of such a module already loads it.
"""

from __future__ import annotations

import sys
import threading
from importlib import import_module
from types import ModuleType
from typing import Any, Final

MODULES: Final = ("configparser", "locale", "shlex", "subprocess", "tempfile", "xml.etree.ElementTree")
_ONE_AT_A_TIME: Final = threading.Lock()


class Later(ModuleType):
    """Stands where a module will be, and answers with what that has."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what Python asks of any module that it meets
            raise AttributeError(name)
        with _ONE_AT_A_TIME:
            if sys.modules.get(self.__name__) is self:
                del sys.modules[self.__name__]
        # Outside of it: who holds the lock of an import may need another of these, and would wait for us who wait for that import.
        return getattr(import_module(self.__name__), name)


def put_off(modules: tuple[str, ...] = MODULES) -> None:
    """Each that is not there yet."""
    for name in modules:
        if name not in sys.modules:
            if parent := name.rpartition(".")[0]:
                import_module(parent)
            sys.modules[name] = Later(name)
