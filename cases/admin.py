"""Django admin, for reference data and nothing else: no case, person or letter is ever here."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User
from cases import audit
from cases.models.fields import TermField
from cases.models.mechanism import CommunicationRule, Mechanism
from cases.models.state import CouncilTerm, State
from cases.models.template import LetterTemplate
from cases.models.term import ReferenceRow, Term, forget_terms

# Other apps bring pages of theirs: keys of people, tokens, links. None of them belongs here.
for _model in list(admin.site._registry):
    admin.site.unregister(_model)


class ReferenceAdmin(admin.ModelAdmin):
    """What is saved here is ours from then on: loading the files leaves it alone."""

    formfield_overrides = {TermField: {"widget": forms.Select}}
    list_filter: ClassVar[tuple[str, ...]] = ("local",)

    def save_model(
        self, request: HttpRequest, obj: ReferenceRow, form: forms.Form, change: bool
    ) -> None:
        if "local" not in form.changed_data:
            obj.local = True
        super().save_model(request, obj, form, change)
        audit.record("edited" if change else "recorded", obj, by=cast(User, request.user))
        forget_terms()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Old rows speak these codes; what is over is switched off."""
        return False


@admin.register(Term)
class TermAdmin(ReferenceAdmin):
    list_display = ("vocabulary", "code", "label", "order", "valid_to", "needs_review", "local")
    list_filter = ("local", "needs_review", "vocabulary")
    search_fields = ("vocabulary", "code", "labels")


@admin.register(State)
class StateAdmin(ReferenceAdmin):
    list_display = ("iso3", "name", "status", "regional_group", "active", "local")
    list_filter = ("local", "status", "regional_group")
    search_fields = ("iso3", "names")


@admin.register(CouncilTerm)
class CouncilTermAdmin(ReferenceAdmin):
    list_display = ("state", "start", "end", "certainty", "active", "local")
    list_filter = ("local", "certainty")
    list_select_related = ("state",)


@admin.register(Mechanism)
class MechanismAdmin(ReferenceAdmin):
    list_display = ("code", "name", "kind", "actor", "active", "certainty", "local")
    list_filter = ("local", "kind", "active", "certainty")
    search_fields = ("code", "names")


@admin.register(CommunicationRule)
class CommunicationRuleAdmin(ReferenceAdmin):
    list_display = (
        *("mechanism", "type", "response_days", "confidentiality_days", "active", "local"),
    )
    list_filter = ("local", "type")
    list_select_related = ("mechanism",)


@admin.register(LetterTemplate)
class LetterTemplateAdmin(ReferenceAdmin):
    list_display = ("code", "type", "mechanism_kind", "language", "subject", "active", "local")
    list_filter = ("local", "type", "mechanism_kind")
