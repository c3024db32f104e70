"""Every service refuses a stranger, and what is refused leaves no trace.

A function that takes `by` and is not in CALLS, or one that takes none and is not in WITHOUT_BY,
fails the first test: whoever writes a service says here who is refused.
"""

import importlib
import inspect
import pkgutil
from copy import copy
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

import cases.services
from accounts.models import Role, User
from cases.services import records
from tests.factories import UserFactory, member, mission_of
from tests.services.calls import CALLS
from tests.services.world import build

pytestmark = pytest.mark.django_db

# They take `by` and ask nothing of the policy, each for a reason.
NOT_REFUSED_HERE = {
    "communications.composed": "what stands in a letter; the letter was fetched by visible_to",
    "communications.readiness": "the same, with its gates; the secrets it reads are refused below",
    "communications.to_send": "the same, unveiled, for transmission alone, which was refused above",
    "exclusions.set_ties": "an administrator's, refused to others in test_exclusions",
    "hands.hand_over": "stands below the services that ask",
    "hands.let_go": "stands below the services that ask",
    "hands.let_go_excluded": "stands below the services that ask",
    "locks.lift_lock": "reaches all for an administrator; refused to others in test_locks",
    "locks.lock_office": "reaches all for an administrator; refused to others in test_locks",
    "locks.lock_person": "reaches all for an administrator; refused to others in test_locks",
    "looks.tell_held": "writes down that this person was refused",
    "communications.reopen": "follows from a consent, whose recording was refused above",
    "containments.contain": "likewise",
    "fulfilments.said_of": "stands below the sharing of a case, which is refused above",
    "searches.search": "what is sought is kept for its seeker; for names see test_searches",
    "identities.reveal": "refused in test_identities: there the refusal itself is written down",
    "identities.open_identities": "the same; by the machine, names_for and secrets_of are refused",
    "identities.reveal_in_letter": "refused in test_identities, as a reveal is",
    "identities.way_to": "says whether one has to ask; asks the policy itself",
    "identities.looked_at_enough": "counts one's own openings",
}

# They read, or stand below the services that ask.
WITHOUT_BY = {
    "assessments.procedure_of",
    "cases.gates_of",
    "cases.gates_to_file",
    "cases.missing_to_file",
    "cases.moves_open",
    "cases.severities",
    "cases.whole",
    "communications.standard_words",
    "communications.whole",
    "containments.hand_over",
    "fulfilments.asked_of_sharing",
    "fulfilments.require_sayable",
    "fulfilments.require_shareable",
    "drafts.keep_typed_work",
    "drafts.let_go",
    "drafts.typed_work",
    "hands.held_by",
    "hands.left_by",
    "hands.require_another",
    "hands.require_free",
    "hands.require_no_tie",
    "locks.lockers_of",
    "locks.offices_lockable_by",
    "locks.people_lockable_by",
    "locks.reads_of",
    "index.reindex",
    "mandates.leads_for",
    "mandates.mandates_held",
    "mandates.rules_of",
    "mandates.writing",
    "notices.custodians_of",
    "notices.mission_of",
    "notices.officers_of",
    "notices.owe",
    "notices.reviewers_of",
    "notices.watchers_of",
    "records.locked_case",
    "records.next_number",
    "records.refuse_held",
    "records.refuse_twice",
    "records.touch",
    "records.unchanged",
    "reference.load_reference",
    "reference_files.entries_of",
    "reference_files.lines_of",
    "reference_files.placeholders_of",
    "replies.answered",
    "replies.digest_of",
    "replies.says_something",
    "templates.filled",
    "transmission.document_of",
    "transmission.rule_of",
}


def public_functions():
    for found in pkgutil.iter_modules(cases.services.__path__):
        module = importlib.import_module(f"cases.services.{found.name}")
        for name, function in vars(module).items():
            ours = getattr(function, "__module__", "") == module.__name__
            if ours and not name.startswith("_") and inspect.isfunction(inspect.unwrap(function)):
                yield f"{found.name}.{name}", "by" in inspect.signature(function).parameters


def test_every_service_is_in_one_of_the_tables():
    found = dict(public_functions())
    assert {name for name, by in found.items() if by} == CALLS.keys() | NOT_REFUSED_HERE.keys()
    assert {name for name, by in found.items() if not by} == WITHOUT_BY


def strangers(at_the_portal: bool) -> list[User]:
    everywhere: list[User] = [
        UserFactory.create(is_superuser=True, is_staff=True),
        *(member(role=role) for role in (Role.FOCAL_POINT, Role.REVIEWER, Role.MANDATE_HOLDER)),
        *(member(role=role) for role in (Role.ADMINISTRATOR, Role.CUSTODIAN, Role.AUDITOR)),
        member(mission_of("XBB"), Role.MISSION_HEAD),
    ]
    return everywhere if at_the_portal else [*everywhere, member(mission_of(), Role.MISSION_HEAD)]


def tables() -> dict[str, tuple[int, str]]:
    """Each table of ours: how many rows, and a hash over all of them."""
    found = {}
    with connection.cursor() as cursor:
        names = [n for n in connection.introspection.table_names(cursor) if "_" in n]
        for name in names:
            cursor.execute(
                f"SELECT count(*), md5(coalesce(string_agg(t::text, '' ORDER BY t::text), ''))"  # noqa: S608  names of our own tables
                f' FROM "{name}" AS t'
            )
            found[name] = cursor.fetchone()
    return found


def outcome_of(call, w, may) -> str:
    """What came of a call, whose writes are taken back in any case, in rows and in memory."""
    again = SimpleNamespace(**{name: copy(value) for name, value in vars(w).items()})
    try:
        with transaction.atomic():
            call(again, getattr(w, may))
            transaction.set_rollback(True)
    except PermissionDenied:
        return "refused"
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "let in"


def test_every_stranger_is_refused_and_nothing_changes():
    w = build()
    at_desks, at_portal = strangers(False), strangers(True)
    before, wrong = tables(), {}
    for name, (may, call) in CALLS.items():
        for by in at_portal if may == "mission" else at_desks:
            try:
                call(w, by)
            except PermissionDenied:
                continue
            except Exception as error:
                wrong[name] = f"{by.memberships_now}: {type(error).__name__} {error}"
            else:
                wrong[name] = f"{by.memberships_now}: let in"
    assert wrong == {}
    assert tables() == before
    records.touch(w.case)  # and the comparison would have seen a single letter
    assert {name for name in before if before[name] != tables()[name]} == {"cases_case"}


def test_whoever_may_is_let_in():
    """Else the table above would prove nothing: its calls must be refused for who calls."""
    w = build()
    wrong = {
        name: came
        for name, (may, call) in CALLS.items()
        if (came := outcome_of(call, w, may)) != "let in"
    }
    assert wrong == {}
