"""Turns: pieces of work of all visitors, few at a time, each visitor as long as another, given up wherever they are.

A piece is a task; a line is the queue of one map's pieces, an `Executor`; a hand is one of as many places to compute in
as there are cores. Turns are a scheduler with preemption: a piece gives its hand back in `checkpoint`, which its
functions call before each evaluation.

One visitor at a time is served, for a moment, by all hands: pieces of one kind of work go well side by side, but one
that is made of many small operations holds the interpreter's lock, and one of large arrays would wait for it at each.
The visitor who has been served least is next (virtual time, as in Linux' completely fair scheduler). In `checkpoint` a
piece waits until it is the turn of its visitor, or ends because nobody wants it any more.
"""

from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from threading import Event, RLock, local
from time import monotonic, sleep
from typing import Any, TypeVar

T = TypeVar("T")

CHECK_SECONDS = 0.002  # seconds after which a piece looks up from its work
SLICE_SECONDS = 0.02  # seconds that a visitor is served before the next
NEWCOMER_CREDIT_SECONDS = 0.25  # seconds for which who is new is served first: the first picture of most maps
MAX_STARTED_ITEMS = 64  # pieces that are begun at once, by as many threads: what bounds the memory
WORK_SECONDS, MAX_REST_SECONDS = (
    0.01,
    0.05,
)  # seconds of work, after which there is rest, for so long at most, if others need the processor
NAP_SECONDS = 0.003
LOCK_TIMEOUT_SECONDS = 1.0  # for which a piece that was cancelled waits for the lock

thread_state = local()  # `thread_state.piece`: what this thread works at


class Aborted(BaseException):  # so that nothing takes it for a failure of the work and goes on
    """Nobody wants the piece any more."""


def checkpoint() -> None:
    """Called by a piece between two small parts of its work; elsewhere it does nothing."""
    piece: WorkItem | None = getattr(thread_state, "piece", None)
    if piece is not None:
        turns = piece.queue.scheduler
        if turns.clock() >= piece.next_check:
            turns.preempt_if_due(piece)


class WorkItem:
    """A job that is done in one go, as far as its visitor is concerned."""

    def __init__(self, queue: "WorkQueue", function: Callable[[], Any]) -> None:
        self.queue, self.function = queue, function
        self.future: Future[Any] = Future()
        self.is_started = False
        self.is_aborted = False  # it is to end at its next pause
        self.may_run = Event()  # it may go on
        self.next_check = self.charged_until = 0.0  # when it looks up next; from when on its work is not yet charged

    def abort(self) -> None:
        self.is_aborted, self.next_check = True, 0.0
        self.may_run.set()


class WorkQueue(Executor):
    """The pieces of one piece of long work, in turn with those of others.

    A future may be cancelled as long as it is not done, also in the middle of its job, which ends at its next
    `checkpoint`.
    """

    def __init__(self, scheduler: "Scheduler", visitor: Hashable = None) -> None:
        self.scheduler = scheduler
        self.visitors: tuple[Hashable, ...] = (visitor,)  # who wants it: it has the turns of each
        self.waiting: deque[WorkItem] = deque()  # for a hand: those that are begun first
        self.is_suspended = False

    def submit(self, function: Callable[..., T], /, *given: Any, **named: Any) -> Future[T]:
        piece = WorkItem(self, lambda: function(*given, **named))
        piece.future.add_done_callback(lambda future: self.scheduler.discard(piece) if future.cancelled() else None)
        with self.scheduler.lock:
            self.waiting.append(piece)
            self.scheduler.add_queue(self)
        return piece.future

    def suspend(self) -> None:
        """Nobody wants it for now: what waits waits on, what is under way ends, to be done again when it is wanted."""
        with self.scheduler.lock:
            self.is_suspended = True
            for piece in [*self.waiting, *self.scheduler.running]:
                if piece.queue is self and piece.is_started:
                    piece.abort()
            self.scheduler.dispatch()

    def resume(self, *visitors: Hashable) -> None:
        """It is wanted by these."""
        with self.scheduler.lock:
            self.is_suspended, self.visitors = False, visitors
            self.scheduler.add_queue(self)


