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
        turns = piece.line.turns
        if turns.clock() >= piece.until:
            turns.look_up(piece)


class WorkItem:
    """A job that is done in one go, as far as its visitor is concerned."""

    def __init__(self, line: "WorkQueue", job: Callable[[], Any]) -> None:
        self.line, self.job = line, job
        self.future: Future[Any] = Future()
        self.begun = False
        self.left = False  # it is to end at its next pause
        self.turn = Event()  # it may go on
        self.until = self.since = 0.0  # when it looks up next; from when on its work is not yet charged

    def leave(self) -> None:
        self.left, self.until = True, 0.0
        self.turn.set()


class WorkQueue(Executor):
    """The pieces of one piece of long work, in turn with those of others.

    A future may be cancelled as long as it is not done, also in the middle of its job, which ends at its next
    `checkpoint`.
    """

    def __init__(self, turns: "Scheduler", visitor: Hashable = None) -> None:
        self.turns = turns
        self.visitors: tuple[Hashable, ...] = (visitor,)  # who wants it: it has the turns of each
        self.waiting: deque[WorkItem] = deque()  # for a hand: those that are begun first
        self.held = False

    def submit(self, job: Callable[..., T], /, *given: Any, **named: Any) -> Future[T]:
        piece = WorkItem(self, lambda: job(*given, **named))
        piece.future.add_done_callback(lambda future: self.turns.drop(piece) if future.cancelled() else None)
        with self.turns.lock:
            self.waiting.append(piece)
            self.turns.come(self)
        return piece.future

    def hold(self) -> None:
        """Nobody wants it for now: what waits waits on, what is under way ends, to be done again when it is wanted."""
        with self.turns.lock:
            self.held = True
            for piece in [*self.waiting, *self.turns.going]:
                if piece.line is self and piece.begun:
                    piece.leave()
            self.turns.hand_out()

    def resume(self, *visitors: Hashable) -> None:
        """It is wanted by these."""
        with self.turns.lock:
            self.held, self.visitors = False, visitors
            self.turns.come(self)


