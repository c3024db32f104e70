"""Cases: recorded, changed, filed, moved along, stopped."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import status
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases.api.case_shapes import (
    CaseIn,
    CaseOut,
    CaseRow,
    ConcludeIn,
    GiveIn,
    GuestOut,
    HideIn,
    MatrixOut,
    MoveIn,
    MoveOut,
    ProtectIn,
    SearchIn,
    SearchOut,
    ShowIn,
    StopIn,
    UseOut,
    matrix_rows,
    use_rows,
)
from cases.api.rows import Editable, Recorded
from cases.api.shapes import Nothing, gate_rows, with_reason
from cases.api.steps import look, step
from cases.api.timeline import Told
from cases.filters import CaseFilter
from cases.lifecycles import CASE_MOVES, CaseMove
from cases.models import Case
from cases.models.access import guests_of
from cases.models.case import Channel
from cases.policy import May, powers
from cases.services import assignments, cases, searches, sources
from cases.vocabulary import Verification


class Cases(Told, Recorded, Editable):
    """Allegations against people, and situations that name nobody."""

    model, input, output, listed = Case, CaseIn, CaseOut, CaseRow
    filterset_class = CaseFilter
    edit = staticmethod(cases.edit_case)

    def visible(self) -> QuerySet[Case]:
        return Case.objects.visible_to(self.request.user).with_label()

    def case_of(self, row: Case) -> Any:
        return row.pk

    def create(self, request: AuthedApiRequest) -> Response:
        """Open a case in an office. It is a draft of the house until it is filed."""
        fields = self.given(CaseIn)
        return self.recorded(
            lambda: cases.record_case(by=request.user, channel=Channel.API, **fields)
        )

    @step(SearchIn, output={201: SearchOut}, detail=False)
    def search(self, request: AuthedApiRequest) -> Response:
        """Keep what you seek; its id narrows the list as `?search=`, for you and for a day."""
        found = searches.search(by=request.user, **self.given(SearchIn))
        return Response(SearchOut(found).data, status.HTTP_201_CREATED)

    @step(output=CaseOut)
    def file(self, request: AuthedApiRequest, pk: str) -> Response:
        """End the recording: the office works on it, and the clock of triage runs."""
        case = self.get_object()
        self.given(Nothing)
        return self.shown(cases.file_case(case, by=request.user))

    @step(MoveIn, output=CaseOut)
    def move(self, request: AuthedApiRequest, pk: str) -> Response:
        """Take the case one step along, if its gates are open."""
        case = self.get_object()
        wanted = CaseMove(self.given(MoveIn)["move"])
        return self.shown(cases.move_case(case, wanted, by=request.user))

    @look(output=MoveOut(many=True))
    def moves(self, request: AuthedApiRequest, pk: str) -> Response:
        """The steps that lead from here: whether one may, and what must hold before."""
        case = cases.whole(self.looked_at())
        mine = powers(request.user, case)
        return Response([_move(case, move, mine) for move in cases.moves_open(case)])

    @step(ConcludeIn, output=CaseOut, in_person=True)
    def conclude(self, request: AuthedApiRequest, pk: str) -> Response:
        """Say what the verification came to; never by the owner of the case."""
        case = self.get_object()
        conclusion = Verification(self.given(ConcludeIn)["conclusion"])
        return self.shown(cases.conclude(case, conclusion, by=request.user))

    @step(StopIn, output=CaseOut)
    def stop(self, request: AuthedApiRequest, pk: str) -> Response:
        """Freeze every outward act, at once."""
        case = self.get_object()
        return self.shown(cases.stop_case(case, by=request.user, **self.given(StopIn)))

    @step(output=CaseOut, in_person=True)
    def lift(self, request: AuthedApiRequest, pk: str) -> Response:
        """Lift the stop flag."""
        case = self.get_object()
        self.given(Nothing)
        return self.shown(cases.lift_stop(case, by=request.user))

    @step(ProtectIn, output=CaseOut)
    def protect(self, request: AuthedApiRequest, pk: str) -> Response:
        """Start or end the protective track, which runs beside every stage."""
        case = self.get_object()
        return self.shown(cases.protect(case, by=request.user, **self.given(ProtectIn)))

    @step(GiveIn, output=CaseOut, in_person=True)
    def give(self, request: AuthedApiRequest, pk: str) -> Response:
        """Make one officer answer for the case."""
        case = self.get_object()
        return self.shown(assignments.give_case(case, by=request.user, **self.given(GiveIn)))

    @step(ShowIn, output=None, in_person=True)
    def show(self, request: AuthedApiRequest, pk: str) -> Response:
        """Show the case to one guest, who may look and no more."""
        case = self.get_object()
        assignments.show_case(case, by=request.user, **self.given(ShowIn))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @step(HideIn, output=None, in_person=True)
    def hide(self, request: AuthedApiRequest, pk: str) -> Response:
        """Show it to this guest no more."""
        case = self.get_object()
        assignments.end_showing(case, by=request.user, **self.given(HideIn))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @look(output=GuestOut(many=True))
    def guests(self, request: AuthedApiRequest, pk: str) -> Response:
        """To whom the case is shown now, by whom, and, for who may show it, why."""
        guests = guests_of(self.looked_at())
        told = with_reason(guests, request.user, May.SHARE_CASE, "content_object")
        return Response(GuestOut(told, many=True).data)

    @step(output=CaseOut)
    def source_told(self, request: AuthedApiRequest, pk: str) -> Response:
        """Say that the source knows what came of the case."""
        case = self.get_object()
        self.given(Nothing)
        sources.source_told(case, by=request.user)
        return self.shown(case)

    @look(output=MatrixOut)
    def matrix(self, request: AuthedApiRequest, pk: str) -> Response:
        """Elements by sources, and what each row comes to: computed, never typed in."""
        return Response(matrix_rows(cases.whole(self.looked_at())))

    @look(output=UseOut(many=True))
    def uses(self, request: AuthedApiRequest, pk: str) -> Response:
        """What may be done with what each person told: computed from the ledger of consent."""
        return Response(use_rows(cases.whole(self.looked_at())))


def _move(case: Case, move: CaseMove, mine: frozenset[May]) -> dict[str, Any]:
    return {
        "move": move.value,
        "label": str(CASE_MOVES[move].label),
        "allowed": cases.NEEDS.get(move, May.MOVE_CASE) in mine,
        "gates": gate_rows(cases.gates_of(case, move)),
    }
