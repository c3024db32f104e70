"""How the vault says no. No message ever carries a text, a key or a piece of either."""


class VaultError(Exception):
    """Something the vault will not do, or cannot."""


class Closed(VaultError):
    """Nothing is wrong with what was sealed: this process lacks the key to it."""


class RingMissing(Closed):
    """This process has no key ring of that name: it was never meant to open this, or lost it."""


class RingBroken(Closed):
    """The key ring of this process cannot be read as `id:base64,id:base64`."""


class UnknownKey(Closed):
    """Sealed with a key that the ring no longer, or not yet, holds."""


class Tampered(VaultError):
    """Not what was sealed here: altered, cut short, moved from another place, or put back."""


class NotSealable(VaultError):
    """The text would have reached the database in clear, or cannot be bound to its row."""