class Scheduler:
    """The hands, and who is next."""

    def __init__(
        self, workers: int, clock: Callable[[], float] = monotonic, is_busy: Callable[[], bool] = lambda: False
    ) -> None:
        """`is_busy`: does somebody need the processor more than this work?"""
        self.workers, self.clock, self.is_busy = workers, clock, is_busy
        self.lock = RLock()
        self.threads = ThreadPoolExecutor(MAX_STARTED_ITEMS, "turn")
        self.queues: list[WorkQueue] = []  # with pieces that wait; who was served last comes last
        self.running: set[WorkItem] = set()  # those that have a hand
        self.started_count = 0
        self.served_seconds: dict[Hashable, float] = {}  # seconds for which each visitor who is here was served
        self.current_visitor: Hashable = None
        self.turn_start = 0.0  # when it became the turn of the one that is served
        self.last_rest_end = 0.0  # when the last rest was over
        self.closed = False

    def close(self) -> None:
        """Everything ends; what is wanted afterwards, of a new server in the same process, goes on in new threads."""
        with self.lock:
            self.closed = True
            for line in {*self.queues, *(piece.queue for piece in self.running)}:
                line.suspend()
        self.threads.shutdown()
        with self.lock:
            self.threads, self.closed = ThreadPoolExecutor(MAX_STARTED_ITEMS, "turn"), False

    # ---- with the lock

    def add_queue(self, line: WorkQueue) -> None:
        """A line has something to do: those who want it, if they are new, are served first, as long as each other."""
        if line not in self.queues:
            self.queues.append(line)
        least = (
            max((self.served_seconds[v] for v in self.find_ready_visitors() if v in self.served_seconds), default=0.0)
            - NEWCOMER_CREDIT_SECONDS
        )
        for visitor in line.visitors:
            self.served_seconds[visitor] = max(self.served_seconds.get(visitor, least), least)
        self.dispatch()

    def find_ready_visitors(self) -> dict[Hashable, None]:
        """The visitors with pieces that can go on or be begun, or that go on."""
        lines = [line for line in self.queues if self.find_next_item(line)] + [piece.queue for piece in self.running]
        return dict.fromkeys(visitor for line in lines for visitor in line.visitors)

    def find_next_item(self, line: WorkQueue) -> WorkItem | None:
        """The piece of a line that is next."""
        if (
            line.is_suspended
            or not line.waiting
            or (self.started_count >= MAX_STARTED_ITEMS and not line.waiting[0].is_started)
        ):
            return None
        return line.waiting[0]

    def dispatch(self) -> None:
        """Give each hand that is free a piece of the visitor who is served; if there is none in work, of the next."""
        self.queues = [line for line in self.queues if line.waiting and not line.is_suspended]
        while len(self.running) < self.workers and not self.closed:
            able = self.find_ready_visitors()
            if not able:
                self.served_seconds.clear()
                return
            if len(self.served_seconds) > 10 * MAX_STARTED_ITEMS:
                self.served_seconds = {
                    visitor: used for visitor, used in self.served_seconds.items() if visitor in able
                }
            if not self.running:
                self.current_visitor, self.turn_start = (
                    min(able, key=lambda v: self.served_seconds.get(v, 0.0)),
                    self.clock(),
                )
            elif self.is_turn_over():
                return
            line = next(
                (one for one in self.queues if self.current_visitor in one.visitors and self.find_next_item(one)), None
            )
            if line is None and not self.running:
                continue  # what was to be next has just been cancelled
            if line is None:
                return
            self.queues.remove(line)
            self.queues.append(line)
            self.assign_worker(line.waiting.popleft())

    def assign_worker(self, piece: WorkItem) -> None:
        piece.charged_until = self.clock()
        piece.next_check = piece.charged_until + CHECK_SECONDS
        self.running.add(piece)
        if piece.is_started:
            piece.may_run.set()
        else:
            piece.is_started, self.started_count = True, self.started_count + 1
            self.threads.submit(self.run_item, piece)

    def is_turn_over(self) -> bool:
        """Is the turn of the visitor who is served over, and another's due?"""
        if self.clock() - self.turn_start < SLICE_SECONDS:
            return False
        own = self.served_seconds.get(self.current_visitor, 0.0)
        return any(
            self.served_seconds.get(visitor, 0.0) < own
            for visitor in self.find_ready_visitors()
            if visitor != self.current_visitor
        )

    def charge_visitor(self, piece: WorkItem) -> None:
        now = self.clock()
        self.served_seconds[self.current_visitor] = (
            self.served_seconds.get(self.current_visitor, 0.0) + now - piece.charged_until
        )
        piece.charged_until = now

    def discard(self, piece: WorkItem, timeout: float = LOCK_TIMEOUT_SECONDS) -> None:  # the module may be gone by then
        """It was cancelled.

        The garbage collector may do that, of work that nobody knows any more, in the midst of anything: of `dispatch`,
        so nothing is handed out here (no hand has become free); and where a lock is held for which the one who holds
        ours waits, so this is not waited for without end. A piece that stays in its line ends as soon as it is begun.
        """
        locked = self.lock.acquire(timeout=timeout)
        piece.abort()
        if locked:
            if not piece.is_started and piece in piece.queue.waiting:
                piece.queue.waiting.remove(piece)
            self.lock.release()

    # ---- in the threads of the pieces

    def run_item(self, piece: WorkItem) -> None:
        """The whole piece; or, where it was left, as much as there was time for, and it waits to be begun again."""
        thread_state.piece, found, failure = piece, None, None
        try:
            if not piece.is_aborted:
                found = piece.function()
        except Aborted:
            pass
        except BaseException as error:
            failure = error
        finally:
            thread_state.piece = None
        if not piece.is_aborted and piece.future.set_running_or_notify_cancel():
            if failure is None:
                piece.future.set_result(found)
            else:
                piece.future.set_exception(failure)
        with self.lock:
            self.started_count -= 1
            if piece in self.running:
                self.charge_visitor(piece)
                self.running.remove(piece)
            else:  # it was left while it waited to go on
                piece.queue.waiting.remove(piece)
            if not piece.future.done():
                piece.is_started = piece.is_aborted = False
                piece.may_run.clear()
                piece.queue.waiting.append(piece)
                if piece.queue not in self.queues:
                    self.queues.append(piece.queue)
            self.dispatch()

    def preempt_if_due(self, piece: WorkItem) -> None:
        """The piece looks up from its work: shall it go on?"""
        self.yield_to_scripts(piece)
        with self.lock:
            if not piece.is_aborted:
                self.charge_visitor(piece)
                if not self.is_turn_over():
                    piece.next_check = self.clock() + CHECK_SECONDS
                    return
                self.running.remove(piece)
                piece.may_run.clear()
                piece.queue.waiting.appendleft(piece)
                if piece.queue not in self.queues:
                    self.queues.append(piece.queue)
                self.dispatch()
        piece.may_run.wait()
        if piece.is_aborted:
            raise Aborted

    def yield_to_scripts(self, piece: WorkItem) -> None:
        """Rest, as long as others need the processor, but not for ever: some of it there is for this work too."""
        begun = self.clock()
        if begun - self.last_rest_end < WORK_SECONDS or not self.is_busy():
            return
        while self.is_busy() and self.clock() - begun < MAX_REST_SECONDS and not piece.is_aborted:
            sleep(NAP_SECONDS)
        self.last_rest_end = self.clock()
        piece.charged_until += self.last_rest_end - begun
