"""A page's fragments are not run again once another page is there, or has been asked for.

A browser goes on asking for runs of a page's fragments until the next page reaches it. Streamlit asks only whether
there is a fragment of that identity, and those of two pages whose functions have the same names are the same. It then
announced a run of the old page, for which the browser takes all elements of the new page away, and sent a fragment of
the new one, for which there was no place any more: the page stayed empty. Where such a request met the one for the new
page, the two became one run, of the old page, or with the callbacks of its widgets.
"""

from streamlit.runtime.scriptrunner import RerunData, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequest, ScriptRequests, ScriptRequestType

add_request = ScriptRequests._request_rerun_locked
take_request = ScriptRequests.on_scriptrunner_ready


def drop_stale_page_requests() -> None:
    """From now on, for this process."""
    ScriptRequests._request_rerun_locked = add_unless_stale  # type: ignore[method-assign]
    ScriptRequests.on_scriptrunner_ready = take_unless_stale  # type: ignore[method-assign]


def add_unless_stale(requests: ScriptRequests, new: RerunData) -> bool:
    """Merge a request into the one that waits, unless one of them is for a fragment and the other for another page."""
    waiting = requests._rerun_data
    if requests._state is ScriptRequestType.RERUN and waiting.page_script_hash != new.page_script_hash:
        if is_for_fragments(new) and not is_for_fragments(waiting):
            return True
        if is_for_fragments(waiting) and not is_for_fragments(new):
            requests._state = ScriptRequestType.CONTINUE  # nothing waits
    return add_request(requests, new)


def take_unless_stale(requests: ScriptRequests) -> ScriptRequest:
    """The request to be served next, in the script's thread between two runs."""
    context = get_script_run_ctx()
    while True:
        request = take_request(requests)
        if context is None or request.type is not ScriptRequestType.RERUN or not is_for_fragments(request.rerun_data):
            return request
        if request.rerun_data.page_script_hash == context.page_script_hash:  # of the page that was run last
            return request


def is_for_fragments(request: RerunData) -> bool:
    return bool(request.fragment_id or request.fragment_id_queue)
