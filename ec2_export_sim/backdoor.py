"""The back door to a region's tasks: without permissions, never refused for a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .core import lifecycle
from .core.arrange import arranged, loaded
from .core.records import build_records, check_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .core.account import Account
    from .core.model import ExportImageTask


class BackDoor:
    """How a test arranges the tasks of one region, and looks at them."""

    _account: Account
    region_name: str

    def add_task(
        self,
        image_id: str | None = None,
        status: str = "active",
        progress: float | str | None = None,
        status_message: str | None = None,
        description: str | None = None,
        s3_bucket: str = "exports",
        s3_prefix: str | None = None,
        tags: Mapping[str, str] | None = None,
        disk_image_format: str = "VMDK",
        task_id: str | None = None,
    ) -> ExportImageTask:
        """Add a task as a test wants it, and return it.

        Ids that are not given are fresh. *progress* is a percentage from 0 to 100. An
        active task's progress and status message are made out by each other where one
        is missing; in other states there are none unless given. The task stays as it is
        until something acts on it.

        Raises ValueError, which shows what is right, for an id that is outside the
        syntax or already held, a status or a progress that is none, an unknown disk
        image format, tags that are no mapping, and text that the wire cannot carry.

        Rules: LIF-06 to LIF-10.
        """
        account = self._account
        with account.lock:
            task = arranged(
                account,
                image_id=image_id,
                status=status,
                progress=progress,
                status_message=status_message,
                description=description,
                s3_bucket=s3_bucket,
                s3_prefix=s3_prefix,
                tags={} if tags is None else tags,
                disk_image_format=disk_image_format,
                task_id=task_id,
            )
            account.take_numbers(1)
            account.tasks(self.region_name).add([task])
        return task

    def load_tasks(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Add the tasks that *records* describe, dicts in the response's shape.

        Any documented members beside ExportImageTaskId and Status; the tasks are
        described just as they were. Raises ValueError, naming record and member, for
        anything else, and has then loaded nothing.

        Rules: LIF-11, LIF-12, RSP-12.
        """
        account = self._account
        with account.lock:
            tasks = loaded(account, records)
            account.take_numbers(len(tasks))
            account.tasks(self.region_name).add(tasks)

    def dump_tasks(self) -> list[dict[str, Any]]:
        """Return this region's tasks as `load_tasks` takes them, in creation order."""
        account = self._account
        with account.lock:
            return build_records(account.tasks(self.region_name), account.told)

    @property
    def tasks(self) -> tuple[ExportImageTask, ...]:
        """The region's tasks, in creation order."""
        account = self._account
        with account.lock:
            return tuple(map(account.told, account.tasks(self.region_name)))

    def task(self, task_id: str) -> ExportImageTask:
        """Return the task with that id; raises LookupError where there is none."""
        with self._account.lock:
            return self._account.told(self._held(task_id))

    def complete_task(self, task_id: str) -> ExportImageTask:
        """Complete an active task, announce it, and return it as it is then.

        Raises LookupError where there is none, ValueError where it is not active.

        Rules: LIF-02, LIF-03, LIF-26.
        """
        return self._move(task_id, "complete", None)

    def fail_task(self, task_id: str, message: str) -> ExportImageTask:
        """Let an active task fail with *message*, and return it as it is then.

        It is deleting at once, and deleted when 60 seconds have passed.

        Raises LookupError where there is none, ValueError where it is not active.

        Rules: LIF-02, LIF-04, LIF-17.
        """
        message = lifecycle.failure(check_text(message, "message"))
        return self._move(task_id, "fail", message)

    def fail_exports_of(self, image_id: str, message: str) -> None:
        """Let every later export of that image in this region fail half-way.

        Rules: LIF-28.
        """
        key = (self.region_name, check_text(image_id, "image_id"))
        message = lifecycle.failure(check_text(message, "message"))
        with self._account.lock:
            self._account.state.failing[key] = message

    def remove_task(self, task_id: str) -> None:
        """Forget a task in any state; raises LookupError where there is none.

        Rules: LIF-13.
        """
        with self._account.lock:
            self._account.tasks(self.region_name).remove(self._held(task_id).id)

    def _move(self, task_id: str, event: str, message: str | None) -> ExportImageTask:
        account = self._account
        with account.lock:
            task = self._held(task_id)
            moved = account.move(self.region_name, task, event, message)
        account.announce()
        return moved

    def _held(self, task_id: str) -> ExportImageTask:
        tasks = self._account.tasks(self.region_name)
        task = tasks.get(task_id) if isinstance(task_id, str) else None
        if task is None:
            raise LookupError(f"no task {task_id!r} in {self.region_name}")
        return task
