"""Keep a file that a visitor asks for until the browser has fetched it.

A file that is made when its button is pressed belongs to no element of a page. Streamlit deletes it once two runs of a
page have ended, of any visitor: where there are many, or where a page asks twice a second whether its work is done,
that is before the browser has asked for the file, and it is told that there is none.
"""

from time import monotonic
from weakref import WeakKeyDictionary

from streamlit.runtime.media_file_manager import MediaFileManager

KEPT_SECONDS = 60.0
original_list_unused = MediaFileManager._get_inactive_file_ids
unused_since: WeakKeyDictionary[MediaFileManager, dict[str, float]] = WeakKeyDictionary()  # seconds, by a file's ID


def keep_downloads() -> None:
    """Replace the method by which Streamlit finds files to delete."""
    MediaFileManager._get_inactive_file_ids = list_long_unused  # type: ignore[method-assign]


def list_long_unused(files: MediaFileManager) -> set[str]:
    """The IDs of the files that no page has shown for `KEPT_SECONDS`; called with the lock of `files` held."""
    now, since = monotonic(), unused_since.get(files, {})
    unused_since[files] = since = {file_id: since.get(file_id, now) for file_id in original_list_unused(files)}
    return {file_id for file_id, start in since.items() if now - start >= KEPT_SECONDS}
