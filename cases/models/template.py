"""Letters to begin from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.fields import TermField, codes_are_known
from cases.models.noun import Noun
from cases.models.term import ReferenceRow
from cases.vocabulary import MechanismKind

# What the author of a letter fills in; nothing else may stand in braces.
PLACEHOLDERS = frozenset({"state", "mandates", "people", "cooperation", "acts"})


class LetterTemplate(Noun, ReferenceRow):
    """Plain text with PLACEHOLDERS in braces; people stand in it as [V-1], named later or never."""

    code = models.CharField(_("code"), max_length=20)
    type = TermField("V-ACTION", verbose_name=_("type"), blank=False)
    mechanism_kind = models.CharField(
        _("kind of mechanism"),
        max_length=30,
        choices=MechanismKind,
        blank=True,
        help_text=_("Empty: for any."),
    )
    language = models.CharField(_("language"), max_length=2, default="en")
    subject = models.CharField(_("subject"), max_length=200)
    opening = models.TextField(_("opening"))
    interim = models.TextField(_("what is asked for meanwhile"), blank=True)
    questions = models.JSONField(_("questions"), default=list, blank=True)
    closing = models.TextField(_("closing"))
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(name="a_template_code_once", fields=["code"]),
            models.UniqueConstraint(
                name="one_active_template_for_a_letter",
                fields=["type", "mechanism_kind", "language"],
                condition=Q(active=True),
            ),
        ]
        triggers = [codes_are_known(type="V-ACTION")]

    def __str__(self) -> str:
        return f"{self.code} ({self.language})"
