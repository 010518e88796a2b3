"""Read the headers of a request that tell which answers its client accepts and has (RFC 9110, 12.5.3 and 13.1.2)."""

from starlette.datastructures import Headers


def accepts_gzip(headers: Headers) -> bool:
    """Whether the client accepts gzip, with no lower weight than uncompressed content."""
    weights: dict[str, float] = {}
    for entry in ",".join(headers.getlist("accept-encoding")).split(","):
        coding, *parameters = (part.strip().lower() for part in entry.split(";"))
        if coding:
            weights["gzip" if coding == "x-gzip" else coding] = parse_quality(parameters)
    gzip = weights.get("gzip", weights.get("*", 0.0))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def parse_quality(parameters: list[str]) -> float:
    """The weight q of a coding, from 0 (not accepted) to 1; 0 if it cannot be read."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0.0
            return quality if 0 <= quality <= 1 else 0.0
    return 1.0


def matches_etag(headers: Headers, etag: str) -> bool:
    """Whether the client has the answer with this entity tag; a `W/` before a tag makes no difference."""
    tags = [tag.strip() for tag in ",".join(headers.getlist("if-none-match")).split(",")]
    return "*" in tags or any(tag.removeprefix("W/") == etag for tag in tags)
