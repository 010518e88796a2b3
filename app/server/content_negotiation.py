"""What a request says of compressed answers and of those that it has already (RFC 9110, 12.5.3 and 13.1.2)."""

from starlette.datastructures import Headers


def accepts_gzip(headers: Headers) -> bool:
    """Whether gzip may be sent, and is not less welcome than the content as it is."""
    weights: dict[str, float] = {}
    for said in ",".join(headers.getlist("accept-encoding")).split(","):
        coding, *parameters = (part.strip().lower() for part in said.split(";"))
        if coding:
            weights["gzip" if coding == "x-gzip" else coding] = parse_quality(parameters)
    gzip = weights.get("gzip", weights.get("*", 0.0))
    return gzip > 0 and gzip >= weights.get("identity", 0.0)


def parse_quality(parameters: list[str]) -> float:
    """The q of a coding, from 0 (not at all) to 1; 0 where it cannot be read."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                said = float(value)
            except ValueError:
                return 0.0
            return said if 0 <= said <= 1 else 0.0
    return 1.0


def matches_etag(headers: Headers, etag: str) -> bool:
    """Whether the client has the answer with this entity tag. A tag is the same with and without `W/` before it."""
    known = [tag.strip() for tag in ",".join(headers.getlist("if-none-match")).split(",")]
    return "*" in known or any(tag.removeprefix("W/") == etag for tag in known)
