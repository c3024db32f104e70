"""What a browser does with a page of the portal: read its words, fill in its form."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cases.models import Reply


def words(response: HttpResponse) -> str:
    """What a person reads: without tags, scripts and the space between them."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def edit_url(reply: Reply) -> str:
    return reverse("reply-edit", args=[reply.pk])


def form_of(client: Client, reply: Reply, **changed: Any) -> dict[str, Any]:
    """The fields of the draft as its page gives them, with these changes."""
    form = client.get(edit_url(reply)).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changed
