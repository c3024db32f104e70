"""Rows of work: whose case, why it waits, and the one thing to do, with its exact place."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from cases import policy
from cases.console.lists.duties import asked_of, lapsed, supported
from cases.lifecycles import LetterStatus, ReplyStatus
from cases.models import Assignment, Case, Communication, Deadline, Reply, Signatory
from cases.models.communication import SignatoryAnswer
from cases.models.deadline import DeadlineKind
from cases.models.term import label
from cases.policy import May
from cases.vocabulary import Stage, Verification

Powers = Mapping[UUID, frozenset[May]]
# Rows with what their query put on them (`in_force`, `supported`, `reply`, `asked_of_me`): of
# these attributes no type knows.
Cases = dict[UUID, Any]


class Work(NamedTuple):
    """One row. `text` says why; `verb` stands on the button that leads to `way`."""

    case: Case
    url: str
    due: Deadline | None
    text: str
    verb: str
    way: str


class Way(NamedTuple):
    """What a kind of work asks for, and where it is done.

    `route` takes the case, or the letter where it names one; `late` is said past the day.
    """

    may: May
    verb: str | Promise
    text: str | Promise
    late: str | Promise = ""
    route: str = "case-detail"
    part: str = ""  # a section of the page of the case, or the noun that is added to it


WAYS: dict[str, Way] = {
    DeadlineKind.TRIAGE: Way(
        May.MOVE_CASE, gettext_lazy("Triage"), gettext_lazy("New, and not looked at yet.")
    ),
    DeadlineKind.DECIDE: Way(
        May.DECIDE_CASE,
        gettext_lazy("Decide"),
        gettext_lazy("It was put to decision: write to the State, or follow up without a letter."),
    ),
    DeadlineKind.RISK_REVIEW: Way(
        May.ASSESS_RISK,
        gettext_lazy("Renew risk assessment"),
        gettext_lazy("A risk assessment ends. Without a new one no letter may leave."),
        gettext_lazy("A risk assessment has ended. No letter may leave until there is a new one."),
        "part-add",
        "risk",
    ),
    DeadlineKind.CONSENT_RENEWAL: Way(
        May.RECORD_CONSENT,
        gettext_lazy("Renew consent"),
        gettext_lazy("A consent ends."),
        gettext_lazy("A consent has ended. What rests on it may not leave."),
        "part-add",
        "consent",
    ),
    DeadlineKind.CONTAINMENT: Way(
        May.CONTAIN_WITHDRAWAL,
        gettext_lazy("Contain it"),
        gettext_lazy("A consent was taken back after something had left."),
        gettext_lazy("A consent was taken back; what had left is not contained yet."),
        part="consent",
    ),
    DeadlineKind.CLEARANCE: Way(
        May.CLEAR_LETTER,
        gettext_lazy("Clear the letter"),
        gettext_lazy("Clearance by a second person was asked."),
        route="letter-detail",
    ),
    DeadlineKind.RESPONSE: Way(
        May.DECIDE_CASE,
        gettext_lazy("Decide how to go on"),
        gettext_lazy("The State has time to reply."),
        gettext_lazy("The State has not replied."),
    ),
    DeadlineKind.EXTENSION: Way(
        May.DECIDE_EXTENSION,
        gettext_lazy("Decide on more time"),
        gettext_lazy("The State asks for more time to reply."),
        route="letter-detail",
    ),
    DeadlineKind.ASSESSMENT: Way(
        May.ASSESS_REPLY,
        gettext_lazy("Assess reply"),
        gettext_lazy("The State replied; what the reply comes to is not said yet."),
        route="reply-read",
    ),
    DeadlineKind.FEEDBACK: Way(
        May.EDIT_CASE,
        gettext_lazy("Inform source"),
        gettext_lazy("The source was not told yet what came of it. Mind the safe contact."),
        route="source-told",
    ),
    DeadlineKind.OUTCOME: Way(
        May.EDIT_CASE,
        gettext_lazy("Update outcome"),
        gettext_lazy("What became of the people was not looked at for a while."),
        route="part-add",
        part="outcome",
    ),
}

STEPS: dict[str, Way] = {
    Stage.INTAKE: Way(
        May.EDIT_CASE,
        gettext_lazy("Finish recording"),
        gettext_lazy("Begun and not filed yet: nobody else works on it."),
        route="record-step",
        part="file",
    ),
    Stage.TRIAGE: Way(
        May.MOVE_CASE,
        gettext_lazy("Go on with triage"),
        gettext_lazy("Is it inside the resolution? Look at the link to the cooperation."),
        part="cooperation",
    ),
    Stage.CONSENT: Way(
        May.RECORD_CONSENT,
        gettext_lazy("Settle consent"),
        gettext_lazy("What each person agrees to comes before everything else."),
        part="consent",
    ),
    Stage.RISK: Way(
        May.ASSESS_RISK,
        gettext_lazy("Assess the risk"),
        gettext_lazy("What each person risks is to be assessed before verification."),
        part="risk",
    ),
    Stage.VERIFY: Way(
        May.EDIT_CASE,
        gettext_lazy("Corroborate"),
        gettext_lazy("Each element needs two independent sources."),
        part="corroboration",
    ),
    Stage.TRANSMIT: Way(
        May.DRAFT_LETTER,
        gettext_lazy("Draft the letter"),
        gettext_lazy("It was decided to write to the State. No letter is begun."),
        route="letter-draft",
    ),
}
CONCLUDE = Way(
    May.DECIDE_CASE,
    gettext_lazy("Conclude"),
    gettext_lazy("Two sources support each element: say what the verification comes to."),
    route="case-conclude",
)
SUPPORTED = Way(
    May.EDIT_CASE,
    gettext_lazy("Look at the sources"),
    gettext_lazy(
        "Two sources support each element. If they are independent, a reviewer concludes."
    ),
    part="corroboration",
)
CONCLUDED = Way(
    May.MOVE_CASE,
    gettext_lazy("Put to decision"),
    gettext_lazy("The verification is concluded."),
)
OPEN = {Verification.CHK, Verification.TRI, Verification.RCV}


# Reading rows, however many, in a fixed number of queries ---------------------------------------


def cases_of(user: User, ids: Iterable[UUID]) -> Cases:
    """With their labels, who works on them, and none of the sealed texts."""
    in_force = Prefetch("assignments", Assignment.objects.in_force(), to_attr="in_force")
    rows = Case.objects.visible_to(user).with_label().prefetch_related(in_force)
    rows = rows.annotate(supported=supported())
    return rows.defer("narrative", "summary", "entry", "stop_reason").in_bulk(list(ids))


def powers_of(user: User, cases: Cases) -> Powers:
    return {pk: policy.powers_of_viewer(user, case, case.in_force) for pk, case in cases.items()}


def deadlines_of(user: User, ids: Iterable[UUID]) -> dict[UUID, Any]:
    replies = Reply.objects.filter(
        package__communication=OuterRef("communication"), status=ReplyStatus.SUBMITTED
    ).order_by("-edition")
    rows = Deadline.objects.visible_to(user).annotate(reply=Subquery(replies.values("pk")[:1]))
    return rows.in_bulk(list(ids))


def letters_of(user: User, ids: Iterable[UUID]) -> dict[UUID, Any]:
    """With the mandates that sign, and without the sealed texts."""
    signing = Signatory.objects.annotate(lapsed=lapsed()).order_by("mechanism")
    signatories = Prefetch("signatories", signing)
    mine = Prefetch("signatories", asked_of(user).distinct(), to_attr="asked_of_me")
    rows = Communication.objects.visible_to(user).prefetch_related(signatories, mine)
    return rows.defer("subject", "body", "closing").in_bulk(list(ids))


# Rows ----------------------------------------------------------------


def for_deadline(deadline: Deadline, case: Case, powers: frozenset[May]) -> Work:
    way = WAYS[deadline.kind]
    text = way.late if way.late and deadline.state == "overdue" else way.text
    verb, url = _done_at(way, case, powers, deadline)
    return Work(case, _page(case), deadline, str(text), verb, url)


def _done_at(
    way: Way, case: Case, powers: frozenset[May], deadline: Deadline | None = None
) -> tuple[str, str]:
    """Who may not do it is led to where it stands, and not told to do it."""
    if way.may in powers:
        return str(way.verb), _route(way, case, deadline)
    if deadline and deadline.communication_id:
        return _("See the letter"), reverse("letter-detail", args=[deadline.communication_id])
    return _("See the case"), _page(case)


def _route(way: Way, case: Case, deadline: Any) -> str:
    match way.route:
        case "part-add" | "record-step":
            return reverse(way.route, args=[case.pk, way.part])
        case "letter-draft" | "case-conclude" | "source-told":
            return reverse(way.route, args=[case.pk])
        case "letter-detail" if deadline:
            return reverse(way.route, args=[deadline.communication_id])
        case "reply-read" if deadline:
            return reverse(way.route, args=[deadline.reply])
    return _page(case, way.part)


def for_step(case: Case, user: User, powers: frozenset[May]) -> Work:
    way = _step(case, user, powers)
    verb, url = _done_at(way, case, powers)
    return Work(case, _page(case), None, str(way.text), verb, url)


def _step(case: Any, user: User, powers: frozenset[May]) -> Way:
    if case.stage != Stage.VERIFY:
        return STEPS[case.stage]
    if case.verification not in OPEN:
        return CONCLUDED
    if not case.supported:
        return STEPS[Stage.VERIFY]
    concludes = May.DECIDE_CASE in powers and case.owner_id != user.pk
    return CONCLUDE if concludes else SUPPORTED


def for_letter(letter: Any, case: Case, powers: frozenset[May]) -> Work:
    text, verb = _letter_in_words(letter, powers)
    words = _("%(letter)s: %(text)s") % {"letter": label("V-ACTION", letter.type), "text": text}
    url = reverse("letter-detail", args=[letter.pk])
    return Work(case, _page(case), None, words, verb, url)


def _letter_in_words(letter: Any, powers: frozenset[May]) -> tuple[str, str]:
    if letter.asked_of_me and May.ENDORSE_LETTER in powers:
        return for_mandate(letter.asked_of_me)
    if letter.status == LetterStatus.CLEARED:
        may = May.TRANSMIT_LETTER in powers
        return _("cleared, and not sent yet."), _("Transmit") if may else _("See the letter")
    may = May.DRAFT_LETTER in powers
    return _endorsed(letter), _("See what blocks it") if may else _("See the letter")


def for_mandate(asked: Iterable[Signatory]) -> tuple[str, str]:
    """What waits for a mandate holder, and the words on the button."""
    if any(signatory.answer == SignatoryAnswer.ASKED for signatory in asked):
        return _("a mandate of yours is asked to endorse it."), _("Answer for the mandate")
    return _("it was changed after your mandate endorsed it."), _("Read the changes")


def _endorsed(letter: Any) -> str:
    answers = [(row.answer, row.lapsed) for row in letter.signatories.all()]
    done = answers.count((SignatoryAnswer.ENDORSED, False))
    return ngettext(
        "draft; %(done)d of %(all)d mandate has endorsed it.",
        "draft; %(done)d of %(all)d mandates have endorsed it.",
        len(answers),
    ) % {"done": done, "all": len(answers)}


def _page(case: Case, section: str = "") -> str:
    url = reverse("case-detail", args=[case.pk])
    return f"{url}#{section}" if section else url
