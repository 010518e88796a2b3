"""`make pictures`: the README's animation and the screenshots of docs/gallery.md, of the running app."""

import sys
from collections.abc import Callable

from playwright.sync_api import Browser, Page, sync_playwright

from app.browser.player_labels import LABELS
from app.model.presets import DEFAULT_SCENE, PRESETS
from app.scene_text.playlist import pack
from app.scene_text.writer import write_query
from tests.support.server_and_browser import ROOT, launch_chromium, serve_app

STEP = 60  # of the first scene: paths, curves and heads are all seen
FOLDER = ROOT / ".pictures"
ANIMATION = "animation"  # its name among the pictures
ANIMATED = (  # also the README's first link
    "surface=ravine()&start=-9,2.5&steps=150"
    "&run=sgd(lr=0.005)&run=momentum(lr=0.005)&run=nesterov(lr=0.005)&run=adam(lr=0.2)"
)


def show_race(page: Page) -> None:
    page.evaluate(f"window.__descent.seek({STEP})")


def show_models(page: Page) -> None:
    """Newton's model and the arrows at the heads, and the rule of L-BFGS with its numbers."""
    page.get_by_text("Newton or L-BFGS", exact=True).click()
    page.get_by_role("row", name="SciPy").wait_for()
    page.locator(".descent-menu summary").click()
    for name in ("Downhill, −∇f", "The next update", "Newton's quadratic model"):
        page.get_by_role("checkbox", name=name).check()
    page.locator(".descent-menu summary").click()
    page.get_by_role("button", name="L-BFGS", exact=True).click()
    page.locator("section.descent-rule").wait_for()
    page.evaluate("window.__descent.seek(3)")
    page.add_style_tag(content=".descent { --descent-height: 27em !important; }")  # room for the rule


def show_space(page: Page) -> None:
    page.get_by_text("The Adam family", exact=True).click()
    page.get_by_role("row", name="AMSGrad").wait_for()
    page.evaluate("window.__descent.seek(60)")
    page.get_by_role("button", name="3-D").click()
    page.wait_for_function("window.__descent.space?.heads?.length")
    page.wait_for_timeout(3000)  # drawn by the processor


def show_own_function(page: Page) -> None:
    """A function that a visitor typed."""
    chooser = page.get_by_role("combobox", name="Surface").first
    chooser.fill("own function")
    chooser.press("Enter")
    page.locator("[data-testid=stSidebar] .katex").first.wait_for()
    page.wait_for_timeout(1000)
    page.evaluate("window.__descent.seek(40)")


def show_lesson(page: Page) -> None:
    """A ball that rolls, after the prediction."""
    page.get_by_role("link", name="Lessons").click()
    page.get_by_role("link", name="Momentum: a ball that rolls").click()
    page.get_by_role("button", name="Momentum, the ball").click()
    page.wait_for_function("window.__descent.column(1, 'loss')?.length > 100")
    page.evaluate("window.__descent.seek(150)")  # the end, where the explanation is told


def show_chinese(page: Page) -> None:
    page.get_by_text("Newton or L-BFGS", exact=True).click()
    page.get_by_role("row", name="SciPy").wait_for()
    page.get_by_role("button", name="中文").click()
    page.get_by_role("button", name="播放").or_(page.get_by_role("button", name="暂停")).wait_for()
    page.evaluate("window.__descent.seek(20)")


def show_lecture(page: Page) -> None:
    """A question before the race."""
    packed = pack(
        f"?{write_query(PRESETS['Newton or L-BFGS'])} Which one is at the minimum first?\n"
        f"?{write_query(DEFAULT_SCENE)}\n"
    )
    page.goto(f"{page.url.partition('?')[0]}?playlist={packed}&place=1&mode=lecture")
    page.get_by_role("button", name="Show what happens").wait_for()


def show_own_data(page: Page) -> None:
    """A straight line through braking distances."""
    chooser = page.get_by_role("combobox", name="Surface").first
    chooser.fill("own data")
    chooser.press("Enter")
    page.get_by_role("img", name="The data and the fit").wait_for()
    page.wait_for_timeout(1000)
    page.evaluate("window.__descent.seek(40)")


def show_map(address: str, boards: int = 1, point: tuple[int, int] | None = None) -> Callable[[Page], None]:
    """A function that shows a finished map, with the pointer on its last panel."""

    def show(page: Page) -> None:
        page.goto(f"{page.url.partition('?')[0]}maps?{address}")
        page.locator(".descent-map[data-state=done]").nth(boards - 1).wait_for(timeout=120_000)
        if point:
            page.locator(".descent-map-plot").nth(boards - 1).hover(position={"x": point[0], "y": point[1]})

    return show


def show_gradient_check(page: Page) -> None:
    """A right gradient that a kink within h makes look wrong."""
    page.goto(f"{page.url.partition('?')[0]}gradient-check?trap=kink")
    page.locator(".descent-check[data-state=done]").wait_for(timeout=120_000)


def show_bug_hunt(page: Page) -> None:
    """A check that fails and one that passes, before the block is named."""
    page.goto(f"{page.url.partition('?')[0]}bug-hunt?hunt=7&check=centred(steps=30,l2=0.1,count=20)")
    for count, layer in enumerate((3, 4), 1):
        page.get_by_role("button", name=f"Layer {layer}").click()
        page.locator(".descent-hunt-block[aria-pressed=true]").filter(has_text=f"W{layer}").wait_for()
        page.locator(".descent-hunt-block[aria-pressed=false]").filter(has_text="W1").wait_for()
        page.locator(".descent-hunt-go").click()
        page.locator(f".descent-hunt[data-checks='{count}']").wait_for()
    page.mouse.move(700, 20)


