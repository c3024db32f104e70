"""Doors from the queue. A task takes ids, calls one function, knows no rule."""

from smtplib import SMTPException
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from cases import anchors, examination, health, intake, leftovers, notices, reminders, retention
from cases.scanning import ScannerSilent
from cases.vault import upkeep


@shared_task
def beat() -> None:
    """Say that a worker lives and that the beat reaches it."""
    health.mark_alive()


@shared_task(
    autoretry_for=(SMTPException, OSError), retry_backoff=True, retry_backoff_max=600, max_retries=5
)
def send_notice(notice_id: str) -> None:
    notices.deliver(notice_id)


@shared_task
def sweep_notices() -> None:
    """Queue again whatever the broker lost. The table says what is owed."""
    for notice_id in notices.lost():
        send_notice.delay(str(notice_id))


@shared_task
def sweep_deadlines() -> None:
    """Remind of what is due, batch by batch, until nothing is left."""
    size = 1
    while size:
        owed, size = reminders.remind(timezone.now())
        for notice_id in owed:
            send_notice.delay(str(notice_id))


@shared_task
def take_in(package_id: str) -> None:
    """Bring to its case what a mission did with a package."""
    for notice_id in intake.take_in(UUID(package_id)):
        send_notice.delay(str(notice_id))


@shared_task
def sweep_packages() -> None:
    """Take in what the broker lost."""
    for package_id in intake.waiting():
        take_in.delay(str(package_id))


@shared_task(autoretry_for=(ScannerSilent,), retry_backoff=True, max_retries=3)
def examine_evidence(file_id: str) -> None:
    """Scan a file of evidence and make the copy that may leave."""
    examination.examine_evidence(UUID(file_id))


@shared_task(autoretry_for=(ScannerSilent,), retry_backoff=True, max_retries=3)
def scan_reply(file_id: str) -> None:
    examination.scan_reply(UUID(file_id))


@shared_task
def sweep_files() -> None:
    """What the broker lost, what a killed worker left, what waits for the scanner to be back."""
    for file_id in examination.evidence_waiting():
        examine_evidence.delay(str(file_id))
    for file_id in examination.replies_waiting():
        scan_reply.delay(str(file_id))


@shared_task
def sweep_keys() -> None:
    """Look which keys are needed and not here, for /healthz to say."""
    health.mark_keys(upkeep.keys_missing())


@shared_task
def sweep_leftovers() -> None:
    leftovers.sweep()
    leftovers.sweep_files()


@shared_task
def anchor_audit() -> None:
    """What is changed in the audit after this is found by whoever verifies it."""
    anchors.drop(timezone.now())


@shared_task
def end_case(disposal_id: str) -> None:
    retention.carry_out(UUID(disposal_id))


@shared_task
def sweep_disposals() -> None:
    """Carry out what the broker lost, or what a killed worker left."""
    for disposal_id in retention.waiting():
        end_case.delay(str(disposal_id))
