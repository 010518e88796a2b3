"""A file that was asked for is there until the browser has had time to fetch it."""

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from app.server import download_retention


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(download_retention, "monotonic", lambda: now[0])
    monkeypatch.setattr(MediaFileManager, "_get_inactive_file_ids", download_retention.list_long_unused)
    return now


def test_a_file_outlives_the_runs_of_other_visitors_and_is_deleted_later(clock: list[float]) -> None:
    storage = MemoryMediaFileStorage("/media")
    files = MediaFileManager(storage)
    url = files.execute_deferred(files.add_deferred(lambda: "curves", "text/csv", "place", "curves.csv"))
    name = url.rpartition("/")[2]
    for clock[0] in (0, 1, 2, download_retention.KEPT_SECONDS - 1):
        files.remove_orphaned_files()
        assert storage.get_file(name).content == b"curves"
    clock[0] = download_retention.KEPT_SECONDS
    for _ in range(2):  # the first marks it
        files.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)
