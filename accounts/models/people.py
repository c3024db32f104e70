"""Who someone is: a person, the offices they serve in, and in which role."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple, Self
from uuid import UUID, uuid4

import pgtrigger
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class OfficeKind(models.TextChoices):
    DESK = "desk", _("desk")
    SECRETARIAT = "secretariat", _("mechanism secretariat")
    MISSION = "mission", _("permanent mission")
    ENTITY = "entity", _("United Nations entity")
    MANAGEMENT = "management", _("management")


class Role(models.TextChoices):
    FOCAL_POINT = "focal_point", _("focal point")
    REVIEWER = "reviewer", _("reviewer")
    CUSTODIAN = "custodian", _("identity custodian")
    MECHANISM_OFFICER = "mechanism_officer", _("mechanism officer")
    MANDATE_HOLDER = "mandate_holder", _("mandate holder")
    MISSION_USER = "mission_user", _("member of a mission")
    MISSION_HEAD = "mission_head", _("head of a mission")
    ANALYST = "analyst", _("analyst")
    EDITOR = "editor", _("report editor")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


MISSION_ROLES = frozenset({Role.MISSION_USER, Role.MISSION_HEAD})
STAFF_ROLES = frozenset(Role) - MISSION_ROLES
ROLES_OF_KIND: dict[OfficeKind, frozenset[Role]] = {
    kind: MISSION_ROLES if kind == OfficeKind.MISSION else STAFF_ROLES for kind in OfficeKind
}
# Whose password and session are worth anything at which door; a worker stands behind the console.
DOOR_KINDS: dict[str, frozenset[OfficeKind]] = {
    "console": frozenset(OfficeKind) - {OfficeKind.MISSION},
    "worker": frozenset(OfficeKind) - {OfficeKind.MISSION},
    "portal": frozenset({OfficeKind.MISSION}),
    "submission": frozenset(),
}
INVITATION_LASTS = timedelta(days=7)


_KIND_THERE = "SELECT kind INTO kind_there FROM accounts_office WHERE id = NEW.office_id;"
_ONE_SIDE = """
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.user_id::text, 0));
    IF EXISTS (
        SELECT 1 FROM accounts_membership AS other
        JOIN accounts_office AS there ON there.id = other.office_id
        JOIN accounts_office AS here ON here.id = NEW.office_id
        WHERE other.user_id = NEW.user_id AND other.id <> NEW.id
        AND there.state_id IS DISTINCT FROM here.state_id
    ) THEN
"""


def _refuse(constraint: str, sentence: str) -> str:
    return f"RAISE EXCEPTION '{sentence}' USING ERRCODE = '23514', CONSTRAINT = '{constraint}';"


def role_fits_office(name: str) -> pgtrigger.Trigger:
    """The database's reading of ROLES_OF_KIND, for every table that joins a role to an office."""
    fits = " OR ".join(
        f"kind_there = '{kind.value}' AND NEW.role IN ({_quoted(roles)})"
        for kind, roles in ROLES_OF_KIND.items()
    )
    no = _refuse(name, "this role does not exist in an office of this kind")
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("office_id", "role"),
        declare=[("kind_there", "TEXT")],
        func=f"{_KIND_THERE} IF NOT ({fits}) THEN {no} END IF; RETURN NEW;",
    )


def _quoted(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(f"'{role.value}'" for role in roles))


