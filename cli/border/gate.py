"""The web server in front of an installation: HTTPS with a certificate of its own, and a line that can be cut.

Installations call each other over HTTPS alone. What stands in front of one in a ministry stands here on loopback.
"""

import asyncio
import ipaddress
import ssl
import threading
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from core.clock import utc_now

HOST: Final = "localhost"
LOOPBACK: Final = "127.0.0.1"
DAYS: Final = 30
BLOCK: Final = 64 * 1024


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for this machine and its key into a folder; returns both files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bid demo")])
    hosts = x509.SubjectAlternativeName(
        [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address(LOOPBACK))]
    )
    now = utc_now()
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(hosts, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    certificate, private = folder / "certificate.pem", folder / "certificate-key.pem"
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private.touch(mode=0o600)
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    return certificate, private


class Gate:
    """One web server: takes HTTPS, passes it on to an installation, and can be cut after so many bytes."""

    def __init__(self, port: int, certificate: tuple[Path, Path]) -> None:
        self.address = f"https://{HOST}:{port}"
        self.cuts = 0
        self.carried = 0
        self._behind, self._port, self._certificate = 0, port, certificate
        self._left: int | None = None
        self._loop = asyncio.new_event_loop()
        self._open = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gate", daemon=True)

    def start(self) -> None:
        """Open it."""
        self._thread.start()
        self._open.wait(10)

    def connect(self, behind: int) -> None:
        """Let it lead to an installation's port."""
        self._behind = behind

    def stop(self) -> None:
        """Close it."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def cut_after(self, size: int) -> None:
        """Let so many more bytes in, then break every connection once."""
        self._left = size

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self._certificate)
        server = self._loop.run_until_complete(
            asyncio.start_server(self._serve, LOOPBACK, self._port, ssl=context)
        )
        self._open.set()
        self._loop.run_forever()
        server.close()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self._loop.run_until_complete(asyncio.sleep(0))  # what was aborted closes its socket now
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ways: list[asyncio.Future[None]] = []
        open_ones = [writer]
        try:
            there_reader, there = await asyncio.open_connection(LOOPBACK, self._behind)
            open_ones.append(there)
            ways = [
                asyncio.ensure_future(self._carry(reader, there, counts=True)),
                asyncio.ensure_future(self._carry(there_reader, writer, counts=False)),
            ]
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        except OSError:
            pass  # nobody is behind: the caller sees a broken line
        finally:
            for way in ways:
                way.cancel()
            for one in open_ones:
                one.transport.abort()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counts: bool
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(BLOCK):
                if counts and self._is_cut(len(data)):
                    return
                writer.write(data)
                await writer.drain()

    def _is_cut(self, size: int) -> bool:
        self.carried += size
        if self._left is None:
            return False
        self._left -= size
        if self._left > 0:
            return False
        self._left = None
        self.cuts += 1
        return True
