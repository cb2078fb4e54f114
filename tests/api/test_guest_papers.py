"""One file out of a form, read by hand: what is no form of ours costs nothing."""

import time

import pytest

from api.portal.papers import read_form


@pytest.mark.threat("TT37")
def test_a_form_of_a_million_pieces_or_endless_headers_is_no_form_and_costs_no_time() -> None:
    piece = b'\r\n--b\r\nContent-Disposition: form-data; name="form_token"\r\n\r\nx'
    headers = b"X: y\r\n" * 400_000
    kind = "multipart/form-data; boundary=b"
    begun = time.process_time()

    for body in (
        piece.removeprefix(b"\r\n") * 1 + piece * 150_000 + b"\r\n--b--",
        b"--b" + b"\r\n--b" * 2_000_000,
        b"--b\r\n" + headers + piece.removeprefix(b"\r\n--b\r\n") + b"\r\n--b--",
    ):
        assert read_form(kind, body) == ({}, None)

    assert time.process_time() - begun < 2
    assert read_form(kind, piece + b"\r\n--b--") == ({"form_token": "x"}, None)
