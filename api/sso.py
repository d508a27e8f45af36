"""Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from api.sso_http import ProviderError, ask, check_address
from loadstone.storage.single_sign_on import Attempt

_KNOWN_FOR = timedelta(hours=1)
# Asymmetric ones only: with HS256 whoever knows the client's secret could sign.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
_LEEWAY_S = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom the provider vouches for; `email` only where it has verified it."""

    issuer: str
    subject: str
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Provider:
    authorization: str
    token: str
    issuer_in_answer: bool
    keys: KeySet
    asked_at: datetime


@dataclass(slots=True, kw_only=True)
class SingleSignOn:
    """One provider. `redirect_url` is our own callback, as registered there."""

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)
    redirect_url: str
    label: str
    scopes: str = "openid email"
    _provider: _Provider | None = None
    _lock: Lock = field(default_factory=Lock)

    def begin(self, next_path: str, now: datetime) -> tuple[str, Attempt]:
        """Where to send the browser, and what must come back; raises ProviderError."""
        provider = self._discovered(now)
        attempt = Attempt(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(64),
            next_path=next_path,
        )
        digest = hashlib.sha256(attempt.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_url,
            "scope": self.scopes,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        joint = "&" if "?" in provider.authorization else "?"
        return provider.authorization + joint + urlencode(query), attempt

    def finish(self, attempt: Attempt, answer: Mapping[str, str], now: datetime) -> Identity:
        """Whom the answer in the browser's address is of; raises ProviderError for a wrong one."""
        provider = self._discovered(now)
        if not secrets.compare_digest(answer.get("state", "").encode(), attempt.state.encode()):
            raise ProviderError("the answer is not to the login that this browser began")
        if answer.get("iss", self.issuer) != self.issuer or (
            provider.issuer_in_answer and "iss" not in answer
        ):
            raise ProviderError("the answer is of another issuer")
        if "code" not in answer:
            raise ProviderError(f"the provider said no: {answer.get('error', 'no code')[:100]}")
        tokens = self._redeem(provider, answer["code"], attempt.verifier)
        id_token = tokens.get("id_token")
        if not isinstance(id_token, str):
            raise ProviderError("the provider sent no id_token")
        return self._identity(self._claims(id_token, attempt.nonce, now))

    def _redeem(self, provider: _Provider, code: str, verifier: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_url,
            "client_id": self.client_id,
            "code_verifier": verifier,
        }
        headers = {}
        if self.client_secret is not None:
            pair = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        return ask(provider.token, form=form, headers=headers)

    def _claims(self, id_token: str, nonce: str, now: datetime) -> dict[str, Any]:
        for fresh in (False, True):  # a key we do not know may be newer than what we remember
            provider = self._discovered(now, fresh=fresh)
            try:
                token = jwt.decode(id_token, provider.keys, algorithms=_ALGORITHMS)
                break
            except (JoseError, ValueError) as error:
                if fresh:
                    raise ProviderError(f"the id_token is not the provider's: {error}") from error
        rules = JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            rules.validate(token.claims)
        except JoseError as error:
            raise ProviderError(f"the id_token is not for us: {error}") from error
        audience = token.claims["aud"]
        several = isinstance(audience, list) and len(audience) > 1
        if (several or "azp" in token.claims) and token.claims.get("azp") != self.client_id:
            raise ProviderError("the id_token was made for another client")
        return token.claims

    def _identity(self, claims: dict[str, Any]) -> Identity:
        email = claims.get("email")
        verified = claims.get("email_verified") is True and isinstance(email, str)
        return Identity(
            issuer=self.issuer, subject=str(claims["sub"]), email=email if verified else None
        )

    def _discovered(self, now: datetime, *, fresh: bool = False) -> _Provider:
        with self._lock:
            known = self._provider
            if known is None or fresh or now - known.asked_at > _KNOWN_FOR:
                self._provider = known = self._discover(now)
            return known

    def _discover(self, now: datetime) -> _Provider:
        document = ask(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if document.get("issuer") != self.issuer:
            raise ProviderError(f"{self.issuer} calls itself {document.get('issuer')!r}")
        try:
            authorization, token, keys = (
                str(document[name])
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
            )
        except KeyError as error:
            raise ProviderError(f"{self.issuer} does not say its {error}") from error
        check_address(authorization)
        try:
            key_set = KeySet.import_key_set(ask(keys))  # type: ignore[arg-type] # checked in there
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderError(f"{keys} holds no keys: {error}") from error
        return _Provider(
            authorization=authorization,
            token=token,
            issuer_in_answer=bool(
                document.get("authorization_response_iss_parameter_supported", False)
            ),
            keys=key_set,
            asked_at=now,
        )
