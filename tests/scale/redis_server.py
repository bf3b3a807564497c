"""A Redis of a test's own, that can be stopped, started, halted and emptied."""

import signal
import socket
from pathlib import Path

from tests.scale.processes import Process, until


class RedisServer(Process):
    """redis-server on a port of its own, keeping nothing."""

    def __init__(self, port: int, folder: Path) -> None:
        self.port = port
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
        super().__init__([*command, "--save", "", "--appendonly", "no"], folder / "redis.log")

    @property
    def url(self) -> str:
        """What CACHE_URL is."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        super().start()
        until(lambda: self.ask("PING") == "+PONG", f"Redis answers: {self.said()[-500:]}")

    def stop(self) -> None:
        """Stop it; whoever asks is refused from then on."""
        self.signal(signal.SIGTERM)
        self.wait()

    def halt(self) -> None:
        """It takes connections and answers nothing, like a machine that swaps."""
        self.signal(signal.SIGSTOP)

    def ask(self, command: str) -> str:
        """One command over a connection of its own; the first line of the reply, or nothing while it is away."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                line.sendall(f"{command}\r\n".encode())
                return line.makefile().readline().strip()
        except OSError:
            return ""
