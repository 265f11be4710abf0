"""The tamper seal: every change is noticed, keys are kept, production does not make its own."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from pypdf import PdfReader, PdfWriter

from core import clock
from core.papers import seal
from core.papers.render import PaperContext, render_paper


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path_factory):
    settings.VAR = tmp_path_factory.getbasetemp() / "seal-var"


@pytest.fixture(scope="module")
def paper() -> bytes:
    return render_paper({"elements": [{"text": {"paragraphs": ["协议正文"]}}]}, PaperContext(blank=True))


def test_a_sealed_file_is_whole(paper):
    with clock.travel("2026-11-20T10:00"):
        sealed = seal.seal_pdf(paper, "协议定稿")
    verdict = seal.verify_pdf(sealed)
    assert verdict.good
    assert verdict.signer == "平台防篡改签名（不替代单位公章）"
    assert abs(verdict.signed_at - clock.aware("2026-11-20T10:00")) < dt.timedelta(minutes=1)
    assert "协议正文" in PdfReader(io.BytesIO(sealed)).pages[0].extract_text()


def test_any_changed_byte_is_noticed(paper):
    sealed = seal.seal_pdf(paper, "协议定稿")
    gap = sealed.index(b"/ByteRange")
    for place in (100, len(paper) // 2, len(paper) - 200, gap + 4, len(sealed) - 20):
        broken = bytearray(sealed)
        broken[place] ^= 1
        assert not seal.verify_pdf(bytes(broken)).good, place


def test_something_added_behind_is_noticed(paper):
    sealed = seal.seal_pdf(paper, "协议定稿")
    writer = PdfWriter(io.BytesIO(sealed), incremental=True)
    writer.add_blank_page(200, 200)
    target = io.BytesIO()
    writer.write(target)
    for longer in (target.getvalue(), sealed + b"\n% more"):
        verdict = seal.verify_pdf(longer)
        assert not verdict.covers_whole_file
        assert not verdict.good


def test_a_stranger_s_seal_is_not_ours(paper, settings, tmp_path):
    settings.VAR = tmp_path
    foreign = seal.seal_pdf(paper, "协议定稿")
    settings.VAR = tmp_path / "other"
    verdict = seal.verify_pdf(foreign)
    assert (verdict.intact, verdict.ours, verdict.good) == (True, False, False)


def test_files_without_seal(paper):
    assert not seal.verify_pdf(paper).sealed
    for rubbish in (b"", b"%PDF-1.7 rubbish", b"PK\x03\x04"):
        verdict = seal.verify_pdf(rubbish)
        assert not verdict.good
        assert verdict.fault


def test_what_cannot_be_sealed_is_refused(paper):
    sealed = seal.seal_pdf(paper, "协议定稿")
    with pytest.raises(ValueError, match="sealed already"):
        seal.seal_pdf(sealed, "协议定稿")
    with pytest.raises(ValueError):
        seal.seal_pdf(b"no pdf", "协议定稿")


def test_production_needs_a_key_of_its_own(settings, paper, monkeypatch):
    monkeypatch.delenv("LIANPEI_SEAL_KEY", raising=False)
    settings.PRODUCTION = True
    with pytest.raises(ImproperlyConfigured):
        seal.seal_pdf(paper, "协议定稿")


def test_the_key_is_readable_by_its_owner_only(settings, tmp_path, paper):
    settings.VAR = tmp_path
    seal.seal_pdf(paper, "x")
    assert (tmp_path / "keys" / "seal-key.pem").stat().st_mode & 0o777 == 0o600


def test_a_named_key_is_used(settings, tmp_path, paper):
    settings.VAR = tmp_path
    seal.seal_pdf(paper, "x")
    settings.LIANPEI_SEAL_KEY = str(tmp_path / "keys" / "seal-key.pem")
    settings.LIANPEI_SEAL_CERT = str(tmp_path / "keys" / "seal-cert.pem")
    settings.VAR, settings.PRODUCTION = tmp_path / "elsewhere", True
    assert seal.verify_pdf(seal.seal_pdf(paper, "x")).good
    assert not (tmp_path / "elsewhere").exists()
