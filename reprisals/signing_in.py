"""What the settings of signing in are made of: two clocks, and an identity provider."""

from datetime import timedelta
from typing import Any

IDLE_MINUTES = {"console": 15, "worker": 15, "portal": 60, "submission": 15}


def session_limits(idle: str, hours: str) -> dict[str, tuple[timedelta, timedelta]]:
    """By door: until a session ends because nobody was there, and until it ends in any case."""
    return {
        door: (timedelta(minutes=int(idle or usual)), timedelta(hours=int(hours)))
        for door, usual in IDLE_MINUTES.items()
    }


def single_sign_on(issuer: str, client: str, secret: str) -> dict[str, Any]:
    """Nothing but who somebody is: no name and no address is asked for."""
    app = {
        "provider_id": "sso",
        "name": "sso",
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": issuer, "fetch_userinfo": False},
    }
    return {"openid_connect": {"SCOPE": ["openid"], "OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
