"""How the vault says no. No message ever carries a text, a key or a piece of either."""


class VaultError(Exception):
    """Something the vault will not do, or cannot."""


class RingMissing(VaultError):
    """This process was started without the key ring; it was never meant to open this."""


class RingBroken(VaultError):
    """The key ring of this process cannot be read as `id:base64,id:base64`."""


class UnknownKey(VaultError):
    """Sealed with a key that the ring no longer, or not yet, holds."""


class Tampered(VaultError):
    """Not what was sealed here: altered, cut short, or moved from another place."""


class NotSealable(VaultError):
    """The text would have reached the database in clear, or cannot be bound to its row."""
