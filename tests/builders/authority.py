"""A time-stamping authority as the world has them: certificates made here, answers made by OpenSSL."""

import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CONFIG = """[ tsa ]
default_tsa = here
[ here ]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """Answers requests with its own certificate under its own root."""

    def __init__(self, folder: Path, name: str, now: datetime) -> None:
        folder.mkdir(parents=True)
        self.folder, self.roots = folder, folder / "root.pem"
        root_key, key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        root = _certificate(f"{name} root", root_key, f"{name} root", root_key, now, is_root=True)
        own = _certificate(name, key, f"{name} root", root_key, now, is_root=False)
        self.roots.write_bytes(root.public_bytes(serialization.Encoding.PEM))
        (folder / "tsa.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM))
        (folder / "tsa.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )  # fmt: skip
        (folder / "serial").write_text("01\n")
        (folder / "tsa.conf").write_text(_CONFIG.format(folder=folder))

    def answer(self, question: bytes) -> bytes:
        """Stamp what is asked."""
        asked, answered = self.folder / "asked", self.folder / "answered"
        asked.write_bytes(question)
        subprocess.run(
            ["openssl", "ts", "-reply", "-config", self.folder / "tsa.conf", "-queryfile", asked,
             "-out", answered],
            check=True, capture_output=True,
        )  # fmt: skip
        return answered.read_bytes()


def _certificate(
    name: str,
    key: rsa.RSAPrivateKey,
    by: str,
    signer: rsa.RSAPrivateKey,
    now: datetime,
    *,
    is_root: bool,
) -> x509.Certificate:
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(by))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
    )
    if not is_root:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(usage, critical=True)
    return made.sign(signer, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
