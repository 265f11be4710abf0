"""The platform's own tamper seal on finished PDFs: 平台防篡改签名（不替代单位公章）.

A PAdES signature over the whole file that forbids later changes. It needs no network and no time-stamp server; it
replaces no unit's seal and draws nothing on the page. Key and certificate are PEM files named by the settings
LIANPEI_SEAL_KEY, LIANPEI_SEAL_CERT and, for an encrypted key, LIANPEI_SEAL_PASSPHRASE (or the environment variables
of these names). Outside production a self-signed pair is made on first use; production refuses to do without.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core import clock

SEAL_NAME = "平台防篡改签名（不替代单位公章）"
FIELD = "PlatformSeal"


@dataclass(frozen=True)
class Verdict:
    """What a check of a PDF found.

    sealed: it carries a signature; intact: what was signed is unchanged; covers_whole_file: nothing was added after;
    ours: made with this platform's certificate; signer and signed_at as the signature states them.
    """

    sealed: bool
    intact: bool
    covers_whole_file: bool
    ours: bool
    signer: str = ""
    signed_at: dt.datetime | None = None
    fault: str = ""

    @property
    def good(self) -> bool:
        """The file is exactly what the platform sealed."""
        return self.sealed and self.intact and self.covers_whole_file and self.ours


class _Signer(signers.PdfSigner):
    """States the portal's clock as the time of signing."""

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> Any:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = clock.now()
        return session


def _setting(name: str) -> str:
    return str(getattr(settings, name, "") or os.environ.get(name, ""))


def _paths() -> tuple[Path, Path]:
    """(key, certificate). Makes a self-signed pair outside production; raises ImproperlyConfigured in it."""
    key, certificate = _setting("LIANPEI_SEAL_KEY"), _setting("LIANPEI_SEAL_CERT")
    if key and certificate:
        return Path(key), Path(certificate)
    if getattr(settings, "PRODUCTION", False):
        raise ImproperlyConfigured("LIANPEI_SEAL_KEY and LIANPEI_SEAL_CERT must name the seal's key and certificate.")
    home = Path(settings.VAR) / "keys"
    own = home / "seal-key.pem", home / "seal-cert.pem"
    if not all(path.exists() for path in own):
        _generate(*own)
    return own


def _generate(key_path: Path, certificate_path: Path) -> None:
    """A new RSA key and a self-signed certificate valid for ten years; the first process to write wins."""
    key_path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, SEAL_NAME),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lianpei"),
        ]
    )
    start = clock.real_now().astimezone(dt.UTC) - dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    pair = [
        (
            key_path,
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
        ),
        (certificate_path, certificate.public_bytes(serialization.Encoding.PEM)),
    ]
    lock = key_path.parent / "seal.lock"
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        _wait_for(certificate_path)
        return
    for path, content in pair:  # the certificate last: where it stands, both stand
        handle = os.open(path.with_suffix(".new"), os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        path.with_suffix(".new").replace(path)


def _wait_for(path: Path) -> None:
    """Another process is making the pair: give it ten seconds."""
    for _ in range(100):
        if path.exists():
            return
        time.sleep(0.1)
    raise ImproperlyConfigured(f"{path.parent / 'seal.lock'} exists but no certificate: remove it and try again.")


def _signer() -> signers.SimpleSigner:
    key, certificate = _paths()
    passphrase = _setting("LIANPEI_SEAL_PASSPHRASE")
    loaded = signers.SimpleSigner.load(str(key), str(certificate), key_passphrase=passphrase.encode() or None)
    if loaded is None:
        raise ImproperlyConfigured("The seal's key or certificate cannot be read.")
    return loaded


def seal_pdf(pdf: bytes, reason: str, name: str = SEAL_NAME) -> bytes:
    """The PDF with the platform's seal. `reason` says what for, e.g. 协议定稿.

    Raises ValueError if the file is no PDF, is encrypted or already sealed, ImproperlyConfigured without a key.
    """
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
        if writer.prev.encrypted:
            raise ValueError("an encrypted PDF cannot be sealed")
        if writer.prev.embedded_signatures:
            raise ValueError("this PDF is sealed already")
        meta = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            reason=reason,
            name=name,
            certify=True,
            docmdp_permissions=fields.MDPPerm.NO_CHANGES,
            subfilter=fields.SigSeedSubFilter.PADES,
        )
        return _apart(_Signer(meta, signer=_signer()).sign_pdf, writer).getvalue()
    except (PdfError, SigningError) as error:
        raise ValueError(f"this PDF cannot be sealed: {error}") from error


def _apart(function: Callable, *arguments: Any) -> Any:
    """Run what starts an event loop of its own; in a thread of its own where one is running in this thread already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return function(*arguments)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


def own_certificates() -> list[bytes]:
    """DER of the platform's certificate, and of earlier ones kept as `*.pem` in LIANPEI_SEAL_OLD_CERTS."""
    paths = [_paths()[1]]
    if old := _setting("LIANPEI_SEAL_OLD_CERTS"):
        paths += sorted(Path(old).glob("*.pem"))
    return [
        certificate.public_bytes(serialization.Encoding.DER)
        for path in paths
        for certificate in x509.load_pem_x509_certificates(path.read_bytes())
    ]


def verify_pdf(pdf: bytes) -> Verdict:
    """Check a PDF's seal. Never raises for a bad file: a file that cannot be read is neither sealed nor intact."""
    try:
        signatures = PdfFileReader(io.BytesIO(pdf), strict=False).embedded_signatures
        if not signatures:
            return Verdict(False, False, False, False, fault="没有平台防篡改签名")
        signature = signatures[-1]
        certificate = signature.signer_cert
        trust = ValidationContext(
            trust_roots=[certificate],
            allow_fetching=False,
            moment=certificate.not_valid_after - dt.timedelta(seconds=1),
        )
        status = _apart(validate_pdf_signature, signature, trust)
        whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        intact = bool(status.intact and status.valid)
        stated = status.signer_reported_dt
        return Verdict(
            sealed=True,
            intact=intact,
            covers_whole_file=whole,
            ours=certificate.dump() in own_certificates(),
            signer=str(signature.sig_object.get("/Name", "") or certificate.subject.native.get("common_name", "")),
            signed_at=clock.local(stated) if stated else None,
            fault="" if intact and whole else "文件在签名之后被改动",
        )
    except (
        PdfError,
        SignatureValidationError,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        RecursionError,
    ) as error:
        return Verdict(False, False, False, False, fault=f"无法读取：{type(error).__name__}")
