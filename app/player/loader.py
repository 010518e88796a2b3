"""The script by which a component of Streamlit's loads the player's modules, and says so where they do not come."""

import json

from plotly.offline import get_plotlyjs

from app.language import LANGUAGES, gettext
from app.player.assets import player_folder, plotly_path
from surfaces.sentence import Sentence

MISSING = Sentence("A part of this page has not come from the server.")
AGAIN = Sentence("Try again")

# The page's own script is at <base>/static/js/; whatever prefix a proxy adds, the player's files are beside it.
#
# A browser remembers by its address what could not be imported: each try has a folder of its own. `loaded` is there in
# the end; a place that waits then shows what it was given last. Words are in the page's language, which was not
# known when this was written.
LOADER = """
// Loads the player from the app's own server.
const page = [...document.scripts].find((script) => script.src.includes("/static/js/"));
const base = page ? page.src.slice(0, page.src.indexOf("/static/js/") + 1) : document.baseURI;
const WORDS = {words};
const AGAIN = "descent-again";
const PAUSES = [500, 2000];
const LONG = 20000;
const hosts = new Map(); // that wait -> what they are to show last
let loaded, missing, urls;

function sayMissing(host) {{
  const [words, again] = WORDS[document.documentElement.lang] ?? WORDS.{first};
  const note = document.createElement("p");
  note.className = "descent-missing";
  note.setAttribute("role", "alert");
  const button = Object.assign(document.createElement("button"), {{ type: "button", textContent: again }});
  button.onclick = () => dispatchEvent(new Event(AGAIN));
  note.append(words, " ", button);
  host.append(note);
  return note;
}}

function mark(there) {{
  missing = there;
  for (const host of hosts.keys()) {{
    host.querySelector(".descent-missing")?.remove();
    if (missing && {visible}) sayMissing(host);
  }}
}}

async function load() {{
  for (let tried = 0; ; tried++) {{
    const again = tried ? `again-${{tried}}/` : "";
    const late = setTimeout(() => mark(true), LONG);
    try {{
      urls = {{ base, folder: `${{base}}{folder}/${{again}}`, plotly: base + "{plotly}", sayMissing, AGAIN, PAUSES }};
      return (await import(urls.folder + "{module}")).{entry};
    }} catch (error) {{
      console.warn(`descent: {module} has not come: ${{error.message}}`);
    }} finally {{
      clearTimeout(late);
    }}
    const pause = PAUSES[tried % (PAUSES.length + 1)];
    if (!pause) mark(true);
    await new Promise((go) => (pause ? setTimeout(go, pause) : addEventListener(AGAIN, go, {{ once: true }})));
  }}
}}

export default async (component) => {{
  const {{ parentElement }} = component;
  hosts.set(parentElement, component);
  mark(missing);
  const show = await (loaded ??= load());
  if (hosts.get(parentElement) !== component) return; // something newer came while this one waited
  mark(false);
  hosts.delete(parentElement);
  return show(component, urls);
}};
"""


def loader(entry: str, module: str = "player.js", *, visible: bool = True) -> str:
    """The JavaScript of a component: a function of one of the player's modules.

    One that is not `visible` only carries a message: nothing is missed in its place.
    """
    said = (gettext(language) for language in LANGUAGES)
    words = dict(zip(LANGUAGES, ([MISSING.said(speak), AGAIN.said(speak)] for speak in said), strict=True))
    return LOADER.format(
        entry=entry,
        module=module,
        folder=player_folder(),
        plotly=plotly_path(get_plotlyjs().encode()),
        words=json.dumps(words, ensure_ascii=False),
        first=next(iter(LANGUAGES)),
        visible=json.dumps(visible),
    )
