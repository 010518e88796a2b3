"""Messages to the player, and those that are accepted from it."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from app.browser import player_protocol
from app.browser.job_progress_labels import PROGRESS_LABELS
from app.browser.player_labels import LABELS
from app.browser.player_protocol import (
    MAX_LIST_LENGTH,
    RunPayload,
    decode_requested_columns,
    decode_start,
    decode_view,
    encode_runs,
)
from app.browser.static_file_routes import (
    APP,
    make_routes,
    page_files,
    player_files,
    player_folder,
    read_served,
    served_files,
)
from app.model.view_options import View
from app.session.playlist_scene_cards import SCENE_LIST_LABELS
from tests.support.binary_messages import decode_binary_message


def make_payload(n: int = 5, **changed: object) -> RunPayload:
    """A run of `n` iterates with all its columns; `changed` replaces columns or fields."""
    columns = {name: np.linspace(1, 2, n) ** 2 for name in ("x", "y", "loss", "gradient_norm", "step_length")}
    columns |= {name: value for name, value in changed.items() if isinstance(value, np.ndarray)}
    fields = {name: value for name, value in changed.items() if not isinstance(value, np.ndarray)}
    return RunPayload("a run", "lr 0.1", 0, columns, "Still going.", "running", n - 1)._replace(**fields)


def decode(message: bytes) -> tuple[dict, list[dict[str, np.ndarray]]]:
    """The slow truth of what `decodeRuns` in app/player/base/decode_message.js reads."""
    header, arrays = decode_binary_message(message)
    runs = []
    for i, run in enumerate(header["runs"]):
        columns = {name: arrays[f"{i}/{name}"] for name in run["columns"]}
        for name in run["ramps"]:
            first, step = columns[name]
            columns[name] = first + np.arange(run["length"]) * step
        runs.append(columns)
    return header, runs


def test_columns_come_back_as_they_were_sent() -> None:
    lr = np.array([0.1, 0.1, np.nan, 0.05, 0.05])
    header, (first, second) = decode(
        encode_runs([make_payload(), make_payload(lr=lr, name="é 中文")], ("lr",), steps=4, id="race")
    )
    assert header["steps"] == 4 and header["runs"][1]["name"] == "é 中文"
    assert "lr" not in first
    np.testing.assert_array_equal(second["lr"], lr.astype(np.float32))
    np.testing.assert_array_equal(first["loss"], (np.linspace(1, 2, 5) ** 2).astype(np.float32))


@pytest.mark.parametrize(
    ("changed", "length"),
    [
        ({}, 5),
        ({"last_step": 2}, 3),
        ({"loss": np.array([1.0, 2.0, np.inf, np.inf, np.inf])}, 2),
        ({"x": np.array([1.0, np.nan, 1.0, 1.0, 1.0]), "last_step": 3}, 1),
        ({"loss": np.array([np.nan] * 5)}, 0),
        ({"gradient_norm": np.array([1.0, np.inf, 1.0, 1.0, 1.0])}, 5),
    ],
)
def test_a_run_is_cut_at_its_last_finite_point(changed: dict, length: int) -> None:
    header, (columns,) = decode(encode_runs([make_payload(**changed)], steps=4))
    assert header["runs"][0]["length"] == length
    assert all(columns[name].size == length and np.isfinite(columns[name]).all() for name in ("x", "y", "loss"))


@pytest.mark.parametrize("extreme", [1e60, -1e300, 1e-60, 3.5e38])
def test_what_float32_cannot_hold_is_sent_as_float64(extreme: float) -> None:
    loss = np.array([1.0, 0.0, extreme, 2.0, 3.0])
    _, (columns,) = decode(encode_runs([make_payload(loss=loss)], steps=4))
    assert columns["loss"].dtype == np.float64 and columns["x"].dtype == np.float32
    np.testing.assert_array_equal(columns["loss"], loss)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_nan_or_infinity_reaches_the_header(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode_runs([make_payload()], steps=4, epoch=value)


@pytest.mark.parametrize("place", [(0.5, -1.25), (1, 2), (1e6, -1e6)])
def test_a_start_is_two_numbers_a_serial_and_whether_it_is_held(place: tuple[float, float]) -> None:
    sent = {"x": place[0], "y": place[1], "n": 1763800000000, "held": True}
    assert decode_start(sent) == (place, True, 0)
    assert decode_start(sent | {"held": False, "series": 12}) == (place, False, 12)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "1, 2",
        [1, 2],
        {"x": 1, "y": 2},
        {"x": 1, "y": None, "n": 1, "held": False},
        {"x": "1", "y": "2", "n": 1, "held": False},
        {"x": True, "y": 2, "n": 1, "held": False},
        {"x": float("nan"), "y": 2, "n": 1, "held": False},
        {"x": float("inf"), "y": 2, "n": 1, "held": False},
        {"x": 1.1e6, "y": 2, "n": 1, "held": False},
        {"x": 10**400, "y": 2, "n": 1, "held": False},
        {"x": 1, "y": 2, "n": 1.5, "held": False},
        {"x": 1, "y": 2, "n": -1, "held": False},
        {"x": 1, "y": 2, "n": 2**60, "held": False},
        {"x": 1, "y": 2, "n": True, "held": False},
        {"x": {"x": 1}, "y": [2], "n": 1, "held": False},
        {"x": 1, "y": 2, "n": 1},
        {"x": 1, "y": 2, "n": 1, "held": 1},
        {"x": 1, "y": 2, "n": 1, "held": False, "series": "a"},
    ],
)
def test_anything_else_is_ignored_with_a_line_in_the_log(sent: object, caplog: pytest.LogCaptureFixture) -> None:
    assert decode_start(sent) is None
    assert "ignored a start" in caplog.text


def test_every_bundle_and_style_sheet_is_served_under_one_hash_with_plotly_beside_it() -> None:
    paths = [route.path for route in make_routes()]
    assert {f"/{player_folder()}/{name}" for name in served_files()} < set(paths)
    assert sum("/plotly-" in path for path in paths) == 1
    assert "race/mount.js" in served_files() and "player/player.css" in served_files()


def test_every_word_the_player_asks_for_is_in_its_labels() -> None:
    sources = "".join(content.decode() for name, content in page_files("race").items() if name.endswith(".js"))
    words = {word.split("(")[0] for word in sources.replace("this.labels.", "labels.").split("labels.")[1:]}
    asked = {word[: next((i for i, c in enumerate(word) if not (c.isalnum() or c == "_")), None)] for word in words}
    assert asked and asked <= {*LABELS, *SCENE_LIST_LABELS, *PROGRESS_LABELS}


def test_only_what_is_wanted_is_sent_besides_what_is_always_shown() -> None:
    lr = np.full(5, 0.1)
    header, (columns,) = decode(encode_runs([make_payload(lr=lr, slope_x=lr)], ("slope_x", "no_such"), steps=4))
    assert set(columns) == {"x", "y", "loss", "gradient_norm", "slope_x"}
    assert {"lr", "slope_x", "step_length"} <= set(header["runs"][0]["has"])


@pytest.mark.parametrize("sent", ["lr", {"lr": 1}, [1], ["lr"] * (MAX_LIST_LENGTH + 1), ["x" * 41], [["lr"]], 7])
def test_a_wish_that_is_no_list_of_names_is_ignored(sent: object, caplog: pytest.LogCaptureFixture) -> None:
    assert decode_requested_columns(sent) == ()
    assert "ignored a wish" in caplog.text


def test_a_column_that_rises_evenly_is_sent_as_two_numbers() -> None:
    count = np.arange(5.0) * 3 + 1
    header, (columns,) = decode(encode_runs([make_payload(evaluations=count)], steps=4))
    assert header["runs"][0]["ramps"] == ["evaluations"]
    np.testing.assert_array_equal(columns["evaluations"], count)
    header, _ = decode(encode_runs([make_payload(evaluations=count**2)], steps=4))
    assert header["runs"][0]["ramps"] == []


def test_what_is_sent_of_a_run_that_stays_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    narrowed: list[np.ndarray] = []
    narrow = player_protocol.narrow_floats
    monkeypatch.setattr(player_protocol, "narrow_floats", lambda values: narrowed.append(values) or narrow(values))
    stays, first, second = (make_payload() for _ in range(3))
    encode_runs([stays, first])
    before = len(narrowed)
    message = encode_runs([stays._replace(name="another name"), second])
    assert len(narrowed) == 1.5 * before
    header, runs = decode(message)
    assert header["runs"][0]["name"] == "another name" and runs[0].keys() == runs[1].keys()
    assert "step_length" in decode(encode_runs([stays], ("step_length",)))[1][0], "columns that are asked for later"
    assert decode(encode_runs([stays._replace(last_step=2)]))[0]["runs"][0]["length"] == 3


LOOKED = {**View()._asdict(), "arrows": ["update", "slope"], "step": 3, "n": 5}


def test_a_view_comes_back_with_its_arrows_in_order_and_its_step_a_number() -> None:
    assert decode_view(LOOKED) == (View(arrows=("slope", "update"), step=3.0), 0, 0)


def test_the_part_of_the_landscape_that_is_looked_at_comes_back() -> None:
    change = decode_view({**LOOKED, "x": [-1, 2.5], "y": [0, 1e-3], "opening": 4, "place": 2})
    assert change is not None
    assert (change.view.x, change.view.y, change.playlist_index, change.opening) == ((-1.0, 2.5), (0.0, 0.001), 2, 4)


@pytest.mark.parametrize(
    "sent", [None, 3, [], "view", {}, *({k: v for k, v in LOOKED.items() if k != name} for name in LOOKED)]
)
def test_a_view_with_a_part_missing_is_ignored(sent: object) -> None:
    assert decode_view(sent) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"mode": "globe"},
        {"mode": ["contour"]},
        {"arrows": "slope"},
        {"arrows": ["slope", 3]},
        {"arrows": [["slope"]]},
        {"arrows": ["north"]},
        {"step": -1},
        {"step": float("nan")},
        {"step": 1e300},
        {"step": True},
        {"step": "3"},
        {"x": [2, 1]},
        {"x": [1, 1]},
        {"y": [0, float("inf")]},
        {"y": [0, 1e300]},
        {"x": [0, 1, 2]},
        {"x": "01"},
        {"x": [False, True]},
        {"x": 3},
        {"opening": -1},
        {"opening": "1"},
        {"strip": "hyper_nonsense"},
        {"strip": {}},
        {"over": None},
        {"n": -1},
        {"n": None},
        {"more": 1},
        {1: 2},
    ],
)
def test_a_view_that_is_none_is_ignored(changed: dict, caplog: pytest.LogCaptureFixture) -> None:
    assert decode_view({**LOOKED, **changed}) is None
    assert "ignored a view" in caplog.text


def test_infinities_are_no_ramp_and_no_warning() -> None:
    values = np.array([1.0, np.inf, np.inf, np.inf, 2.0])
    _, (run,) = decode(encode_runs([make_payload(gradient_norm=values)]))
    np.testing.assert_array_equal(run["gradient_norm"], values)


def test_lines_of_comments_are_not_served(tmp_path: Path) -> None:
    file = tmp_path / "module.js"
    file.write_text(
        "// Says nothing.\nconst address = `\n  https://lab.example/`; // kept\n  // not kept\nexport { address };\n"
    )
    assert read_served(file) == b"\nconst address = `\n  https://lab.example/`; // kept\n\nexport { address };\n"
    code = b"".join(
        content for name, content in player_files().items() if name.endswith(".js") and "vendor" not in name
    )
    assert b"\n//" not in code and b"\n  //" not in code


def test_what_others_wrote_is_unchanged_and_has_its_licence() -> None:
    """By the sum of the file that the npm package has; a change would be ours to keep."""
    name = "player/vendor/gifenc-1.0.3/gifenc.esm.js"
    assert (
        sha256(player_files()[name]).hexdigest() == "217761244379253ba5815510d3048a4fb1f4c4dbe9fb51a5cfbfe26f34eec093"
    )
    assert "MIT" in (APP / name).with_name("LICENSE.md").read_text(encoding="utf-8")
