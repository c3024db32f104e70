"""Model fields whose column holds ciphertext and whose attribute reads as plain Python.

Reading the attribute opens it; loading, refreshing or saving a row does not.
"""

import functools
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django import forms
from django.core import checks, validators
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import BuiltinLookup
from django.db.models.query_utils import DeferredAttribute
from django.db.models.sql.compiler import SQLCompiler
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.vault.errors import NotSealable, Tampered, VaultError
from cases.vault.holding import JSON, TEXT, Codec, Held, Sealed, as_stored, moving_as_stored
from cases.vault.keyring import Ring
from cases.vault.sealing import Place, seal, unseal
from cases.vault.watch import noted

V = TypeVar("V")
M = TypeVar("M", bound=models.Model)

if TYPE_CHECKING:

    class Column(models.Field[V, V]):
        """django-stubs' generic field; Django's own takes no type at run time."""

    Question = BuiltinLookup[bool]
else:
    Question = BuiltinLookup

    class Column(models.Field):
        def __class_getitem__(cls, _value: type) -> type:
            return cls


class SealedAttribute(DeferredAttribute):
    """Opens on reading. Deferred fields are fetched, as with any other field, at that moment."""

    field: "SealedField[Any]"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        if instance is None:
            return self
        held = self._held(instance)
        if moving_as_stored():
            return self.field.sealed_form(instance) if isinstance(held, Held) else held
        if isinstance(held, Sealed):
            held = instance.__dict__[self.field.attname] = self.field.opened_form(instance, held)
        return held.value if isinstance(held, Held) else held

    def __set__(self, instance: models.Model, value: Any) -> None:
        """From the database comes what is sealed, from everybody else what is clear."""
        here = instance.__dict__.get(self.field.attname)
        if isinstance(value, Sealed) and here is not None and not moving_as_stored():
            raise NotSealable(f"{self.field} was given a value sealed elsewhere; give it the text")
        if hasattr(value, "resolve_expression"):
            raise NotSealable(f"{self.field} cannot be computed by the database")
        if value is not None and not isinstance(value, Sealed):
            value = self._in_clear(here, self.field.to_python(value))
        instance.__dict__[self.field.attname] = value

    def _in_clear(self, here: Any, value: Any) -> Held[Any]:
        return here.changed_to(value) if isinstance(here, Held) else Held(value, self.field.codec)

    def _held(self, instance: models.Model) -> Any:
        if self.field.attname not in instance.__dict__:
            with as_stored():
                instance.refresh_from_db(fields=[self.field.attname])
        return instance.__dict__[self.field.attname]


def refresh_as_stored(refresh: Callable[..., None]) -> Callable[..., None]:
    """Django copies attributes from a second instance; sealed ones must not be opened for that."""

    @functools.wraps(refresh)
    def refresh_from_db(self: models.Model, *args: Any, **kwargs: Any) -> None:
        with as_stored():
            refresh(self, *args, **kwargs)

    return refresh_from_db


