"""Sentences that can be translated: an English pattern and the values that are filled in."""

from collections.abc import Callable
from typing import Any, Self


class Translatable(str):
    """The sentence in English: `pattern`, filled with `values`, which may be sentences to be translated themselves.

    A pattern without values is taken as it is, with any braces in it.
    """

    __slots__ = ("pattern", "values")

    pattern: str
    values: dict[str, Any]

    def __new__(cls, pattern: str, /, **values: Any) -> Self:
        if isinstance(pattern, cls) and not values:
            return pattern
        self = super().__new__(cls, pattern.format(**values) if values else pattern)
        self.pattern, self.values = pattern, values
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return unpickle_translatable, (self.pattern, self.values)

    def localize(self, translated: Callable[[str], str]) -> str:
        """The sentence with the pattern and the sentences among the values translated."""
        pattern = translated(self.pattern)
        values = {
            name: value.localize(translated) if isinstance(value, Translatable) else value
            for name, value in self.values.items()
        }
        return pattern.format(**values) if values else pattern


class UserError(ValueError):
    """A request of the visitor that cannot be met; the page shows `message`, which says why."""

    def __init__(self, pattern: str, /, **values: Any) -> None:
        self.message = Translatable(pattern, **values)
        super().__init__(str(self.message))


def unpickle_translatable(pattern: str, values: dict[str, Any]) -> Translatable:
    return Translatable(pattern, **values)
