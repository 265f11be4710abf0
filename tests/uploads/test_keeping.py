"""Keeping documents, merging scans, giving files out."""

from __future__ import annotations

import datetime as dt
import hashlib
from types import SimpleNamespace

import pytest

from core import clock
from core.door import SystemActor
from core.models import Document
from core.uploads import (
    UploadRefused,
    accept_upload,
    images_to_pdf,
    merge_documents,
    serve_document,
    store_document,
)
from tests.uploads import files
from tests.uploads.files import sent

CASE = SimpleNamespace(case_kind="application", pk=7)
CLERK = SystemActor(organisation_id=3)


def kept(content: bytes, name: str, purpose: str = "scan") -> Document:
    return store_document(accept_upload(sent(content, name)), CASE, purpose, CLERK)


@pytest.mark.django_db
def test_a_document_knows_its_case_its_content_and_who_sent_it(settings):
    with clock.travel("2027-03-01T10:20:00"):
        document = Document.objects.get(pk=kept(files.pdf(), "同意函.pdf", "p" * 100).pk)
    content = accept_upload(sent(files.pdf())).content
    assert (document.name, document.content_type, document.size) == (
        "同意函.pdf",
        "application/pdf",
        len(content),
    )
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert (document.case_kind, document.case_id, document.organisation_id) == ("application", 7, 3)
    assert document.purpose == "p" * 80
    assert clock.local(document.uploaded_at).date() == dt.date(2027, 3, 1)
    assert document.file.read() == content
    assert "同意函" not in document.file.name


def test_photos_become_one_pdf_of_a4_sheets():
    merged = images_to_pdf(
        [files.picture(size=(400, 300)), files.picture("PNG", (300, 400), "RGBA"), files.picture(size=(9, 9))]
    )
    assert files.sizes(merged) == [(297, 210), (210, 297), (210, 297)]
    with pytest.raises(UploadRefused):
        images_to_pdf([])


@pytest.mark.django_db
def test_scans_are_merged_in_the_order_given():
    documents = [kept(files.picture(size=(400, 300)), "盖章页.jpg"), kept(files.pdf(2), "正文.pdf")]
    merged = merge_documents(documents, CASE, CLERK)
    assert (merged.name, merged.content_type, merged.purpose) == (
        "盖章页（共2件）.pdf",
        "application/pdf",
        "scan",
    )
    assert files.sizes(merged.file.read()) == [(297, 210), (210, 297), (210, 297)]
    assert files.sizes(merge_documents(documents[::-1], CASE, CLERK).file.read())[2] == (297, 210)


@pytest.mark.django_db
def test_only_pdfs_and_pictures_are_merged():
    with pytest.raises(UploadRefused, match="不是PDF或图片"):
        merge_documents([kept(files.pdf(), "a.pdf"), kept(files.xlsx(), "b.xlsx")], CASE, CLERK)
    with pytest.raises(UploadRefused, match="没有可用的扫描件"):
        merge_documents([], CASE, CLERK)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "how"),
    [
        (files.pdf(), "同意函.pdf", "inline"),
        (files.picture(), "照片.jpg", "inline"),
        (files.docx(), "意见.docx", "attachment"),
        (files.xlsx(), "名单.xlsx", "attachment"),
    ],
)
def test_files_are_given_out_as_what_they_are(content, name, how):
    answer = serve_document(kept(content, name))
    assert answer["Content-Disposition"].startswith(f"{how}; filename*=utf-8''%")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert len(b"".join(answer.streaming_content)) > 0
