"""StandInProvider: an OpenID provider that consents by itself, on a port of this machine.

It does what a provider does on the wire: discovery, keys, an authorization endpoint that redirects
with a code, a token endpoint that takes the code once and checks client, redirect address and PKCE.
Whom it vouches for, and what is wrong with its tokens, the test says.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey


@dataclass
class StandInProvider:
    """Whom it vouches for next, and how it misbehaves."""

    url: str = ""
    client_id: str = "loadstone"
    client_secret: str = "a secret & more"
    now_s: int = 0
    claims: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    sign_with: Any = None
    algorithm: str = "RS256"
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    answers: list[tuple[str, int]] = field(default_factory=list)

    def rotate(self) -> None:
        """Sign with a new key from now on."""
        self.key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(4)})
        self.algorithm = "ES256"

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }

    def authorize(self, query: dict[str, str]) -> str:
        """The address that the browser is sent back to."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["client_id"] == self.client_id
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        back = {"code": code, "state": query["state"]}
        return query["redirect_uri"] + "?" + urlencode(back)

    def redeem(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code, or None where the request is not the client's."""
        asked = self.codes.pop(form.get("code", ""), None)
        pair = f"{self.client_id}:a%20secret%20%26%20more"
        expected = "Basic " + base64.b64encode(pair.encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if (
            asked is None
            or authorization != expected
            or challenge != asked["code_challenge"]
            or form.get("redirect_uri") != asked["redirect_uri"]
        ):
            return None
        claims = {
            "iss": self.url,
            "aud": self.client_id,
            "iat": self.now_s,
            "exp": self.now_s + 300,
            "nonce": asked["nonce"],
            **self.claims,
            **self.changed,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        key = self.sign_with or self.key
        return {"id_token": jwt.encode(header, claims, key, algorithms=[self.algorithm])}


def symmetric_key(secret: str) -> OctKey:
    """The key of who signs with the client's secret."""
    return OctKey.import_key(secret)


@contextmanager
def running_provider() -> Iterator[StandInProvider]:
    """Serve one until the block ends."""
    provider = StandInProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/.well-known/openid-configuration":
                self.answer(200, provider.discovery())
            elif parts.path == "/keys":
                self.answer(200, {"keys": [provider.key.as_dict(private=False)]})
            elif parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(query))
                self.end_headers()
            else:
                self.answer(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            tokens = provider.redeem(form, self.headers.get("authorization", ""))
            self.answer(400 if tokens is None else 200, tokens or {"error": "invalid_grant"})

        def answer(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            provider.answers.append((self.path.partition("?")[0], status))
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
