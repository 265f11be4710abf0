"""A full disk: said in a sentence, with what was typed, instead of a bare 500."""

from __future__ import annotations

import errno
import shutil
import sys

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

from .session import resend_page, wants_data

FULL = (errno.ENOSPC, errno.EDQUOT)
SAID = ("disk is full", "No space left on device", "Disk quota exceeded")  # by SQLite and PostgreSQL
LEAST_FREE = 500  # megabytes below which the health page warns
STATUS = 507


def is_full(error: BaseException | None) -> bool:
    """Whether an exception, or what led to it, says that nothing more can be written."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        if isinstance(error, DatabaseError) and any(words in str(error) for words in SAID):
            return True
        error = error.__cause__ or error.__context__
    return False


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to a request that failed: for a full disk a page that holds what was typed."""
    if not is_full(sys.exc_info()[1]):
        return defaults.server_error(request)
    if wants_data(request):
        message = _("服务器存储空间已满，本次没有保存。您填写的内容仍在本页，请联系平台管理员清理后再试。")
        return JsonResponse({"message": message}, status=STATUS)
    return resend_page(request, STATUS)


def free() -> str:
    """What the health page says of the folder of uploads and papers."""
    left = shutil.disk_usage(settings.VAR).free // 1024**2
    return "ok" if left >= LEAST_FREE else f"only {left} MB are free in {settings.VAR}"
