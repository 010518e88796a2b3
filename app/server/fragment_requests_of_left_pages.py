"""Drop requests to run a page's fragments again once another page is shown or has been requested.

A browser goes on sending such requests until the next page has reached it. Streamlit checks only that a fragment with
the same ID exists, and the ID consists of the function's name and its position: the fragments `picture` and `panel` of
the maps have the same IDs as those of the race. If a late request of the maps was served after the race, it announced a
run of the maps page: the browser removed all elements of the race, could not place the race's next fragment ("Bad delta
path index"), and the page stayed empty. If a late request was merged with the request for the race, one run had the
page of the later request and the callbacks of the map's widgets.
"""

from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests, ScriptRequestType

original_add = ScriptRequests._request_rerun_locked
original_take = ScriptRequests.on_scriptrunner_ready


def drop_stale_page_requests() -> None:
    """Replace the two methods with which Streamlit queues a request and takes the next one."""
    ScriptRequests._request_rerun_locked = add_request  # type: ignore[method-assign]
    ScriptRequests.on_scriptrunner_ready = take_request  # type: ignore[method-assign]


def add_request(requests: ScriptRequests, new: RerunData) -> bool:
    """Queue a request. If a page and another page's fragments are requested, keep only the request for the page."""
    waiting = requests._rerun_data
    if requests._state is ScriptRequestType.RERUN and waiting.page_script_hash != new.page_script_hash:
        if is_for_fragments(new) and not is_for_fragments(waiting):
            return True
        if is_for_fragments(waiting) and not is_for_fragments(new):
            requests._state = ScriptRequestType.CONTINUE  # so that `new` replaces the waiting request
    return original_add(requests, new)


def take_request(requests: ScriptRequests) -> ScriptRequest:
    """Take the next request, in the script's thread between two runs; skip fragments of a page not run last."""
    context = get_script_run_ctx()
    while True:
        request = original_take(requests)
        if context is None or request.type is not ScriptRequestType.RERUN or not is_for_fragments(request.rerun_data):
            return request
        if request.rerun_data.page_script_hash == context.page_script_hash:
            return request


def is_for_fragments(request: RerunData) -> bool:
    return bool(request.fragment_id or request.fragment_id_queue)
