"""The parameters of an address: the values of each name."""

from collections.abc import Iterable

UrlParameters = dict[str, list[str]]  # the values of each name, in their order


def group_parameters(pairs: Iterable[tuple[str, str]]) -> UrlParameters:
    """The values of each name, in their order."""
    parameters: UrlParameters = {}
    for name, value in pairs:
        parameters.setdefault(name, []).append(value)
    return parameters
