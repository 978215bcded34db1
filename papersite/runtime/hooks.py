"""What Celery's own processes do at their beginnings and around tasks: signs of life, names in the log."""

import logging
import time
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from celery import signals

from papersite.observability import logs
from papersite.runtime import processes

logger = logging.getLogger(__name__)

# In seconds: beat looks at its plan more often.
BEAT_STANDS_STILL = 180.0
_entered: dict[str, AbstractContextManager[None]] = {}


@signals.setup_logging.connect
def keep_our_logs(**signal: Any) -> None:
    """Where somebody hears this, Celery sets up none of its own. Django's were set up before."""
    logging.captureWarnings(capture=True)


def header(request: Any, name: str) -> Any:
    """What was sent along with a task; None where nothing was."""
    return getattr(request, name, None) or (request.headers or {}).get(name)


@signals.before_task_publish.connect
def send_along(headers: dict[str, Any], **signal: Any) -> None:
    """When it was ordered, and for which request: a worker's lines say it as well."""
    headers["ordered_at"] = time.time()
    if request := logs.told().get("request"):
        headers["request_id"] = request


@signals.task_prerun.connect
def begin_task(task_id: str, task: Any, **signal: Any) -> None:
    fields = {"task": task.name, "task_id": task_id[:8]}
    if request := header(task.request, "request_id"):
        fields["request"] = request
    _entered[task_id] = logs.about(**fields)
    _entered[task_id].__enter__()


@signals.task_postrun.connect
def end_task(task_id: str, **signal: Any) -> None:
    if entered := _entered.pop(task_id, None):
        entered.__exit__(None, None, None)


@signals.worker_init.connect
def name_worker(sender: Any, **signal: Any) -> None:
    logs.call_process(_name_of(sender.app.amqp.queues.consume_from))


@signals.worker_ready.connect
def worker_is_ready(sender: Any, **signal: Any) -> None:
    from papersite.observability import heartbeats  # noqa: PLC0415  they need loaded apps
    from papersite.runtime import spare  # noqa: PLC0415  they need loaded apps

    queues = sorted(sender.app.amqp.queues.consume_from)
    name = _name_of(queues)
    heartbeats.Pulse(name, queues=queues, figures=partial(_figures, sender.controller.concurrency)).start()
    spare.Spare(queues).start()


@signals.beat_init.connect
def beat_is_ready(sender: Any, **signal: Any) -> None:
    from papersite.observability import heartbeats  # noqa: PLC0415  it needs loaded apps

    logs.call_process("beat")
    sender.scheduler.order_at_once()
    heartbeats.Pulse("beat", is_alive=partial(_ticks, sender.scheduler)).start()


def _figures(at_once: int) -> dict[str, Any]:
    """How many tasks a worker does at once: as many drains are ordered for all."""
    return {"at_once": at_once}


def _ticks(scheduler: Any) -> bool:
    return bool(time.monotonic() - scheduler.ticked_at < BEAT_STANDS_STILL)


def _name_of(queues: Any) -> str:
    """That of the table's process which takes these; a worker that takes others is just a worker."""
    return next((one.name for one in processes.TABLE if one.queues and set(one.queues) == set(queues)), "worker")