class SealedField(Column[V]):
    """What both kinds share. `ring` says who may open it."""

    codec: ClassVar[Codec[Any]]
    descriptor_class = SealedAttribute
    empty_values = [*validators.EMPTY_VALUES, b""]

    def __init__(self, *args: Any, ring: Ring | str = Ring.VAULT, **kwargs: Any) -> None:
        self.ring = Ring(ring)
        kwargs["serialize"] = False  # dumpdata and its like leave it out
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(validators.MaxLengthValidator(self.max_length))

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["serialize"]
        if self.ring != Ring.VAULT:
            kwargs["ring"] = self.ring.value
        return name, path, args, kwargs

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, "refresh_from_db", refresh_as_stored(cls.refresh_from_db))  # noqa: B010

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        wrong = [word for word in ("null", "unique", "db_index") if getattr(self, word)]
        if self.model._meta.pk.db_returning:
            wrong.append("a primary key that only the database knows")
        if has_version(self.model) and not isinstance(
            self.model._meta.get_field(VERSION), VersionField
        ):
            wrong.append("a version beside it that is no VersionField")
        refusals = [
            checks.Error(f"A sealed field cannot have {word}.", obj=self, id="vault.E001")
            for word in wrong
        ]
        return [*super().check(**kwargs), *refusals]

    def get_internal_type(self) -> str:
        return "BinaryField"

    # Between the instance and the column ------------------------------------------------------

    def place(self, instance: models.Model) -> Place:
        if instance.pk is None:
            raise NotSealable(f"{self} is bound to its row; the row has no id yet")
        row = str(self.model._meta.pk.to_python(instance.pk))
        version = getattr(instance, VERSION) if has_version(self.model) else None
        return Place(self.model._meta.db_table, str(self.column), row, version)

    def opened_form(self, instance: models.Model, sealed: Sealed) -> Held[V]:
        place = self.place(instance)
        try:
            plain = unseal(sealed.content, place, self.ring) if sealed else b""
        except VaultError as error:
            raise noted(error) from None
        return Held(self.codec.decode(plain), self.codec, sealed, plain, place)

    def sealed_form(self, instance: models.Model) -> Sealed:
        """What the row is to hold: the same ciphertext as before unless the value changed."""
        held = instance.__dict__.get(self.attname)
        if isinstance(held, Sealed):
            return held
        if not isinstance(held, Held):
            raise NotSealable(f"{self} has no value to seal")
        place, plain = self.place(instance), self.codec.encode(held.value)
        sealed = held.still_sealed(plain, place)
        if sealed is None:
            sealed = Sealed(seal(plain, place, self.ring) if plain else b"")
            saved = Held(held.value, self.codec, sealed, plain, place)
            instance.__dict__[self.attname] = saved
        return sealed

    def pre_save(self, model_instance: models.Model, add: bool) -> Sealed:
        held = model_instance.__dict__.get(self.attname)
        if add and isinstance(held, Sealed):
            self._refuse_strangers(model_instance, held)
        return self.sealed_form(model_instance)

    def _refuse_strangers(self, instance: models.Model, sealed: Sealed) -> None:
        """A row copied under a new id would keep a text that nobody can open again."""
        try:
            self.opened_form(instance, sealed)
        except Tampered:
            raise NotSealable(f"{self} is sealed for another row; copy its text instead") from None

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> bytes:
        """The last gate: nothing but ciphertext, or nothing, goes to the database."""
        if isinstance(value, Sealed):
            return value.content
        if not isinstance(value, Promise) and value in ("", b"", {}):
            return b""
        raise NotSealable(f"{self} is sealed when its row is saved; it cannot be set in a query")

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if hasattr(value, "as_sql"):
            if not moving_as_stored():
                raise NotSealable(f"{self} cannot be computed by the database")
            return value
        return self.get_db_prep_value(value, connection)

    def from_db_value(self, value: Any, *_args: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    # What may be asked ------------------------------------------------------------------------

    def get_lookup(self, lookup_name: str) -> type[Any] | None:
        if lookup_name in (Blank.lookup_name, SealedBy.lookup_name):
            return Blank if lookup_name == Blank.lookup_name else SealedBy
        raise FieldError(f"{self} is sealed and cannot be searched; only `__blank` can be asked")

    def get_transform(self, lookup_name: str) -> None:
        raise FieldError(f"{self} is sealed and has no {lookup_name!r}")

    def value_from_object(self, obj: models.Model) -> Any:
        return getattr(obj, self.name)

    def value_to_string(self, obj: models.Model) -> str:
        raise NotSealable(f"{self} does not leave the vault through a serializer")


class Blank(Question):
    """`narrative__blank=True`: is there a text at all? Needs no key; also good in constraints.

    A constraint that is validated before saving compares a value in clear: it is not sent along.
    """

    lookup_name = "blank"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        if isinstance(self.lhs, models.Value):
            return str(bool(self.lhs.value) != self.rhs), ()
        lhs, params = self.process_lhs(compiler, connection)
        return f"octet_length({lhs}) {'=' if self.rhs else '>'} 0", params


class SealedBy(Question):
    """`narrative__sealed_by="vault-2"`: under which key, as the head of the envelope says."""

    lookup_name = "sealed_by"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        lhs, params = self.process_lhs(compiler, connection)
        name = bytes([len(self.rhs)]) + self.rhs.encode()
        return f"substring({lhs} FROM 2 FOR {len(name)}) = %s", (*params, name)


class SealedTextField(SealedField[str]):
    """Free text. Nothing written is stored as no bytes: there is nothing to hide."""

    _pyi_private_set_type: str
    _pyi_private_get_type: str
    description = _("Sealed text")
    codec = TEXT

    def to_python(self, value: Any) -> Any:
        return value if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(
            **{"max_length": self.max_length, "widget": forms.Textarea, **kwargs}
        )


class SealedJSONField(SealedField[dict[str, Any]]):
    """A flat or nested record, such as the parts of an identity."""

    _pyi_private_set_type: dict[str, Any]
    _pyi_private_get_type: dict[str, Any]
    description = _("Sealed record")
    codec = JSON

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if not isinstance(value, dict):
            raise ValidationError(_("This must be a record of names and values."), code="invalid")
        super().validate(value, model_instance)

    def save_form_data(self, instance: models.Model, data: Any) -> None:
        super().save_form_data(instance, {} if data is None else data)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.JSONField, **kwargs})


# Rows that have a version -----------------------------------------------------------------------

VERSION = "version"


def sealed_fields(model: type[models.Model]) -> list[SealedField[Any]]:
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedField)]


@functools.lru_cache(maxsize=256)
def has_version(model: type[models.Model]) -> bool:
    return VERSION in {field.attname for field in model._meta.concrete_fields}


def written_together(model: type[models.Model], names: Collection[str]) -> Collection[str]:
    """The columns to save where these are to be: a version and all that is bound to it, or none."""
    bound = {VERSION, *(field.attname for field in sealed_fields(model))}
    return {*names, *bound} if bound.intersection(names) else names


class VersionAttribute(DeferredAttribute):
    """A new version opens what is sealed under the one before, so that saving seals it anew."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        here = instance.__dict__.get(VERSION)
        if hasattr(value, "resolve_expression"):
            raise NotSealable("A version cannot be computed by the database")
        if here not in (None, value) and not moving_as_stored():
            for field in sealed_fields(type(instance)):
                getattr(instance, field.attname)
        instance.__dict__[VERSION] = value


class OfARow(int):
    """A version that is written with its row, and so with all that is bound to it."""


class VersionField(models.PositiveIntegerField):
    """Counts the changes of a row. Whatever is sealed in the row is bound to it.

    It is called `version`. No query may set it: what the row holds would not open any more.
    """

    descriptor_class = VersionAttribute

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """As an ordinary number: a migration moves columns, never rows."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveIntegerField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return OfARow(super().pre_save(model_instance, add))

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        if not isinstance(value, OfARow):
            raise NotSealable(f"{self} is raised by saving its row; it cannot be set in a query")
        return super().get_db_prep_save(int(value), connection)


class SealedQuerySet(models.QuerySet[M]):
    """For nouns with sealed fields: seals in bulk, too."""

    def bulk_update(
        self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None
    ) -> int:
        with as_stored():
            return super().bulk_update(objs, fields, batch_size)
