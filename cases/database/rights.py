"""Which role may do what to which table. The doors connect as these roles, never as the owner.

`reprisals_console` (console and worker) works on every table, but writes the audit and reads it
only. The other two have what is named here and nothing else. Every table must stand in one of the
lists: tests/promises/test_roles.py fails for one that does not.
"""

from collections.abc import Mapping

CONSOLE, PORTAL, SUBMISSION = "reprisals_console", "reprisals_portal", "reprisals_submission"
ROLES = (CONSOLE, PORTAL, SUBMISSION)

Rights = tuple[str, ...]
READ: Rights = ("SELECT",)
# Added to by every door, changed by nobody.
WRITTEN_ONCE: Mapping[str, Rights] = {
    "cases.AuditEvent": ("SELECT", "INSERT"),
    "cases.CustodyEntry": ("SELECT", "INSERT"),
}
WHOLE: Rights = ("SELECT", "INSERT", "UPDATE", "DELETE")
# PostgreSQL locks a row only for who may update it. No policy lets the portal change one of these.
LOCK = "UPDATE (id)"

PORTAL_MAY: Mapping[str, Rights] = {
    # Of allauth, which asks it; ours are in accounts.User. No policy shows the portal a row.
    "account.EmailAddress": READ,
    "accounts.Invitation": (
        "SELECT",
        "INSERT",
        "UPDATE (digest, expires_at, accepted_at, accepted_by_id, withdrawn_at, withdrawn_by_id)",
    ),
    "accounts.Membership": ("SELECT", "INSERT", "DELETE", LOCK),
    "accounts.Office": ("SELECT", LOCK),
    "accounts.Session": WHOLE,
    "accounts.User": (
        "SELECT",
        "INSERT",
        "UPDATE (password, last_login, name, language, sessions_since)",
    ),
    "knox.AuthToken": ("SELECT", "INSERT", "DELETE"),
    "mfa.Authenticator": WHOLE,
    "cases.Answer": ("SELECT", "INSERT", "UPDATE"),
    "cases.AuditEvent": ("INSERT",),
    "cases.Extension": ("SELECT", "INSERT"),
    "cases.Package": ("SELECT", LOCK),
    "cases.PackageAttachment": READ,
    "cases.PortalDraft": WHOLE,
    "cases.Receipt": ("SELECT", "INSERT"),
    "cases.Reply": ("SELECT", "INSERT", "UPDATE"),
    "cases.ReplyAttachment": ("SELECT", "INSERT", "DELETE"),
    "cases.State": READ,
    "cases.Term": READ,
}
SUBMISSION_MAY: Mapping[str, Rights] = {
    "accounts.Session": ("SELECT", "DELETE"),
    "cases.AuditEvent": ("INSERT",),
}

# Of the house: no door to the outside has any right on them.
HOUSE_ONLY = frozenset(
    {
        "account.EmailConfirmation",
        "accounts.Office_covers",
        "accounts.Office_mechanisms",
        "accounts.User_groups",
        "accounts.User_user_permissions",
        "admin.LogEntry",
        "auth.Group",
        "auth.Group_permissions",
        "auth.Permission",
        "contenttypes.ContentType",
        "guardian.GroupObjectPermission",
        "guardian.UserObjectPermission",
        "socialaccount.SocialAccount",
        "socialaccount.SocialApp",
        "socialaccount.SocialToken",
        "cases.Act",
        "cases.Act_persons",
        "cases.Action",
        "cases.Action_named",
        "cases.Alias",
        "cases.Assessment",
        "cases.Assignment",
        "cases.Case",
        "cases.CaseGroupObjectPermission",
        "cases.CaseUserObjectPermission",
        "cases.CleanCopy",
        "cases.Communication",
        "cases.CommunicationRule",
        "cases.Communication_annexes",
        "cases.Communication_edited_by",
        "cases.Communication_elements",
        "cases.Consent",
        "cases.Consent_reopened",
        "cases.Containment",
        "cases.Fulfilment",
        "cases.Cooperation",
        "cases.Cooperation_persons",
        "cases.Corroboration",
        "cases.CouncilTerm",
        "cases.CustodyEntry",
        "cases.Deadline",
        "cases.Disposal",
        "cases.Draft",
        "cases.Element",
        "cases.Evidence",
        "cases.EvidenceAttachment",
        "cases.Finding",
        "cases.Hold",
        "cases.Identity",
        "cases.IdentityGroupObjectPermission",
        "cases.IdentityRequest",
        "cases.IdentityUserObjectPermission",
        "cases.LetterTemplate",
        "cases.Lock",
        "cases.Measure",
        "cases.Mechanism",
        "cases.NameIndex",
        "cases.Naming",
        "cases.Notice",
        "cases.Outcome",
        "cases.Perpetrator",
        "cases.Person",
        "cases.Question",
        "cases.Recusal",
        "cases.RiskAssessment",
        "cases.Search",
        "cases.Signatory",
        "cases.Source",
        "cases.Source_independent_of",
        "cases.TextIndex",
        "cases.Tie",
        "cases.Tombstone",
        "cases.Transfer",
    }
)


def rights_of(role: str, label: str) -> Rights:
    """What `role` may do to the table of the model `label`; for a table nobody named, little."""
    if role == CONSOLE:
        return WRITTEN_ONCE.get(label, WHOLE)
    return (PORTAL_MAY if role == PORTAL else SUBMISSION_MAY).get(label, ())
