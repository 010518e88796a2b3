"""Go to a page of the app in AppTest, also before its first run, when it knows pages by the names of files alone."""

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash


def switch_page(page: AppTest, address: str) -> AppTest:
    """The page that has this address: race, lessons, maps, playlist or about."""
    page._page_hash = calc_hash(address)
    return page
