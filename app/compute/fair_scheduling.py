"""Share the processor between all visitors' work: fair, preemptive, and cancellable at any time.

A `WorkItem` is one task, a `WorkQueue` holds the tasks of one job (an `Executor`), and the `Scheduler` runs as many
items at once as there are cores. An item gives its core back in `checkpoint`, which its functions call before each
evaluation. There it waits for its visitor's next turn, or ends if nobody wants its result any more.

All cores serve one visitor at a time, in short turns: items of one job run well side by side, but an item made of many
small operations holds the interpreter's lock, and an item of large arrays would wait for it at each. The visitor who
has been served least comes next (virtual time, as in Linux's completely fair scheduler).
"""

from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from threading import Event, RLock, local
from time import monotonic, sleep
from typing import Any, TypeVar

T = TypeVar("T")

CHECK_SECONDS = 0.002  # between two checks of an item whether its turn is over
SLICE_SECONDS = 0.02  # length of a turn
NEWCOMER_CREDIT_SECONDS = 0.25  # a new visitor is served first for so long: most maps have a first picture by then
MAX_STARTED_ITEMS = 64  # started items, each with a thread; bounds the memory
WORK_SECONDS, MAX_REST_SECONDS = 0.01, 0.05  # while a page's script runs, items work and rest in turn
NAP_SECONDS = 0.003
LOCK_TIMEOUT_SECONDS = 1.0  # of a cancelled item

thread_state = local()  # `thread_state.item`: the item that this thread runs


class Aborted(BaseException):  # no `Exception`, so that no handler in the work catches it
    """Raised in an item that nobody wants any more."""


def checkpoint() -> None:
    """Let the scheduler preempt or abort the item of this thread; do nothing in any other thread."""
    item: WorkItem | None = getattr(thread_state, "item", None)
    if item is not None:
        scheduler = item.queue.scheduler
        if scheduler.clock() >= item.next_check:
            scheduler.preempt_if_due(item)


class WorkItem:
    """One task with its future."""

    def __init__(self, queue: "WorkQueue", function: Callable[[], Any]) -> None:
        self.queue, self.function = queue, function
        self.future: Future[Any] = Future()
        self.is_started = False
        self.is_aborted = False  # ends at its next checkpoint
        self.may_run = Event()
        self.next_check = self.charged_until = 0.0  # on the scheduler's clock

    def abort(self) -> None:
        self.is_aborted, self.next_check = True, 0.0
        self.may_run.set()


class WorkQueue(Executor):
    """The items of one job, scheduled together with those of all others.

    A future can be cancelled until it is done. An item that is running then ends at its next `checkpoint`.
    """

    def __init__(self, scheduler: "Scheduler", visitor: Hashable = None) -> None:
        self.scheduler = scheduler
        self.visitors: tuple[Hashable, ...] = (visitor,)  # the queue is served in the turns of each of them
        self.waiting: deque[WorkItem] = deque()  # for a core; preempted items come first
        self.is_suspended = False

    def submit(self, function: Callable[..., T], /, *arguments: Any, **keywords: Any) -> Future[T]:
        item = WorkItem(self, lambda: function(*arguments, **keywords))
        item.future.add_done_callback(lambda future: self.scheduler.discard(item) if future.cancelled() else None)
        with self.scheduler.lock:
            self.waiting.append(item)
            self.scheduler.add_queue(self)
        return item.future

    def suspend(self) -> None:
        """Abort the started items, and keep all items waiting until `resume`; aborted ones then start again."""
        with self.scheduler.lock:
            self.is_suspended = True
            for item in [*self.waiting, *self.scheduler.running]:
                if item.queue is self and item.is_started:
                    item.abort()
            self.scheduler.dispatch()

    def resume(self, *visitors: Hashable) -> None:
        """Let the items run, on behalf of these visitors."""
        with self.scheduler.lock:
            self.is_suspended, self.visitors = False, visitors
            self.scheduler.add_queue(self)


