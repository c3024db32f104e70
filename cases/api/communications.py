"""Letters to States: drafted, looked at, endorsed, cleared, transmitted."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404
from rest_framework import status
from rest_framework.response import Response

from accounts.http import AuthedApiRequest
from cases.api.letter_shapes import (
    AnswerIn,
    ConditionsIn,
    DigestIn,
    DraftIn,
    LetterOut,
    LetterRow,
    PreviewOut,
    TransmittedOut,
)
from cases.api.rows import Editable, Recorded
from cases.api.shapes import Nothing, gate_rows
from cases.api.steps import look, step
from cases.gates import shut
from cases.models import Communication
from cases.services import communications, fulfilments, identities, transmission


class Communications(Recorded, Editable):
    """A letter until it leaves; from then on its package is what counts."""

    model, input, output, listed = Communication, DraftIn, LetterOut, LetterRow
    record = staticmethod(communications.draft_letter)
    edit = staticmethod(communications.edit_letter)

    def visible(self) -> QuerySet[Communication]:
        letters = super().visible().select_related("case").annotate(sent_as=F("package__pk"))
        if self.action == "list":
            return letters
        return letters.prefetch_related(
            "signatories", "questions", "elements", "annexes", "namings"
        )

    @look(output=PreviewOut)
    def preview(self, request: AuthedApiRequest, pk: str) -> Response:
        """The letter as the State would receive it now, and all that shuts its way out."""
        return self._previewed(communications.whole(self.looked_at()))

    @step(output=PreviewOut, in_person=True)
    def names(self, request: AuthedApiRequest, pk: str) -> Response:
        """The same with the names in it that one may see. Each look at one is written down."""
        letter = communications.whole(self.get_object())
        self.given(Nothing)
        shown = identities.reveal_in_letter(letter, by=request.user)
        return self._previewed(letter, shown)

    def _previewed(self, letter: Communication, shown: Collection[UUID] = frozenset()) -> Response:
        made, gates = communications.readiness(letter, by=self.request.user, shown=shown)
        return Response(
            {
                "content": made.content,
                "digest": made.digest,
                "unknown": list(made.unknown),
                "ready": not shut(gates),
                "gates": gate_rows(gates),
            }
        )

    @step(output=LetterOut)
    def ask_clearance(self, request: AuthedApiRequest, pk: str) -> Response:
        """Put the letter before the reviewers of the case's office."""
        return self._stepped(communications.ask_clearance)

    @step(DigestIn, output=LetterOut, in_person=True)
    def clear(self, request: AuthedApiRequest, pk: str) -> Response:
        """Clear exactly the text that was seen, named by its digest."""
        letter = self.get_object()
        given = self.given(DigestIn)
        return self.shown(communications.clear_letter(letter, by=request.user, **given))

    @step(output=LetterOut)
    def send_back(self, request: AuthedApiRequest, pk: str) -> Response:
        """Not cleared, or cleared no more: the drafter looks again."""
        return self._stepped(communications.send_back)

    @step(output=LetterOut)
    def discard(self, request: AuthedApiRequest, pk: str) -> Response:
        """This letter will not be sent."""
        return self._stepped(communications.discard_letter)

    @step(AnswerIn, output=LetterOut, in_person=True)
    def answer_for_mandate(self, request: AuthedApiRequest, pk: str) -> Response:
        """Endorse, for a mandate, exactly the text that was seen; or decline to sign."""
        letter = self.get_object()
        given = self.given(AnswerIn)
        mandate = given.pop("mechanism")
        signatory = letter.signatories.select_related("mechanism").filter(mechanism=mandate).first()
        if signatory is None:
            raise Http404
        communications.answer_for_mandate(signatory, by=request.user, **given)
        return self.shown(letter)

    @step(ConditionsIn, output=LetterOut)
    def say_conditions_met(self, request: AuthedApiRequest, pk: str) -> Response:
        """Say how exactly the text that was seen keeps to what a person asked for."""
        letter = self.get_object()
        given = self.given(ConditionsIn)
        entry = given.pop("consent")
        fulfilments.say_conditions_met(letter, entry, by=request.user, **given)
        return self.shown(letter)

    @step(DigestIn, output={201: TransmittedOut}, in_person=True)
    def transmit(self, request: AuthedApiRequest, pk: str) -> Response:
        """Send exactly the text that was seen, if every gate is open at this moment."""
        letter = self.get_object()
        given = self.given(DigestIn)
        package = transmission.transmit(letter, by=request.user, **given)
        return Response(TransmittedOut(package).data, status.HTTP_201_CREATED)

    def _stepped(self, service: Any) -> Response:
        letter = self.get_object()
        self.given(Nothing)
        return self.shown(service(letter, by=self.request.user))
