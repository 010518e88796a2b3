"""A page that is saved as one HTML file: its elements, their texts, and what is packed in it."""

import base64
import gzip
from html.parser import HTMLParser


class ParsedPage(HTMLParser):
    """The elements of a page with their texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.is_in_element = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")
        self.is_in_element = True

    def handle_endtag(self, tag: str) -> None:
        self.is_in_element = False

    def handle_data(self, data: str) -> None:
        if self.is_in_element:
            self.texts[-1] += data

    def get_text(self, tag: str, **attributes: str) -> str:
        (text,) = (
            text
            for (name, attrs), text in zip(self.elements, self.texts, strict=True)
            if name == tag and attributes.items() <= attrs.items()
        )
        return text

    def unpack(self, name: str) -> str:
        return gzip.decompress(base64.b64decode(self.get_text("script", id=name))).decode()
