"""Lecture mode of the training laboratory without a browser: its link, what leaves it, the code, and bad messages."""

from typing import Any

from streamlit.testing.v1 import AppTest

from app.scene_text.url_parameters_by_name import group_parameters
from app.session.scene_editor import find_scene_of_link
from app.training_scenes.training_link import is_linkable, write_parameters
from app.training_scenes.training_names import describe_model
from app.training_scenes.training_scene import ChosenTraining, TrainingScene
from tests.support.training_pages import open_training, read_picture, send

DATA, TRAINING = "xor(epochs=4)", "network(width=6,batch_size=16)"


def read_header(page: AppTest) -> dict[str, Any]:
    header, _ = read_picture(page)
    return header


def test_a_link_of_a_lecture_has_the_picture_alone_and_leaving_it_gives_the_panel_back() -> None:
    page = open_training(data=DATA, train=TRAINING, mode="lecture")
    assert read_header(page)["lecture"] == {"on": True, "place": 0, "places": 0, "question": "", "shown": True}
    assert not page.sidebar.selectbox and "leave_lecture" in {button.key for button in page.button}
    for nonsense in ({"lecture": 2, "n": 1}, {"lecture": "0", "n": 2}, {"lecture": 0}, {"n": 3}):
        send(page, "lecture", nonsense)
        assert read_header(page)["lecture"]["on"]
    page.button(key="leave_lecture").click().run()
    assert not read_header(page)["lecture"]["on"] and page.sidebar.selectbox
    assert sorted(page.query_params) == ["data", "train"]
    assert page.session_state["training"].past == ()  # it is no step of undo


def test_the_mode_is_entered_from_the_picture_and_stands_in_the_link() -> None:
    page = open_training(data=DATA, train=TRAINING)
    assert not read_header(page)["lecture"]["on"]
    send(page, "lecture", {"lecture": 1, "n": 1})
    assert read_header(page)["lecture"]["on"] and "lecture" in page.query_params["mode"]
    send(page, "selected", {"index": 5, "n": 2})
    send(page, "place", {"place": 3, "n": 3})  # there is no playlist
    assert read_header(page)["lecture"]["on"]


def test_another_mode_than_that_of_a_lecture_is_none() -> None:
    assert not read_header(open_training(data=DATA, mode="party"))["lecture"]["on"]


def test_the_code_for_the_audience_is_the_link_of_the_scene_without_the_mode() -> None:
    page = open_training(data=DATA, train=TRAINING, mode="lecture", language="zh")
    send(page, "scan", {"scan": 1, "n": 1})
    scan = read_header(page)["lecture"]["scan"]
    assert scan["link"].endswith(f"?data={DATA}&train={TRAINING}&language=zh") and len(scan["rows"]) > 20
    send(page, "lecture", {"lecture": 0, "n": 2})
    assert "scan" not in read_header(page)["lecture"]


def test_what_is_trained_is_told_with_the_sizes_of_its_layers() -> None:
    page = open_training(data=DATA, train=TRAINING)
    assert read_header(page)["model"] == "Fully connected network 2-6-2 · ReLU"
    assert describe_model(ChosenTraining(model="softmax"), (64, 10)) == "Softmax classifier 64-10"


def test_a_table_that_no_link_holds_is_found_again_in_a_lecture_and_in_another_language() -> None:
    scene = TrainingScene(data="own", table="x,kind\n" + "1.5,a\n2.5,b\n" * 400)
    assert not is_linkable(scene)
    link = group_parameters(write_parameters(scene))
    for address in (link, link | {"mode": ["lecture"]}, link | {"language": ["zh"], "mode": ["lecture"]}):
        assert find_scene_of_link([TrainingScene(), scene], write_parameters, address) is scene
    assert find_scene_of_link([TrainingScene(), scene], write_parameters, link | {"show": ["2"]}) is None


def test_what_is_ahead_of_the_clock_is_hidden_in_a_lecture_unless_the_link_says_otherwise() -> None:
    page = open_training(data=DATA, train=TRAINING)
    assert (read_header(page)["suspense"], read_header(page)["future"]) == (False, "auto")
    send(page, "ahead", {"value": "hidden", "n": 1})
    assert read_header(page)["future"] == "hidden" and page.query_params["future"] == "hidden"
    for payload in ({"value": "later", "n": 2}, {"value": ["shown"], "n": 3}, {"value": "shown", "n": -1}, None, 7):
        send(page, "ahead", payload)  # type: ignore[arg-type]
        assert page.query_params["future"] == "hidden"
    send(page, "ahead", {"value": "auto", "n": 4})
    assert "future" not in page.query_params
    send(page, "lecture", {"lecture": 1, "n": 5})
    assert (read_header(page)["suspense"], read_header(page)["future"]) == (True, "auto")
    assert read_header(open_training(data=DATA, train=TRAINING, future="shown"))["future"] == "shown"
