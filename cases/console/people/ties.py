"""To which States a colleague is bound: written down by an administrator, weighed by the rule."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import AuthedRequest
from accounts.second_factor import second_factor_asked
from cases import audit
from cases.console.editing import FormPage
from cases.console.people.finding import person_of
from cases.console.people.forms import TiesForm
from cases.services import exclusions


@second_factor_asked
@require_http_methods(["GET", "HEAD", "POST"])
def person_ties(request: AuthedRequest, pk: UUID) -> HttpResponse:
    person = person_of(request, pk)
    audit.read(person, by=request.user)
    return FormPage(
        request,
        "console/people/ties.html",
        form=lambda _row, **given: TiesForm.of(person, **given),
        save=lambda form: exclusions.set_ties(person, by=request.user, **form.cleaned_data),
        done=lambda _number: reverse("office-list"),
        said=_("Saved. What this person held of cases there went back to its offices."),
        context={"person": person},
    ).answer()
