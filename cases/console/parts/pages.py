"""Adding, changing and taking away any part of a case: one way for all nouns."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import ProtectedError
from django.forms import Form as AnyForm
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import AuthedRequest
from accounts.models import User
from accounts.second_factor import View, second_factor_asked_to_act
from cases import audit, policy
from cases.console.editing import FormPage, know_version, typed_fields, way_back
from cases.console.http import get_case
from cases.console.parts.forms.identity import IdentityForm
from cases.console.parts.nouns import Noun, added, changed, keep_identity, noun_or_404
from cases.console.parts.rows import line_of
from cases.forms import Form, Versioned
from cases.models import Case, Identity
from cases.policy import May
from cases.refusals import Refused, Stale
from cases.services import drafts
from cases.vocabulary import GRANTING

page_of_a_form = require_http_methods(["GET", "HEAD", "POST"])
# What a link may say of a new row: for whom, what for.
PREFILLED = ("person", "source", "act", "scope")


class RemovalForm(Versioned, Form):
    """Nothing to type; the version says which row one saw."""


def proved(view: View, request: AuthedRequest, noun: str) -> View:
    """A yes opens what may leave: whoever writes one down proves that it is they. What takes back
    is written at once."""
    widens = noun == "consent" and request.POST.get("status") in GRANTING
    return second_factor_asked_to_act(view) if widens else view


@page_of_a_form
def part_add(request: AuthedRequest, pk: UUID, noun: str) -> HttpResponseBase:
    return proved(_add, request, noun)(request, pk, noun)


def _add(request: AuthedRequest, pk: UUID, noun: str) -> HttpResponse:
    what, case = noun_or_404(noun), get_case(request, pk)
    policy.require(request.user, what.may, case)
    return FormPage(
        request,
        "console/parts/edit.html",
        form=lambda row, **given: what.form(case=case, **prefilled(request, given)),
        save=lambda form: added(what, case, form, by=request.user),
        done=lambda row: way_back(request, home_of(case, what)),
        context=_context(request, case, what, what.adding),
    ).answer()


@page_of_a_form
def part_edit(request: AuthedRequest, pk: UUID, noun: str) -> HttpResponse:
    what = _changeable(noun)
    row = what.model.objects.visible_to(request.user).filter(pk=pk).first()
    if row is None:
        return _add_anew(request, noun)
    case = _case_of(request, row, what.may)
    return FormPage(
        request,
        "console/parts/edit.html",
        form=lambda row, **given: what.form(instance=row, case=case, **given),
        save=lambda form: changed(what, row, form, by=request.user),
        done=lambda row: way_back(request, home_of(case, what)),
        row=row,
        context=_context(request, case, what, what.editing, row=row, noun=noun),
    ).answer()


@page_of_a_form
def part_remove(request: AuthedRequest, pk: UUID, noun: str) -> HttpResponse:
    what = _changeable(noun)
    row = get_object_or_404(what.model.objects.visible_to(request.user), pk=pk)
    case = _case_of(request, row, what.may)
    form = RemovalForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid() and _removed(what, row, form, by=request.user):
        messages.success(request, _("Removed."))
        return redirect(way_back(request, home_of(case, what)))
    context = _context(request, case, what, what.removing, line=line_of(row), form=form)
    return render(request, "console/parts/remove.html", context)


@page_of_a_form
def identity_keep(request: AuthedRequest, pk: UUID, noun: str) -> HttpResponse:
    """Who a person or a source is, on a page of its own."""
    what = noun_or_404(noun if noun in ("person", "source") else "")
    subject = get_object_or_404(what.model.objects.visible_to(request.user), pk=pk)
    case = _case_of(request, subject, May.KEEP_IDENTITY)
    kept = Identity.objects.filter(**{noun: subject}).first()
    return FormPage(
        request,
        "console/parts/edit.html",
        form=lambda row, **given: IdentityForm(kept=kept, **given),
        save=lambda form: keep_identity(subject, form, by=request.user),
        done=lambda row: way_back(request, home_of(case, what)),
        context=_context(request, case, what, _("Who %(code)s is") % {"code": subject.code}),
    ).answer()


def home_of(case: Case, what: Noun) -> str:
    """Where the rows of a noun stand on the page of the case."""
    return f"{reverse('case-detail', args=[case.pk])}#{what.section}"


def _changeable(noun: str) -> Noun:
    what = noun_or_404(noun)
    if what.edit is None:
        raise Http404
    return what


def _case_of(request: AuthedRequest, row: Any, may: May) -> Case:
    """To open a part is to read its case; who may not change it learns so before they type."""
    audit.read(row, by=request.user, case=row.case)
    policy.require(request.user, may, row.case)
    case: Case = row.case
    return case


def prefilled(request: AuthedRequest, given: dict[str, Any]) -> dict[str, Any]:
    linked = {name: request.GET[name] for name in PREFILLED if name in request.GET}
    return {**given, "initial": {**linked, **given.get("initial", {})}}


def _context(
    request: AuthedRequest, case: Case, what: Noun, title: object, **more: Any
) -> dict[str, Any]:
    back = way_back(request, home_of(case, what))
    return {"case": case, "what": what, "title": title, "back_url": back, **more}


def _add_anew(request: AuthedRequest, noun: str) -> HttpResponse:
    """Somebody removed the row while this person wrote: what they typed may become a new one."""
    pk = request.POST.get("case", "")
    case = Case.objects.visible_to(request.user).filter(pk=pk).first() if _is_id(pk) else None
    if case is None:
        raise Http404
    path = reverse("part-add", args=[case.pk, noun])
    drafts.keep_typed_work(request.user.pk, path, typed_fields(request.POST))
    messages.warning(request, _("Somebody removed this meanwhile. What you typed is kept here."))
    return redirect(path)


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _removed(what: Noun, row: Any, form: AnyForm, *, by: User) -> bool:
    assert what.remove  # noqa: S101  tells the type checker
    row.version = form.cleaned_data["version"]
    try:
        what.remove(row, by=by)
    except Stale as stale:
        know_version(form, "version", stale.current)
        words = _("Somebody changed this meanwhile. Look at it again, then decide.")
        form.add_error(None, words)
    except Refused as refused:
        form.add_error(None, list(refused.reasons))
    except ObjectDoesNotExist:
        return True  # somebody else removed it at the same moment
    except ProtectedError:
        form.add_error(None, _("Something that stays with the case rests on this."))
    else:
        return True
    return False
