"""A page with one form: what was typed is never lost, what others saved is never overwritten."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.http import AuthedRequest
from cases.refusals import Refused, SavedAlready, Stale
from cases.services import drafts
from cases.templatetags.fields import readable

# What a form sends that nobody typed. The version is kept: it tells which row was before the eyes.
NOT_TYPED = frozenset({"row", "case", "next", "go", "csrfmiddlewaretoken"})


@dataclass
class FormPage:
    """Runs one form page: `FormPage(request, …).answer()` is the whole view.

    - `form(row, data=, files=, initial=)` makes the form. `row` is what is edited, None where
      something new is written; later, the same row as somebody else saved it.
    - `save(form)` gets the valid form and calls one service. What it refuses is said on the page.
    - `done(result)` is the address to go to; `result` is what `save` gave.
    - `said` is the message after saving; `context` is for the template, which includes
      `console/_editing.html` above its form and gives the form `data-draft-url="{{ draft_url }}"`.

    A form for something new may have a hidden field `row` (`cases.forms.NewRow`): the id of the
    row to be. Where the service takes it as `id`, a second press of the button saves nothing twice.
    """

    request: AuthedRequest
    template: str
    form: Callable[..., BaseForm]
    save: Callable[[Any], Any]
    done: Callable[[Any], str]
    row: Any = None
    said: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)

    def answer(self) -> HttpResponse:
        return self._posted() if self.request.method == "POST" else self._opened()

    def _opened(self) -> HttpResponse:
        """The row as it stands, with what this person typed here before and did not save."""
        work = drafts.typed_work(self.request.user, self.request.path)
        if work is None:
            return self._page(self._make(self.row))
        left = self._make(self.row, data=_as_posted(work.content))
        if not touched(left):
            return self._page(self._make(self.row))
        mine = {name: left[name].value() for name in left.fields if _is_typed(left, name)}
        yours = self._make(self.row, initial=mine)
        if work.content.get("version", [""])[-1] in ("", str(_version(self.row))):
            return self._page(yours, typed=work)
        return self._page(yours, typed=work, **self._both(self._make(self.row), yours))

    def _posted(self) -> HttpResponse:
        form = self._make(self.row, data=self.request.POST, files=self.request.FILES)
        if not form.is_valid():
            return self._again(form)
        try:
            result = self.save(form)
        except Stale as stale:
            return self._stale(form, cast(Model, stale.current))
        except SavedAlready as twice:
            messages.info(self.request, _("This was saved already. Nothing was added twice."))
            return self._go(twice.current)
        except Refused as refused:
            form.add_error(None, list(refused.reasons))
            return self._again(form)
        except ValidationError as error:
            _say(form, error)
            return self._again(form)
        messages.success(self.request, self.said or _("Saved."))
        return self._go(result)

    def _go(self, result: Any) -> HttpResponse:
        drafts.let_go(self.request.user, self.request.path)
        return redirect(self.done(result))

    def _again(self, form: BaseForm) -> HttpResponse:
        self._keep()
        return self._page(form)

    def _stale(self, form: BaseForm, current: Model) -> HttpResponse:
        """Both versions. The form now knows theirs: to save it again is deliberate."""
        self._keep()
        data = self.request.POST.copy()
        data["version"] = str(_version(current))
        theirs = self._make(current)  # before the form of mine writes into the same row
        yours = self._make(current, data=data)
        yours.is_valid()
        return self._page(yours, stale=True, **self._both(theirs, yours))

    def _both(self, theirs: BaseForm, yours: BaseForm) -> dict[str, Any]:
        return {"theirs": _words_of(theirs), "yours": _words_of(yours)}

    def _keep(self) -> None:
        drafts.keep_typed_work(
            self.request.user.pk, self.request.path, typed_fields(self.request.POST)
        )

    def _make(self, row: Any, **given: Any) -> BaseForm:
        """The form of this row; its version and the typed work stand above what the row holds."""
        initial = {"version": _version(row)} if row is not None else {}
        given["initial"] = {**initial, **given.get("initial", {})}
        return self.form(row, **given)

    def _page(self, form: BaseForm, **more: Any) -> HttpResponse:
        path = self.request.path
        context = {
            "form": form,
            "draft_path": path,
            "draft_url": f"{reverse('draft-keep')}?{urlencode({'path': path})}",
            "next": way_back(self.request),
            **self.context,
            **more,
        }
        return render(self.request, self.template, context)


def typed_fields(post: QueryDict) -> dict[str, list[str]]:
    """What of a posted form is worth keeping: not where it leads, nor its proof of origin."""
    return {
        name: [str(value) for value in values]
        for name, values in post.lists()
        if name not in NOT_TYPED
    }


def way_back(request: AuthedRequest, otherwise: str = "") -> str:
    """Where the page was opened from (`next`), if that is ours."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return target if ours else otherwise


def know_version(form: BaseForm, name: str, row: object) -> None:
    """The form, drawn again, carries the version of the row as it stands now."""
    form.data = cast(QueryDict, form.data).copy()
    form.data[name] = str(_version(row))


def touched(form: BaseForm) -> bool:
    """Whether somebody wrote something in it that the row does not hold."""
    return any(_is_typed(form, name) for name in form.changed_data) or bool(form.files)


def _version(row: Any) -> int | None:
    return getattr(row, "version", None)


def _as_posted(content: Mapping[str, list[str]]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in content.items():
        data.setlist(name, values)
    return data


def _is_typed(form: BaseForm, name: str) -> bool:
    """Somebody could write it, and the browser sent it: an absent text was emptied by nobody."""
    widget = form.fields[name].widget
    sent = not widget.value_omitted_from_data(form.data, form.files, form.add_prefix(name))
    return sent and not widget.is_hidden and not widget.needs_multipart_form


def _words_of(form: BaseForm) -> dict[str, str]:
    return {str(bound.label): readable(bound) for bound in form if not bound.is_hidden}


def _say(form: BaseForm, error: ValidationError) -> None:
    """At the field where the form has it, above the form otherwise."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, words in found.items():
        form.add_error(name if name in form.fields else None, list(words))
