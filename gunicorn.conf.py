"""How the site is served. Command line options win over what stands here."""

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


def on_starting(server: Any) -> None:
    """Figures begin at zero with each start of the server. Two servers that share a data folder count apart."""
    place = re.sub(r"[^A-Za-z0-9.]+", "-", "-".join(server.cfg.bind))
    figures = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(data_folder() / "metrics" / place)))
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(parents=True, exist_ok=True)


def child_exit(server: Any, worker: Any) -> None:
    """What a worker that is gone has counted stays counted."""
    # The library reads its folder's name when it is imported.
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
