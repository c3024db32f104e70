"""The portal's own words: what a Government says of itself, not what the house notes of it."""

from django.utils.translation import gettext_lazy as _

from cases.models.term import label

# V-REPLY-S as the one who answers reads it. "Not addressed" is said by leaving the place empty.
POSITIONS = {
    "CONF": _("The Government confirms this"),
    "CONX": _("Confirms, but disputes the link to cooperation with the United Nations"),
    "ALT": _("Gives another explanation"),
    "DENS": _("Denies, with supporting facts"),
    "DENU": _("Denies"),
    "NID": _("Cannot identify the person"),
    "OOC": _("Outside its responsibility"),
    "MEAS": _("Reports measures taken"),
}


def position_label(code: str) -> str:
    return str(POSITIONS.get(code) or label("V-REPLY-S", code))
