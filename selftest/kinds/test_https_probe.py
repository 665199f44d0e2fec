"""A request over HTTPS by every name of a distribution: only what its viewers get says that it serves."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from moto.core.base_backend import BackendDict

from plumbline.aws import anonymous
from plumbline.aws.anonymous import Response, Untrusted, ask
from plumbline.aws.probing import Probing
from plumbline.aws.reads import Answers, Aws
from plumbline.kinds.distributions import CacheBehavior, Distribution
from plumbline.kinds.https_probe import AskingOverHttps, HttpsProbe
from plumbline.sources.moto.account import account
from plumbline.values.unknown import Missing, ReadError, Undetermined

ACCOUNT, REGION, NAME = "123456789013", "eu-west-1", "shop"
OF_ALL = [CacheBehavior(path_pattern="*", viewer_protocol_policy="https-only")]


class Viewed:
    """An account with a distribution, and what is answered by each of its names."""

    def __init__(self, patch: pytest.MonkeyPatch, *aliases: str, **answers: int | str) -> None:
        BackendDict.reset()
        moto, self.announced, self.asked = account(ACCOUNT, REGION), list[str](), list[tuple[str, ...]]()
        Distribution(name=NAME, comment=NAME, enabled=True, behaviors=OF_ALL, aliases=[*aliases]).create(moto)
        probing = Probing(announce=self.announced.append, pause=lambda _: None)
        self.client = moto.client("cloudfront")
        self.aws = Aws(lambda *_: self.client, ACCOUNT, REGION, Answers(), calls=None, probing=probing)
        self.answers = answers
        patch.setattr(anonymous, "ask", self._answer)

    def _answer(self, host: str, method: str, path: str) -> Response:
        self.asked.append((host, method, path))
        answer = self.answers.get(host.partition(".")[0], 200)
        if isinstance(answer, str):
            raise Untrusted(f"{host}: {answer}", cause=answer)
        return Response(answer, "")

    def unserved(self, name: str = NAME) -> Any:
        question = AskingOverHttps(path="/")
        return HttpsProbe.from_aws(self.aws, name, question=question).unserved([200])


def test_each_of_its_names_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    viewed = Viewed(monkeypatch, "www.example.com", "shop.example.com")
    assert viewed.unserved() == []
    own, *aliases = (host for host, method, path in viewed.asked if (method, path) == ("GET", "/"))
    assert own.endswith(".cloudfront.net")
    assert aliases == ["shop.example.com", "www.example.com"]
    assert viewed.announced == [f"asking {own}, shop.example.com, www.example.com for / over HTTPS"]


@pytest.mark.parametrize("status", [301, 403, 404, 502])
def test_another_status_is_told_with_the_name(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    assert Viewed(monkeypatch, "www.example.com", www=status).unserved() == [f"www.example.com: {status}"]


def test_a_certificate_that_nobody_trusts_serves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Viewed(monkeypatch, "www.example.com", www="certificate has expired").unserved()
    assert told == ["www.example.com: certificate has expired"]


def test_of_aliases_that_are_no_names_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    viewed = Viewed(monkeypatch, "*.example.com", "www.example.com", www=403)
    assert "www.example.com: 403" in viewed.unserved()
    viewed = Viewed(monkeypatch, "*.example.com")
    with pytest.raises(Undetermined, match=r"\*\.example\.com is no name that can be asked"):
        _ = viewed.unserved() == []
    assert len(viewed.asked) == 1


def test_a_distribution_that_is_not_there_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    viewed = Viewed(monkeypatch)
    with pytest.raises(Missing):
        viewed.unserved("another")
    assert not viewed.asked


def test_without_leave_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    viewed = Viewed(monkeypatch)
    viewed.aws.probing = None
    with pytest.raises(Undetermined, match="--allow-writes"):
        viewed.unserved()
    assert not viewed.asked


def test_nobody_is_asked_where_the_endpoint_is_not_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    viewed = Viewed(monkeypatch)
    monkeypatch.setattr(viewed.client.meta, "_endpoint_url", "http://127.0.0.1:5000")
    with pytest.raises(Undetermined, match="no distribution of it serves"):
        viewed.unserved()
    assert not viewed.asked


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[str]:
    """Serve with a certificate that nobody trusts; yield the host."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, today = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]), datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    signed = (
        built.not_valid_before(today)
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + signed.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"localhost:{server.server_port}"
        server.shutdown()


def test_a_certificate_is_held_against_those_that_everybody_trusts(self_signed: str) -> None:
    with pytest.raises(Untrusted) as raised:
        ask(self_signed, "GET", "/")
    assert raised.value.cause == "self-signed certificate"


def test_who_speaks_no_tls_serves_nothing_over_https() -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with pytest.raises(Untrusted, match=r"WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE"):
            ask(f"127.0.0.1:{server.server_port}", "GET", "/")
        server.shutdown()


def test_a_network_that_fails_says_nothing_of_a_certificate() -> None:
    with pytest.raises(ReadError) as raised:
        ask("127.0.0.1:9", "GET", "/")
    assert not isinstance(raised.value, Untrusted)