class Scheduler:
    """The hands, and who is next."""

    def __init__(
        self, hands: int, clock: Callable[[], float] = monotonic, busy: Callable[[], bool] = lambda: False
    ) -> None:
        """`busy`: does somebody need the processor more than this work?"""
        self.hands, self.clock, self.busy = hands, clock, busy
        self.lock = RLock()
        self.threads = ThreadPoolExecutor(MAX_STARTED_ITEMS, "turn")
        self.lines: list[WorkQueue] = []  # with pieces that wait; who was served last comes last
        self.going: set[WorkItem] = set()  # those that have a hand
        self.begun = 0
        self.used: dict[Hashable, float] = {}  # seconds for which each visitor who is here was served
        self.serving: Hashable = None
        self.since = 0.0  # when it became the turn of the one that is served
        self.woke = 0.0  # when the last rest was over
        self.closed = False

    def close(self) -> None:
        """Everything ends; what is wanted afterwards, of a new server in the same process, goes on in new threads."""
        with self.lock:
            self.closed = True
            for line in {*self.lines, *(piece.line for piece in self.going)}:
                line.hold()
        self.threads.shutdown()
        with self.lock:
            self.threads, self.closed = ThreadPoolExecutor(MAX_STARTED_ITEMS, "turn"), False

    # ---- with the lock

    def come(self, line: WorkQueue) -> None:
        """A line has something to do: those who want it, if they are new, are served first, as long as each other."""
        if line not in self.lines:
            self.lines.append(line)
        least = max((self.used[v] for v in self.able() if v in self.used), default=0.0) - NEWCOMER_CREDIT_SECONDS
        for visitor in line.visitors:
            self.used[visitor] = max(self.used.get(visitor, least), least)
        self.hand_out()

    def able(self) -> dict[Hashable, None]:
        """The visitors with pieces that can go on or be begun, or that go on."""
        lines = [line for line in self.lines if self.next_of(line)] + [piece.line for piece in self.going]
        return dict.fromkeys(visitor for line in lines for visitor in line.visitors)

    def next_of(self, line: WorkQueue) -> WorkItem | None:
        """The piece of a line that is next."""
        if line.held or not line.waiting or (self.begun >= MAX_STARTED_ITEMS and not line.waiting[0].begun):
            return None
        return line.waiting[0]

    def hand_out(self) -> None:
        """Give each hand that is free a piece of the visitor who is served; if there is none in work, of the next."""
        self.lines = [line for line in self.lines if line.waiting and not line.held]
        while len(self.going) < self.hands and not self.closed:
            able = self.able()
            if not able:
                self.used.clear()
                return
            if len(self.used) > 10 * MAX_STARTED_ITEMS:
                self.used = {visitor: used for visitor, used in self.used.items() if visitor in able}
            if not self.going:
                self.serving, self.since = min(able, key=lambda v: self.used.get(v, 0.0)), self.clock()
            elif self.is_over():
                return
            line = next((one for one in self.lines if self.serving in one.visitors and self.next_of(one)), None)
            if line is None and not self.going:
                continue  # what was to be next has just been cancelled
            if line is None:
                return
            self.lines.remove(line)
            self.lines.append(line)
            self.hand(line.waiting.popleft())

    def hand(self, piece: WorkItem) -> None:
        piece.since = self.clock()
        piece.until = piece.since + CHECK_SECONDS
        self.going.add(piece)
        if piece.begun:
            piece.turn.set()
        else:
            piece.begun, self.begun = True, self.begun + 1
            self.threads.submit(self.do, piece)

    def is_over(self) -> bool:
        """Is the turn of the visitor who is served over, and another's due?"""
        if self.clock() - self.since < SLICE_SECONDS:
            return False
        own = self.used.get(self.serving, 0.0)
        return any(self.used.get(visitor, 0.0) < own for visitor in self.able() if visitor != self.serving)

    def charge(self, piece: WorkItem) -> None:
        now = self.clock()
        self.used[self.serving] = self.used.get(self.serving, 0.0) + now - piece.since
        piece.since = now

    def drop(self, piece: WorkItem, timeout: float = LOCK_TIMEOUT_SECONDS) -> None:  # the module may be gone by then
        """It was cancelled.

        The garbage collector may do that, of work that nobody knows any more, in the midst of anything: of `hand_out`,
        so nothing is handed out here (no hand has become free); and where a lock is held for which the one who holds
        ours waits, so this is not waited for without end. A piece that stays in its line ends as soon as it is begun.
        """
        locked = self.lock.acquire(timeout=timeout)
        piece.leave()
        if locked:
            if not piece.begun and piece in piece.line.waiting:
                piece.line.waiting.remove(piece)
            self.lock.release()

    # ---- in the threads of the pieces

    def do(self, piece: WorkItem) -> None:
        """The whole piece; or, where it was left, as much as there was time for, and it waits to be begun again."""
        thread_state.piece, found, failure = piece, None, None
        try:
            if not piece.left:
                found = piece.job()
        except Aborted:
            pass
        except BaseException as error:
            failure = error
        finally:
            thread_state.piece = None
        if not piece.left and piece.future.set_running_or_notify_cancel():
            if failure is None:
                piece.future.set_result(found)
            else:
                piece.future.set_exception(failure)
        with self.lock:
            self.begun -= 1
            if piece in self.going:
                self.charge(piece)
                self.going.remove(piece)
            else:  # it was left while it waited to go on
                piece.line.waiting.remove(piece)
            if not piece.future.done():
                piece.begun = piece.left = False
                piece.turn.clear()
                piece.line.waiting.append(piece)
                if piece.line not in self.lines:
                    self.lines.append(piece.line)
            self.hand_out()

    def look_up(self, piece: WorkItem) -> None:
        """The piece looks up from its work: shall it go on?"""
        self.give_way(piece)
        with self.lock:
            if not piece.left:
                self.charge(piece)
                if not self.is_over():
                    piece.until = self.clock() + CHECK_SECONDS
                    return
                self.going.remove(piece)
                piece.turn.clear()
                piece.line.waiting.appendleft(piece)
                if piece.line not in self.lines:
                    self.lines.append(piece.line)
                self.hand_out()
        piece.turn.wait()
        if piece.left:
            raise Aborted

    def give_way(self, piece: WorkItem) -> None:
        """Rest, as long as others need the processor, but not for ever: some of it there is for this work too."""
        begun = self.clock()
        if begun - self.woke < WORK_SECONDS or not self.busy():
            return
        while self.busy() and self.clock() - begun < MAX_REST_SECONDS and not piece.left:
            sleep(NAP_SECONDS)
        self.woke = self.clock()
        piece.since += self.woke - begun
