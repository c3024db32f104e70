"""What somebody types: how a letter begins, its text, the answer to a request for time."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import consent
from cases.console.communications.paper import in_short
from cases.forms import Form, NewRow, PlainTextField, Versioned
from cases.models import Case, Communication, CommunicationRule, EvidenceAttachment, Mechanism
from cases.models.term import label
from cases.services import mandates
from cases.vocabulary import IdentityTreatment

NUMBERED = re.compile(r"question_([1-9]\d?)")
SUBJECT = 300
TEXTS = ("version", "language", "subject", "body", "closing")


class DraftForm(NewRow, Form):
    """Which letter to begin. The mandate was chosen before: it says which there are."""

    type = forms.ChoiceField(label=gettext_lazy("Which letter"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letter"), choices=settings.LANGUAGES, initial="en"
    )
    subject = PlainTextField(
        one_line=True,
        max_length=SUBJECT,
        required=False,
        label=gettext_lazy("Subject, as the State will read it"),
        help_text=gettext_lazy("Leave it empty to begin with the usual one."),
    )

    def __init__(self, *args: Any, rules: list[CommunicationRule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["type"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(rule.type, windows(rule)) for rule in rules]


def windows(rule: CommunicationRule) -> str:
    """Allegation letter: reply within 60 days, confidential for 60 days."""
    words = {"letter": label("V-ACTION", rule.type), "days": rule.response_days}
    if rule.response_days is None:
        return _("%(letter)s: no time for a reply is set") % words
    if rule.confidentiality_days is None:
        return _("%(letter)s: reply within %(days)d days") % words
    text = _("%(letter)s: reply within %(days)d days, confidential for %(closed)d days")
    return text % {**words, "closed": rule.confidentiality_days}


class WantedText(PlainTextField):
    """A letter needs it before it leaves; a draft may be saved without."""

    def validate(self, value: str) -> None:
        if value:
            super().validate(value)


class LetterForm(Versioned, Form):
    """All of a letter that can change. Whatever is chosen is a row of its own case."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language of the letter"), choices=settings.LANGUAGES
    )
    subject = PlainTextField(
        one_line=True,
        max_length=SUBJECT,
        label=gettext_lazy("Subject, as the State will read it"),
    )
    body = WantedText(
        rows=14,
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "People stand in it by their code in brackets, like [V-1]. An empty line begins a "
            "new paragraph."
        ),
    )
    closing = PlainTextField(rows=4, required=False, label=gettext_lazy("Closing"))

    def __init__(self, *args: Any, letter: Communication, **kwargs: Any) -> None:
        given = kwargs.get("initial") or {}
        kwargs["initial"] = {**_initial(letter), **given}
        super().__init__(*args, **kwargs)
        self.letter = letter
        for name in ("body", "closing"):
            self.fields[name].widget.attrs["class"] = "r-prose"  # serif: it leaves the house
        for number in range(1, self._asked() + 1):
            self.fields[f"question_{number}"] = _question(number)
        self.rows: dict[str, Mapping[str, Any]] = {}
        self._offer("elements", _elements(letter.case), _("Elements of the allegation to put"))
        self._offer("annexes", _files(letter.case), _("Files to send"))
        self._offer("signatories", _signing(letter), _("Mandates that sign with the lead"))
        self._offer("in_full", _people(letter.case), _("People to be given by name"))
        self.fields["add_mandate"] = _more_mandates(letter)

    def _asked(self) -> int:
        """Those there are and an empty one; with "Add a question" one more."""
        names = self.data if self.is_bound else self.initial
        numbers = [int(found[1]) for name in names if (found := NUMBERED.fullmatch(name))]
        more = 0 if self.is_bound and "more" not in self.data else 1
        return max(numbers, default=0) + more

    def _offer(self, name: str, rows: Mapping[str, tuple[Any, str]], words: str) -> None:
        self.rows[name] = {key: row for key, (row, _words) in rows.items()}
        self.fields[name] = forms.MultipleChoiceField(
            label=words,
            required=False,
            widget=forms.CheckboxSelectMultiple,
            choices=[(key, words) for key, (_row, words) in rows.items()],
        )

    def questions(self) -> Iterator[BoundField]:
        return (self[name] for name in self.fields if NUMBERED.fullmatch(name))

    def changes(self) -> dict[str, Any]:
        """What `edit_letter` and `preview_letter` take."""
        clean = self.cleaned_data
        chosen = {name: [rows[key] for key in clean[name]] for name, rows in self.rows.items()}
        if clean["add_mandate"]:
            chosen["signatories"].append(Mechanism(pk=clean["add_mandate"]))
        texts = {
            name: clean[name] for name in ("version", "language", "subject", "body", "closing")
        }
        return {**texts, **chosen, "questions": [clean[field.name] for field in self.questions()]}


