"""The virus scanner, played by a small server that speaks clamd's INSTREAM."""

import socket
import struct
import threading

import pytest

from portal.files.intake import UploadRefused, clean_upload
from portal.files.scanning import ScannerAway, is_infected
from tests.files import zoo


@pytest.fixture
def scanner(settings):
    """Run a scanner that finds EICAR; return what it was sent."""
    server = socket.create_server(("127.0.0.1", 0))
    settings.CLAMD = f"127.0.0.1:{server.getsockname()[1]}"
    seen = []

    def read(connection, count):
        content = b""
        while len(content) < count and (piece := connection.recv(count - len(content))):
            content += piece
        return content

    def answer():
        try:
            connection, _address = server.accept()
        except OSError:
            return
        with connection:
            assert read(connection, 10) == b"zINSTREAM\0"
            content = b""
            while size := struct.unpack(">L", read(connection, 4))[0]:
                content += read(connection, size)
            seen.append(content)
            connection.sendall(b"stream: Eicar-Signature FOUND\0" if zoo.EICAR in content else b"stream: OK\0")

    thread = threading.Thread(target=answer)
    thread.start()
    yield seen
    server.close()
    thread.join(5)


def test_s06_eicar_within_a_picture_is_refused_by_the_scanner(scanner):
    infected = zoo.picture() + zoo.EICAR
    with pytest.raises(UploadRefused) as caught:
        clean_upload(zoo.upload(infected, "a.jpg"))
    assert (caught.value.code, scanner) == ("infected", [infected])


def test_scanner_sees_every_byte_as_it_was_sent(scanner):
    content = zoo.picture() + b"\0" * 200_000
    assert clean_upload(zoo.upload(content, "a.jpg")).media_type == "image/jpeg"
    assert scanner == [content]


def test_s06_eicar_without_a_scanner_is_neutralised():
    assert zoo.EICAR not in clean_upload(zoo.upload(zoo.picture() + zoo.EICAR, "a.jpg")).content


def test_no_scanner_is_no_finding(settings):
    settings.CLAMD = ""
    assert is_infected(zoo.EICAR) is False


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nonsense", ":"])
def test_absent_scanner_refuses_with_its_own_sentence(settings, address):
    settings.CLAMD = address
    with pytest.raises(ScannerAway):
        is_infected(b"x")
    with pytest.raises(UploadRefused) as caught:
        clean_upload(zoo.upload(zoo.picture(), "a.jpg"))
    assert caught.value.code == "scanner"