class Scheduler:
    """Decides which items run."""

    def __init__(
        self, workers: int, clock: Callable[[], float] = monotonic, is_busy: Callable[[], bool] = lambda: False
    ) -> None:
        """`is_busy` tells whether a page's script needs the processor more urgently."""
        self.workers, self.clock, self.is_busy = workers, clock, is_busy
        self.lock = RLock()
        self.threads = ThreadPoolExecutor(MAX_STARTED_ITEMS, "turn")
        self.queues: list[WorkQueue] = []  # those with waiting items; the one served last comes last
        self.running: set[WorkItem] = set()  # items that have a core
        self.started_count = 0
        self.served_seconds: dict[Hashable, float] = {}  # by visitor
        self.current_visitor: Hashable = None
        self.turn_start = 0.0  # of the current visitor
        self.last_rest_end = 0.0
        self.closed = False

    def close(self) -> None:
        """Abort everything; later work, for a new server in the same process, gets new threads."""
        with self.lock:
            self.closed = True
            for queue in {*self.queues, *(item.queue for item in self.running)}:
                queue.suspend()
        self.threads.shutdown()
        with self.lock:
            self.threads, self.closed = ThreadPoolExecutor(MAX_STARTED_ITEMS, "turn"), False

    # ---- call these with the lock held

    def add_queue(self, queue: WorkQueue) -> None:
        """Schedule a queue. New visitors start with a small credit, equal for all of them, and so are served first."""
        if queue not in self.queues:
            self.queues.append(queue)
        least = (
            max((self.served_seconds[v] for v in self.find_ready_visitors() if v in self.served_seconds), default=0.0)
            - NEWCOMER_CREDIT_SECONDS
        )
        for visitor in queue.visitors:
            self.served_seconds[visitor] = max(self.served_seconds.get(visitor, least), least)
        self.dispatch()

    def find_ready_visitors(self) -> dict[Hashable, None]:
        """The visitors with items that are running, or could run; in a dict, which keeps their order."""
        queues = [queue for queue in self.queues if self.find_next_item(queue)] + [item.queue for item in self.running]
        return dict.fromkeys(visitor for queue in queues for visitor in queue.visitors)

    def find_next_item(self, queue: WorkQueue) -> WorkItem | None:
        """The next item of a queue that can start or continue."""
        if (
            queue.is_suspended
            or not queue.waiting
            or (self.started_count >= MAX_STARTED_ITEMS and not queue.waiting[0].is_started)
        ):
            return None
        return queue.waiting[0]

    def can_serve(self, queue: WorkQueue) -> bool:
        return self.current_visitor in queue.visitors and self.find_next_item(queue) is not None

    def dispatch(self) -> None:
        """Give free cores to items of the current visitor; once no item is running, to the next visitor's."""
        self.queues = [queue for queue in self.queues if queue.waiting and not queue.is_suspended]
        while len(self.running) < self.workers and not self.closed:
            ready = self.find_ready_visitors()
            if not ready:
                self.served_seconds.clear()
                return
            if len(self.served_seconds) > 10 * MAX_STARTED_ITEMS:
                self.served_seconds = {v: seconds for v, seconds in self.served_seconds.items() if v in ready}
            if not self.running:
                self.current_visitor = min(ready, key=lambda v: self.served_seconds.get(v, 0.0))
                self.turn_start = self.clock()
            elif self.is_turn_over():
                return
            queue = next(filter(self.can_serve, self.queues), None)
            if queue is None and not self.running:
                continue  # the item has just been cancelled
            if queue is None:
                return
            self.queues.remove(queue)
            self.queues.append(queue)
            self.assign_worker(queue.waiting.popleft())

    def assign_worker(self, item: WorkItem) -> None:
        item.charged_until = self.clock()
        item.next_check = item.charged_until + CHECK_SECONDS
        self.running.add(item)
        if item.is_started:
            item.may_run.set()
        else:
            item.is_started, self.started_count = True, self.started_count + 1
            self.threads.submit(self.run_item, item)

    def is_turn_over(self) -> bool:
        """Whether the current visitor's turn is over, and another one has been served less."""
        if self.clock() - self.turn_start < SLICE_SECONDS:
            return False
        served = self.served_seconds.get(self.current_visitor, 0.0)
        return any(self.served_seconds.get(v, 0.0) < served for v in self.find_ready_visitors())

    def charge_visitor(self, item: WorkItem) -> None:
        now = self.clock()
        served = self.served_seconds.get(self.current_visitor, 0.0)
        self.served_seconds[self.current_visitor] = served + now - item.charged_until
        item.charged_until = now

    def discard(self, item: WorkItem, timeout: float = LOCK_TIMEOUT_SECONDS) -> None:  # a global may be gone at exit
        """Abort an item whose future was cancelled.

        The garbage collector may cancel forgotten work at any moment: in the middle of `dispatch`, so nothing is
        dispatched here (no core has become free); and in a thread that holds another lock, for which the holder of
        this one may be waiting, so the wait has a timeout. An item that stays in its queue ends as soon as it starts.
        """
        locked = self.lock.acquire(timeout=timeout)
        item.abort()
        if locked:
            if not item.is_started and item in item.queue.waiting:
                item.queue.waiting.remove(item)
            self.lock.release()

    # ---- called in the threads of the items

    def run_item(self, item: WorkItem) -> None:
        """Run an item to its end. An item that was aborted without being cancelled goes back to its queue."""
        thread_state.item, result, failure = item, None, None
        try:
            if not item.is_aborted:
                result = item.function()
        except Aborted:
            pass
        except BaseException as error:
            failure = error
        finally:
            thread_state.item = None
        if not item.is_aborted and item.future.set_running_or_notify_cancel():
            if failure is None:
                item.future.set_result(result)
            else:
                item.future.set_exception(failure)
        with self.lock:
            self.started_count -= 1
            if item in self.running:
                self.charge_visitor(item)
                self.running.remove(item)
            else:  # it was aborted while it waited for its next turn
                item.queue.waiting.remove(item)
            if not item.future.done():
                item.is_started = item.is_aborted = False
                item.may_run.clear()
                item.queue.waiting.append(item)
                if item.queue not in self.queues:
                    self.queues.append(item.queue)
            self.dispatch()

    def preempt_if_due(self, item: WorkItem) -> None:
        """Preempt the item if the turn of its visitor is over; raise `Aborted` if the item is to end."""
        self.yield_to_scripts(item)
        with self.lock:
            if not item.is_aborted:
                self.charge_visitor(item)
                if not self.is_turn_over():
                    item.next_check = self.clock() + CHECK_SECONDS
                    return
                self.running.remove(item)
                item.may_run.clear()
                item.queue.waiting.appendleft(item)
                if item.queue not in self.queues:
                    self.queues.append(item.queue)
                self.dispatch()
        item.may_run.wait()
        if item.is_aborted:
            raise Aborted

    def yield_to_scripts(self, item: WorkItem) -> None:
        """Rest while a page's script needs the processor; not for ever, so that this work gets its part too."""
        start = self.clock()
        if start - self.last_rest_end < WORK_SECONDS or not self.is_busy():
            return
        while self.is_busy() and self.clock() - start < MAX_REST_SECONDS and not item.is_aborted:
            sleep(NAP_SECONDS)
        self.last_rest_end = self.clock()
        item.charged_until += self.last_rest_end - start
