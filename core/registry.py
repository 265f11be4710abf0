"""What rooms say of their kinds of case for a room below: one class for each kind, and a default for every other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class ByKind(Generic[T]):
    """Classes by the model of the case that they are about; a room registers its own when it is ready."""

    def __init__(self, default: type[T]):
        self.default = default
        self._classes: dict[type, type[T]] = {}

    def register(self, model: type) -> Callable[[type[T]], type[T]]:
        """Decorator: this class is the one for cases of `model`. Raises ValueError where there is one already."""
        if model in self._classes:
            raise ValueError(f"{model.__name__} has {self._classes[model].__name__}")

        def add(cls: type[T]) -> type[T]:
            self._classes[model] = cls
            return cls

        return add

    def of(self, model: type) -> type[T]:
        """The class for cases of a model: the registered one, else the default."""
        return self._classes.get(model, self.default)

    def for_case(self, case: Any) -> type[T]:
        """The class for a case."""
        return self.of(type(case))
