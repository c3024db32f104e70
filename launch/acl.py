"""The users of the broker: one for each process, each with its own keys and queues.

The portal and the submission door may not read what is queued for the offices: the portal only
adds to the queue `intake`. Both see their own cache, and the mark that a worker lives.
"""

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

import redis

from launch.errors import LaunchError

USERS = ("console", "portal", "submission", "worker")
ALIVE = "%R~reprisals:worker-alive"
# Nothing that lists the keys of others, nor anything that a server is run with.
PLAIN = "+@read +@write +@connection +@transaction -@dangerous -scan -randomkey -dbsize"
OFFICES = "~* &* +@all -@admin"
RULES = {
    "console": OFFICES,
    "portal": f"~portal:* {ALIVE} %W~intake* %RW~_kombu.binding*.intake {PLAIN}",
    "submission": f"~submission:* {ALIVE} {PLAIN}",
    "worker": OFFICES,
}


def make_users(server: str) -> None:
    """On the server behind the address of its `default` user, for as long as it runs."""
    try:
        with redis.from_url(server) as client:
            for user in USERS:
                words = rules(user, password_of(user, server))
                client.execute_command("ACL", "SETUSER", user, *words)
    except redis.RedisError as refused:
        raise LaunchError(f"The users of the broker cannot be made: {refused}") from None


def address_of(user: str, server: str) -> str:
    """`server` as this user reaches it."""
    parts = urlsplit(server)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{user}:{password_of(user, server)}@{host}"
    return parts._replace(netloc=netloc).geturl()


def password_of(user: str, server: str) -> str:
    """As in `roles`: whoever has the owner's address could make it anyway."""
    key = urlsplit(server)._replace(query="").geturl()
    return hmac.digest(key.encode(), user.encode(), "sha256").hex()


def rules(user: str, password: str) -> list[str]:
    """What `ACL SETUSER` takes, and a line of an ACL file after the name; no password in clear."""
    return ["reset", "on", f"#{sha256(password.encode()).hexdigest()}", *RULES[user].split()]


def acl_file(passwords: dict[str, str]) -> str:
    """For a server of its own: nobody comes in without a name."""
    lines = [f"user {user} {' '.join(rules(user, word))}" for user, word in passwords.items()]
    return "\n".join(["user default off", *lines, ""])