def show_training(page: Page) -> None:
    """Four learning rates, and what the curves of the highest say."""
    trainings = "&".join(f"train=network({SMOOTH},optimizer=sgd(lr={lr}))" for lr in (0.002, 0.1, 2, 4))
    page.goto(f"{page.url.partition('?')[0]}training?{trainings}&show=4")
    page.locator(".descent-training[data-state=done]").wait_for(timeout=120_000)


def show_regions(page: Page) -> None:
    """Three classifiers on spirals, and where each is wrong."""
    trainings = "&".join(f"train={model}" for model in SPIRAL_MODELS)
    page.goto(f"{page.url.partition('?')[0]}training?data=spirals(epochs=100)&{trainings}")
    page.locator(".descent-training[data-state=done]").wait_for(timeout=120_000)
    page.locator(".descent-training-regions").evaluate("(part) => part.scrollIntoView()")


def show_weights(page: Page) -> None:
    """The landscape along the path of a training, and the path of another one."""
    trainings = "&".join(
        f"train=network(width=30,optimizer={optimizer})" for optimizer in ("sgd(lr=0.5)", "momentum()")
    )
    page.goto(f"{page.url.partition('?')[0]}training?data=spirals(epochs=50)&{trainings}")
    page.locator(".descent-training[data-state=done]").wait_for(timeout=120_000)
    page.get_by_role("button", name="Draw the landscape").click()
    landscape = page.locator(".descent-training-landscape[data-state=done]")
    landscape.wait_for(timeout=120_000)
    landscape.evaluate("(part) => part.scrollIntoView()")


def show_about(page: Page) -> None:
    page.get_by_role("link", name="About").click()
    page.locator(".st-key-about table").first.wait_for()


SPIRAL_MODELS = (
    "softmax(optimizer=sgd(lr=0.1))", "network(width=3,optimizer=adam(lr=0.02))", "network(optimizer=adam(lr=0.02))",
)  # fmt: skip
SMOOTH = "activation=tanh,initialization=glorot"
PICTURES: tuple[tuple[str, Callable[[Page], None], int], ...] = (
    ("race", show_race, 900), ("closely", show_models, 1180), ("space", show_space, 900),
    ("own", show_own_function, 900), ("data", show_own_data, 900), ("lecture", show_lecture, 810),
    ("lesson", show_lesson, 900), ("chinese", show_chinese, 900), ("about", show_about, 900),
    ("maps", show_map("surface=himmelblau()&start=-1,-1&steps=200&run=newton()&run=adam(lr=0.1)", 2, (150, 190)), 900),
    ("rates", show_map("map=rates()&surface=ravine()&run=sgd(lr=0.01)&run=momentum(lr=0.01)&run=newton()"), 1120),
    ("pairs", show_map("map=pairs(show=rate)&surface=bowl()&steps=300&run=momentum(lr=0.1,mu=0.5)", 1, (300, 300)),
     900),
    ("fair", show_map("map=fair()&surface=himmelblau()&steps=100&run=sgd()&run=adam()&run=newton()"), 1240),
    ("flow", show_map("map=flow(run=2)&start=-1,-1&steps=60&surface=himmelblau()&run=sgd()&run=momentum(lr=0.01)"),
     900),
    ("check", show_gradient_check, 1240), ("hunt", show_bug_hunt, 1000),
    ("training", show_training, 1100), ("regions", show_regions, 620), ("weights", show_weights, 760),
)  # fmt: skip


def is_asked(name: str) -> bool:
    """Some pictures are asked for by name; none means all."""
    return len(sys.argv) == 1 or name in sys.argv[1:]


def open_page(browser: Browser, url: str, theme: str, height: int) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": height}, color_scheme=theme, bypass_csp=True)
    page.goto(url)
    page.wait_for_function("window.__descent?.paintCount")
    page.wait_for_timeout(1500)  # fonts
    return page


def save_picture(
    browser: Browser, address: str, theme: str, name: str, show: Callable[[Page], None], height: int
) -> None:
    page = open_page(browser, address, theme, height)
    show(page)
    page.wait_for_timeout(1500)  # the last frame
    path = FOLDER / f"{name}-{theme}.png"
    page.screenshot(path=path)
    print(path.relative_to(ROOT))
    page.close()


def save_animation(browser: Browser, address: str, theme: str) -> None:
    """Let the app save the race as a GIF, as a visitor would."""
    page = open_page(browser, f"{address}/?{ANIMATED}", theme, 900)
    page.get_by_label("Speed").select_option("2")
    page.get_by_role("button", name=LABELS["save"], exact=True).click()
    with page.expect_download(timeout=120_000) as download:
        page.get_by_role("button", name=LABELS["save_gif"], exact=True).click()
    path = FOLDER / f"{ANIMATION}-{theme}.gif"
    download.value.save_as(path)
    print(path.relative_to(ROOT))
    page.close()


def main() -> None:
    with sync_playwright() as playwright, serve_app() as address:
        browser = launch_chromium(playwright)
        FOLDER.mkdir(exist_ok=True)
        for theme in ("light", "dark"):
            if is_asked(ANIMATION):
                save_animation(browser, address, theme)
            for picture in PICTURES:
                if is_asked(picture[0]):
                    save_picture(browser, address, theme, *picture)
        browser.close()


if __name__ == "__main__":
    main()
