"""Letters that a mission received: the inbox, everything so far, one letter."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.http import AuthedRequest
from cases import audit
from cases.models import Package
from cases.portal.forms import ExtensionForm
from cases.portal.http import on, package_of
from cases.portal.items import Item, all_packages, earlier_items, open_items
from cases.refusals import Refused
from cases.services import packages

EARLIER, PAGE = 10, 25


@require_safe
def inbox(request: AuthedRequest) -> HttpResponse:
    """What waits for a reply, then what was answered last."""
    items, earlier = open_items(request.user), earlier_items(request.user, EARLIER)
    shown = [item.package.pk for item in (*items, *earlier)]
    audit.listed(Package, by=request.user, number=len(shown), of=shown)
    context = {"today": timezone.localdate(), "items": items, "earlier": earlier}
    return render(request, "portal/inbox.html", context)


@require_safe
def history(request: AuthedRequest) -> HttpResponse:
    letters = Paginator(all_packages(request.user), PAGE)
    page = letters.get_page(request.GET.get("page"))
    audit.listed(Package, by=request.user, number=len(page), of=[one.pk for one in page])
    context = {
        "items": [Item(package) for package in page],
        "previous": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "following": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "portal/history.html", context)


@on(package_of, "GET", "HEAD")
def package_detail(request: AuthedRequest, package: Package) -> HttpResponse:
    return _letter(request, package, ExtensionForm())


@on(package_of, "POST")
def package_acknowledge(request: AuthedRequest, package: Package) -> HttpResponse:
    packages.acknowledge(package, by=request.user)
    messages.success(request, _("Receipt is acknowledged."))
    return redirect("package-detail", package.pk)


@on(package_of, "POST")
def extension_ask(request: AuthedRequest, package: Package) -> HttpResponse:
    form = ExtensionForm(request.POST)
    if form.is_valid():
        try:
            packages.ask_extension(package, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, list(refused.reasons))
        else:
            messages.success(request, _("Your request was sent. The due date stays until then."))
            return redirect("package-detail", package.pk)
    return _letter(request, package, form)


def _letter(request: AuthedRequest, package: Package, form: ExtensionForm) -> HttpResponse:
    """To open it leaves a receipt, also where it stands around a form that comes back; a machine
    that only looks at the head leaves none."""
    if request.method != "HEAD":
        packages.read_package(package, by=request.user)
    context = {
        "package": package,
        "item": Item(package),
        "files": package.attachments.all(),
        "form": form,
        "bidi": package.language in settings.LANGUAGES_BIDI,
    }
    return render(request, "portal/package.html", context)
