"""What search looks through instead of the texts and names: their words as tokens of a key.

A row of an index is written with the row it is about, by the same save, and goes with it: by a
trigger where PostgreSQL deletes a text, by the foreign key where it deletes an identity. Whoever
holds a copy without the search ring learns which rows have words in common, and how many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models.signals import class_prepared

from cases import spellings, stems
from cases.vault import Ring, SealedTextField
from cases.vault.tokens import Kind, current_key, sought, tokens

if TYPE_CHECKING:
    from cases.models.identity import Identity

# Counts up when `stems` or `spellings` change: the rows of before are made anew by `reindex`.
EDITION = 1


def made_by() -> str:
    """The key and the rules by which a row of an index is made today."""
    return f"{EDITION}.{current_key()}"


class Holding(models.QuerySet[Any]):
    def holding(self, *alternatives: frozenset[str]) -> Self:
        """Rows that hold one token of each."""
        rows = self
        for words in alternatives:
            rows = rows.filter(tokens__overlap=sought(self.model.kind, words))
        return rows


class Index(models.Model):
    kind: ClassVar[Kind]

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="+")
    made_by = models.CharField(max_length=40)
    tokens = ArrayField(models.BigIntegerField())

    objects = Holding.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class TextIndex(Index):
    """The words of one row of a case. Its id is that row's."""

    kind = Kind.WORDS

    id = models.UUIDField(primary_key=True)

    class Meta:
        indexes = [GinIndex(fields=["tokens"], name="text_by_token")]


class NameIndex(Index):
    """The names, numbers and addresses of one person or source."""

    kind = Kind.NAMES

    identity = models.OneToOneField(
        "cases.Identity", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        indexes = [GinIndex(fields=["tokens"], name="name_by_token")]


class Searched(models.Model):
    """A row with sealed texts whose words search finds. Saving it keeps them; see `index_text`."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A save of other fields alone (`update_fields`) leaves the words as they are."""
        saved, new = kwargs.get("update_fields"), self._state.adding
        with transaction.atomic():
            super().save(*args, **kwargs)
            if saved is None or {*saved} & {*texts_of(type(self))}:
                index_text(self, new=new)

    @property
    def case_of_text(self) -> UUID:
        return self.case_id  # type: ignore[attr-defined]  # of a part; others say their own


def texts_of(model: type[models.Model]) -> list[str]:
    """The fields that hold words of the house. Those that a State reads too are its packages'."""
    fields = model._meta.concrete_fields
    sealed = (field for field in fields if isinstance(field, SealedTextField))
    return [field.name for field in sealed if field.ring == Ring.VAULT]


def index_text(row: Searched, *, new: bool = False) -> None:
    words = stems.stems("\n".join(getattr(row, name) for name in texts_of(type(row))))
    if words:
        fields = {"case_id": row.case_of_text, "tokens": tokens(Kind.WORDS, words)}
        _put(TextIndex(id=row.pk, made_by=made_by(), **fields))
    elif not new:
        TextIndex.objects.filter(pk=row.pk).delete()


def index_names(identity: Identity) -> None:
    """By the service that keeps an identity, in its transaction."""
    content = identity.content
    names = [content.get(key, "") for key in ("name", "name_latin", "other_names")]
    others = [content.get(key, "") for key in ("contact", "safe_contact", "documents")]
    made = tokens(Kind.NAMES, spellings.kept(names, others))
    case_id = identity.subject.case_id
    _put(NameIndex(identity=identity, case_id=case_id, made_by=made_by(), tokens=made))


def _put(row: Index) -> None:
    type(row)._default_manager.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=[row._meta.pk.attname],
        update_fields=["made_by", "tokens"],
    )


def _words_go_with_their_row(sender: type[models.Model], **_kwargs: Any) -> None:
    if issubclass(sender, Searched) and not sender._meta.abstract:
        pgtrigger.register(
            pgtrigger.Trigger(
                name="words_go_with_their_row",
                operation=pgtrigger.Delete,
                when=pgtrigger.After,
                func="DELETE FROM cases_textindex WHERE id = OLD.id; RETURN OLD;",
            )
        )(sender)


class_prepared.connect(_words_go_with_their_row)