def _initial(letter: Communication) -> dict[str, Any]:
    asked = {f"question_{row.number}": row.text for row in letter.questions.all()}
    return {
        "language": letter.language,
        "subject": letter.subject,
        "body": letter.body,
        "closing": letter.closing,
        "elements": [str(row.pk) for row in letter.elements.all()],
        "annexes": [str(row.pk) for row in letter.annexes.all()],
        "signatories": [row.mechanism_id for row in letter.signatories.all()],
        "in_full": [
            str(row.person_id)
            for row in letter.namings.all()
            if row.treatment == IdentityTreatment.FULL
        ],
        **asked,
    }


def _question(number: int) -> WantedText:
    return WantedText(rows=2, label=_("Question %(number)d") % {"number": number})


def _elements(case: Case) -> dict[str, tuple[Any, str]]:
    words = _("%(number)d. %(statement)s")
    return {
        str(row.pk): (row, words % {"number": row.number, "statement": row.statement})
        for row in case.elements.all()
    }


def _files(case: Case) -> dict[str, tuple[Any, str]]:
    rows = EvidenceAttachment.objects.filter(evidence__case=case)
    rows = rows.select_related("evidence", "clean_copy")
    return {str(row.pk): (row, _in_words(row)) for row in rows}


def _in_words(file: EvidenceAttachment) -> str:
    """The hash is of what would leave."""
    told = {"code": file.evidence.code, "name": file.name}
    if file.leaving is None:
        return _("%(code)s: %(name)s, no clean copy yet") % told
    digest = in_short(file.leaving.sha256)
    return _("%(code)s: %(name)s, SHA-256 %(digest)s") % {**told, "digest": digest}


def _signing(letter: Communication) -> dict[str, tuple[Any, str]]:
    """Beside the lead, which always signs."""
    others = [row.mechanism for row in letter.signatories.all()]
    return {m.pk: (m, m.name) for m in others if m.pk != letter.lead_id}


def _more_mandates(letter: Communication) -> forms.ChoiceField:
    there = [row.mechanism_id for row in letter.signatories.all()]
    rest = sorted((m.name, m.pk) for m in mandates.writing().exclude(pk__in=there))
    return forms.ChoiceField(
        label=_("Ask one more mandate to sign"),
        required=False,
        choices=[("", _("No more")), *((pk, name) for name, pk in rest)],
    )


def _people(case: Case) -> dict[str, tuple[Any, str]]:
    """Beside each what they said to being named; without their consent no name enters a text."""
    book, today = consent.ledger(case.consents.all()), timezone.localdate()
    words = _("%(code)s, consent to be named: %(answer)s")
    found = {}
    for person in case.persons.all():
        held = consent.for_state(book, person, IdentityTreatment.FULL, today)
        label_ = words % {"code": person.code, "answer": held.reason}
        found[str(person.pk)] = (person, label_)
    return found


class ConditionsForm(Form):
    words = PlainTextField(
        label=gettext_lazy("How this letter keeps to it"),
        help_text=gettext_lazy("No names. Kept with your name, for exactly this text."),
        rows=4,
        max_length=4000,
    )


class DecideForm(Form):
    """The answer to a mission that asked for time. Its words go to the State."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[("grant", gettext_lazy("Grant it")), ("refuse", gettext_lazy("Refuse it"))],
        widget=forms.RadioSelect,
    )
    answer = PlainTextField(
        label=gettext_lazy("Words to the mission"),
        required=False,
        rows=3,
        max_length=4000,
        help_text=gettext_lazy("The State reads them. They are needed where time is refused."),
    )
