"""A sentence that can be said in another language: its pattern, and the values that are filled in."""

from collections.abc import Callable
from typing import Any, Self


class Translatable(str):
    """The sentence in English, `pattern` with its `values`; of them, those that are sentences can be translated too.

    Without values a pattern is taken as it is, braces and all.
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

    def said(self, translated: Callable[[str], str]) -> str:
        """The sentence with pattern and inner sentences translated."""
        pattern = translated(self.pattern)
        values = {
            name: value.said(translated) if isinstance(value, Translatable) else value
            for name, value in self.values.items()
        }
        return pattern.format(**values) if values else pattern


def unpickle_translatable(pattern: str, values: dict[str, Any]) -> Translatable:
    """The sentence that was pickled."""
    return Translatable(pattern, **values)
