"""How tests are shared out to workers: few at a time, so that none is left with a long queue at the end."""

from xdist.scheduler import LoadScheduling
from xdist.workermanage import WorkerController

AT_A_TIME = 2
"""A worker must know its next test while it runs one."""


class InPortions(LoadScheduling):
    """In the order of the collection. The scheduler of the library gives a quick worker hundreds to keep it busy."""

    def schedule(self) -> None:
        """Send the first tests."""
        self.maxschedchunk = AT_A_TIME
        super().schedule()

    def check_schedule(self, node: WorkerController, duration: float = 0) -> None:
        """Send a worker more as soon as it has only the one that it runs."""
        if node.shutting_down:
            return
        if not self.pending:
            node.shutdown()
        elif len(self.node2pending[node]) < AT_A_TIME:
            self._send_tests(node, AT_A_TIME)
