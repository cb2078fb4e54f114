"""What stands in front of an installation in the demo, and what a demo leaves behind."""

import ssl
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from cli.border.coming import children_of_ours
from cli.border.gate import Gate, make_certificate
from cli.demo import _leave
from cli.province.server import free_port
from cli.province.stories import ENDS, GOES_TO, SPECIAL


class Behind(BaseHTTPRequestHandler):
    """An installation that counts the bytes it is given."""

    def do_POST(self) -> None:
        size = len(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(str(size).encode())

    def finish(self) -> None:
        """Let go quietly of who has hung up."""
        with suppress(OSError):
            super().finish()

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def test_a_gate_passes_https_on_breaks_once_where_it_is_told_and_goes_on(tmp_path: Path) -> None:
    behind = ThreadingHTTPServer(("127.0.0.1", 0), Behind)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    certificate = make_certificate(tmp_path)
    gate = Gate(free_port(), certificate)
    gate.connect(behind.server_port)
    gate.start()
    trusting = ssl.create_default_context(cafile=str(certificate[0]))

    def post() -> httpx.Response:
        with httpx.Client(verify=trusting, timeout=10) as client:
            return client.post(gate.address, content=b"x" * 300_000)

    try:
        before = post().text
        gate.cut_after(100_000)
        with pytest.raises(httpx.TransportError):
            post()
        after = post().text
    finally:
        gate.stop()
        behind.shutdown()
        behind.server_close()

    assert (before, after, gate.cuts) == ("300000", "300000", 1)
    assert certificate[1].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("is_ours", "keep", "is_there"),
    [(True, False, False), (True, True, True), (False, False, True)],
)
def test_a_finished_demo_leaves_only_what_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], is_ours: bool, keep: bool, is_there: bool
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "bid.sqlite3").touch()

    _leave(folder, is_ours=is_ours, keep=keep, as_json=False)

    said = capsys.readouterr().out
    assert folder.exists() is is_there
    assert (str(folder) in said) is is_there
    assert "http" not in said


def test_every_child_who_goes_abroad_has_a_story_of_her_own_and_an_end() -> None:
    assert set(GOES_TO) <= set(SPECIAL)
    assert set(GOES_TO) <= set(ENDS)
    assert set(GOES_TO.values()) == {"NA", "CD"}
    assert len({child.shown_id for child in children_of_ours()}) == 2