class Place(NamedTuple):
    """One role a person has now, in one office."""

    office_id: UUID
    kind: OfficeKind
    role: Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # of sessions
    """A person, known by an e-mail address. What they may do comes from their memberships only."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may open the reference data"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    # Every session is bound to it: a new value ends them all.
    sessions_since = models.UUIDField(default=uuid4, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="email_of_a_person_is_lower_case", condition=Q(email=Lower(F("email")))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """No permission opens an object, not even a superuser's: only `visible_to` does."""
        return obj is None and super().has_perm(perm)

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("_places", None)
        super().refresh_from_db(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "accounts.models.User.get_session_auth_hash",
            f"{self.password}:{self.sessions_since}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @cached_property
    def _places(self) -> list[tuple[Place, str | None]]:
        if not self.is_active:
            return []
        rows = Membership.objects.filter(user=self, office__active=True).values_list(
            "office_id", "office__kind", "role", "office__state_id"
        )
        return [
            (Place(office, OfficeKind(kind), Role(role)), state)
            for office, kind, role, state in rows.order_by("office__name", "role")
        ]

    @property
    def memberships_now(self) -> list[Place]:
        """Asked of the database once in the life of this instance, that is, once in a request."""
        return [place for place, _state in self._places]

    @property
    def state_id(self) -> str | None:
        """The one State whose mission this person serves in; None for everybody else."""
        return next((state for _place, state in self._places if state), None)

    def offices_with(self, roles: Iterable[Role]) -> list[UUID]:
        """The offices in which this person has one of the roles, each once."""
        wanted = frozenset(roles)
        return list(
            dict.fromkeys(place.office_id for place in self.memberships_now if place.role in wanted)
        )

    def roles_in(self, office_id: UUID) -> set[Role]:
        return {place.role for place in self.memberships_now if place.office_id == office_id}

    def belongs_at(self, door: str) -> bool:
        """Nobody without a membership in force belongs anywhere."""
        return any(place.kind in DOOR_KINDS[door] for place in self.memberships_now)


class OfficeQuerySet(models.QuerySet["Office"]):
    def of(self, user: User) -> Self:
        return self.filter(pk__in={place.office_id for place in user.memberships_now})

    def visible_to(self, user: User) -> Self:
        """Administrators look after all offices, everybody else sees their own."""
        return self if user.offices_with({Role.ADMINISTRATOR}) else self.of(user)


class Office(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=OfficeKind)
    name = models.CharField(_("name"), max_length=200)
    state = models.ForeignKey(
        "cases.State",
        verbose_name=_("State"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="missions",
    )
    mechanisms = models.ManyToManyField(
        "cases.Mechanism", verbose_name=_("mechanisms"), blank=True, related_name="offices"
    )
    covers = models.ManyToManyField(
        "cases.State", verbose_name=_("States covered"), blank=True, related_name="covered_by"
    )
    active = models.BooleanField(_("active"), default=True)
    members: models.ManyToManyField = models.ManyToManyField(
        User, through="Membership", related_name="offices"
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                name="kind_of_an_office_is_known", condition=Q(kind__in=OfficeKind.values)
            ),
            models.CheckConstraint(
                name="a_mission_and_nobody_else_has_a_state",
                condition=Q(kind=OfficeKind.MISSION, state__isnull=False)
                | (~Q(kind=OfficeKind.MISSION) & Q(state=None)),
            ),
            models.UniqueConstraint(Lower("name"), "kind", name="one_office_of_a_kind_with_a_name"),
        ]
        triggers = [
            # Whoever turned a desk into a mission would hand its people to another door.
            pgtrigger.Trigger(
                name="kind_and_state_are_for_life",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("kind", "state"),
                func=_refuse(
                    "kind_and_state_are_for_life", "an office keeps its kind and its State"
                ),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person in one office; ending it deletes the row, the audit remembers it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                name="role_of_a_member_is_known", condition=Q(role__in=Role.values)
            ),
            models.UniqueConstraint(
                fields=["office", "user", "role"], name="one_membership_per_office_and_role"
            ),
        ]
        triggers = [
            role_fits_office("role_of_a_member_fits_the_office"),
            # The lock makes two memberships given at the same moment wait for each other.
            pgtrigger.Trigger(
                name="one_side_of_the_table",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("office_id", "user_id"),
                func=_ONE_SIDE
                + _refuse("one_side_of_the_table", "nobody serves a State and another side")
                + " END IF; RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.office}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> Self:
        """Neither used, withdrawn nor expired."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())

    def visible_to(self, user: User) -> Self:
        """Those who may invite see whom they invited: administrators, heads for their mission."""
        if user.offices_with({Role.ADMINISTRATOR}):
            return self
        return self.filter(office__in=user.offices_with({Role.MISSION_HEAD}))


def invitation_expiry() -> datetime:
    return timezone.now() + INVITATION_LASTS


class Invitation(models.Model):
    """A way in for one address. The token goes out by mail; here stays only its digest."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(_("e-mail address"))
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(default=invitation_expiry)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="role_of_an_invitation_is_known", condition=Q(role__in=Role.values)
            ),
            models.CheckConstraint(
                name="email_of_an_invitation_is_lower_case", condition=Q(email=Lower(F("email")))
            ),
            models.CheckConstraint(
                name="invitation_accepted_at_iff_by",
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_withdrawn_at_iff_by",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_withdrawn_never_both",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
            ),
            models.UniqueConstraint(
                name="one_pending_invitation_per_address_and_office",
                fields=["email", "office"],
                condition=Q(accepted_at=None, withdrawn_at=None),
            ),
        ]
        triggers = [role_fits_office("role_of_an_invitation_fits_the_office")]

    def __str__(self) -> str:
        return f"{self.email}: {self.get_role_display()}, {self.office}"
