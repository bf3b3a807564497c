"""How the site is served. Command line options win over what stands here."""

import fcntl
import hashlib
import os
import re
import shutil
from pathlib import Path
from typing import Any

from sapro.env import data_folder

worker_class = "gthread"
workers = int(os.environ.get("SAPRO_WORKERS", "2"))
threads = int(os.environ.get("SAPRO_THREADS", "2"))
loglevel = "warning"
control_socket_disable = True
# A stop lets every request that has begun come to its end.
graceful_timeout = 30
timeout = 60
# A worker's memory stays what it is: it is replaced now and then, not all at the same moment.
max_requests = 20_000
max_requests_jitter = 5_000

MEMORY = Path("/dev/shm")
OURS = f"sapro-figures-{os.geteuid()}-"


def on_starting(server: Any) -> None:
    """Figures begin at zero with each start of the server. Two servers that share a data folder count apart."""
    _forget_the_killed()
    place = re.sub(r"[^A-Za-z0-9.]+", "-", "-".join(server.cfg.bind))
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_emptied(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""), place))


def _emptied(wanted: str, place: str) -> Path:
    """The folder of the figures. They are mapped into memory, and a full disk would kill whoever counts a request."""
    on_disk = Path(wanted) if wanted else data_folder() / "metrics" / place
    digest = hashlib.sha256(str(on_disk.resolve()).encode()).hexdigest()[:16]
    in_memory = MEMORY / f"{OURS}{digest}"
    for folder in [on_disk] if wanted or not MEMORY.is_dir() else [in_memory, on_disk]:
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            # Everybody may write beside it: what stands there already, and could not be removed, is somebody else's.
            folder.mkdir(mode=0o700, exist_ok=folder == on_disk)
            # Held for as long as the master or a worker of it lives: the descriptor is never closed.
            fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        return folder
    return on_disk


def _forget_the_killed() -> None:
    """A server that is killed leaves its figures in memory. What nobody holds any more is removed."""
    for folder in MEMORY.glob(f"{OURS}*"):
        try:
            descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            # An empty one may belong to a server that is just starting.
            if os.fstat(descriptor).st_uid == os.geteuid() and os.listdir(descriptor):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue
        finally:
            os.close(descriptor)


def on_exit(server: Any) -> None:
    """What is kept in memory goes with the server."""
    folder = Path(os.environ["PROMETHEUS_MULTIPROC_DIR"])
    if folder.parent == MEMORY:
        shutil.rmtree(folder, ignore_errors=True)


def child_exit(server: Any, worker: Any) -> None:
    """What a worker that is gone has counted stays counted."""
    # The library reads its folder's name when it is imported.
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
