"""What is to be sent and was sent: the outbox, the inbox, and the jobs' signs of life."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models.cases import AboutCase


class OutboxMessage(AboutCase):
    """Something to be sent once its transaction has committed: a mail, or a task by dotted path.

    `key` makes a message unique, so that doing the same work twice sends it once. It waits until `available_at`; a
    worker that claims it moves that day past its lease, so that a claim that no worker reports on comes up again.
    """

    KINDS = [("mail", _("邮件")), ("task", _("任务")), ("sms", _("短信")), ("robot", _("群机器人"))]
    FAULTS = [
        ("claimed", _("发送中")),  # until its worker reports; a worker that died never does
        ("unreachable", _("邮件服务器不可用")),
        ("no_answer", _("对方没有答复")),
        ("put_off", _("对方暂不接收")),
        ("error", _("出错，将再试")),
        # The last three close the message: it is not tried again.
        ("refused", _("对方拒收")),
        ("given_up", _("多次未成，已停止")),
        ("killed", _("多次中断后台进程，已搁置")),
    ]

    kind = models.CharField(max_length=10, choices=KINDS)
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField()
    # What it is about and who caused it: told where it cannot be delivered.
    case_kind = models.CharField(max_length=30, blank=True)
    case_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    membership_id = models.BigIntegerField(null=True)
    user_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    available_at = models.DateTimeField(default=clock.real_now)
    attempts = models.PositiveSmallIntegerField(default=0)
    deaths = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=12, choices=FAULTS, blank=True)
    error = models.TextField(blank=True)
    dealt_with_at = models.DateTimeField(null=True)  # an administrator has seen to what failed

    class Meta:
        indexes = [
            models.Index(
                fields=["kind", "available_at"],
                condition=models.Q(sent_at=None, failed_at=None),
                name="outbox_waiting",
            ),
            models.Index(
                fields=["case_kind", "case_id"],
                condition=models.Q(failed_at__isnull=False, dealt_with_at=None),
                name="outbox_failed",
            ),
            models.Index(fields=["-sent_at"], condition=models.Q(kind="mail"), name="outbox_last_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Heartbeat(models.Model):
    """When a scheduled job last ran, by the system's clock, and what it said."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    said = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class InboxMessage(AboutCase):
    """A message inside the portal, to one person in one of their memberships.

    One that asks for something names in `asks` what it asks for, as the ledger's rows are named (`step:12`): once that
    is done, by whomever, the message is read.
    """

    case_kind = models.CharField(max_length=30, blank=True)
    case_id = models.BigIntegerField(null=True)
    asks = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox")
    membership_id = models.BigIntegerField(null=True)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-id"]),
            models.Index(
                fields=["asks"], condition=models.Q(read_at=None) & ~models.Q(asks=""), name="inbox_still_asking"
            ),
            models.Index(
                fields=["case_kind", "case_id"], condition=models.Q(read_at=None), name="inbox_unread_of_case"
            ),
        ]

    def __str__(self) -> str:
        return self.title
