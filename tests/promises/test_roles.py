"""The database refuses each door what is not its own, whatever its code might ask (T2).

Real connections under the real roles; tests/promises/test_rows.py does the same for single rows.
"""

import pytest
from django.db import connection

from cases.database.applied import apply, tables_of_models
from cases.database.rights import HOUSE_ONLY, PORTAL_MAY, ROLES, SUBMISSION_MAY, rights_of
from cases.database.rows import POLICIES, SAME_FOR_ALL
from launch.roles import ROLE_OF
from tests.roles import connected, refused

pytestmark = pytest.mark.django_db
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
NEVER = ("TRUNCATE", "REFERENCES", "TRIGGER")
OUTSIDE = ("portal", "submission")


def asked(words: str, *params) -> list:
    with connection.cursor() as cursor:
        cursor.execute(words, params)
        return [row[0] if len(row) == 1 else row for row in cursor.fetchall()]


def tables() -> list[str]:
    """Everything in the schema that holds rows, also what no model stands for."""
    return asked("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")


def may(door: str, table: str) -> set[str]:
    """The verbs of `door` on `table`, on the whole of it or on some column."""
    label = next((name for name, known in tables_of_models().items() if known == table), "")
    return {right.partition(" ")[0] for right in rights_of(ROLE_OF[door], label) if label}


def test_every_table_is_classified_once():
    """A new table: PORTAL_MAY with its POLICIES, or HOUSE_ONLY, in cases/database."""
    outside = PORTAL_MAY.keys() | SUBMISSION_MAY.keys()

    assert outside | HOUSE_ONLY == tables_of_models().keys()
    assert not outside & HOUSE_ONLY


def test_what_the_portal_may_touch_it_sees_row_by_row():
    assert PORTAL_MAY.keys() | SUBMISSION_MAY.keys() == POLICIES.keys() | SAME_FOR_ALL
    assert not POLICIES.keys() & SAME_FOR_ALL
    forced = asked("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
    assert {tables_of_models()[label] for label in POLICIES} == set(forced)


@pytest.mark.parametrize("door", OUTSIDE)
def test_tables_of_the_house_are_refused_to_the_doors_outside(door):
    """T2: by PostgreSQL, each table of the schema, each verb."""
    let_in = set()
    with connected(door) as own:
        for table in tables():
            column = asked(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s LIMIT 1",
                table,
            )[0]
            words = {
                "SELECT": f"SELECT count(*) FROM {table}",
                "INSERT": f"INSERT INTO {table} DEFAULT VALUES",
                "UPDATE": f'UPDATE {table} SET "{column}" = NULL WHERE false',
                "DELETE": f"DELETE FROM {table} WHERE false",
            }
            for verb in set(VERBS) - may(door, table):
                if not refused(own, words[verb]):
                    let_in.add((table, verb))

    assert let_in == set()
    assert len(tables()) > len(HOUSE_ONLY)


@pytest.mark.parametrize("role", ROLES)
def test_rights_are_those_of_the_list_and_no_more(role):
    door = role.removeprefix("reprisals_")
    held = asked(
        """
        SELECT name, verb FROM unnest(%s::text[]) AS name, unnest(%s::text[]) AS verb
        WHERE CASE WHEN verb IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
            THEN has_any_column_privilege(%s, name, verb)
            ELSE has_table_privilege(%s, name, verb) END
        """,
        tables(),
        [*VERBS, *NEVER],
        role,
        role,
    )

    assert set(held) == {(table, verb) for table in tables() for verb in may(door, table)}


@pytest.mark.parametrize("door", ["console", "portal", "submission"])
@pytest.mark.parametrize(
    "words",
    [
        "UPDATE cases_auditevent SET verb = 'other'",
        "DELETE FROM cases_auditevent",
        "TRUNCATE cases_auditevent",
        "ALTER TABLE cases_auditevent DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_is_written_once ON cases_auditevent",
        "DROP TABLE cases_auditevent",
        "ALTER TABLE cases_package DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE cases_package DISABLE TRIGGER ALL",
        "DROP POLICY portal_select ON cases_package",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (one int)",
        "CREATE TEMPORARY TABLE mine (one int)",
        "CREATE ROLE another",
        "ALTER ROLE reprisals_portal BYPASSRLS",
        "GRANT reprisals_console TO reprisals_portal",
        "COPY cases_state TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
def test_no_door_rewrites_the_audit_or_changes_what_binds_it(door, words):
    with connected(door) as own:
        assert refused(own, words)


@pytest.mark.parametrize("door", OUTSIDE)
def test_no_door_becomes_another(door):
    with connected(door) as own:
        for role in (ROLE_OF["console"], connection.settings_dict["USER"]):
            assert refused(own, f"SET ROLE {role}")
            assert refused(own, f"SET SESSION AUTHORIZATION {role}")


def test_roles_own_nothing_and_inherit_nothing():
    wrong = asked(
        """
        SELECT rolname FROM pg_roles AS r WHERE rolname = ANY (%s) AND (
            rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
            OR EXISTS (SELECT FROM pg_auth_members AS m WHERE m.member = r.oid)
            OR EXISTS (SELECT FROM pg_class AS c WHERE c.relowner = r.oid)
            OR EXISTS (SELECT FROM pg_proc AS p WHERE p.proowner = r.oid)
        )
        """,
        list(ROLES),
    )
    assert wrong == []


def test_the_portal_writes_the_audit_in_its_own_name_only():
    row = "INSERT INTO cases_auditevent (id, at, door, verb, noun, subject, read, detail) VALUES"
    with connected("portal") as own, own.transaction(force_rollback=True):
        own.execute(f"{row} (gen_random_uuid(), now(), 'portal', 'read', 'x', '', true, '{{}}')")
        own.execute("SAVEPOINT before")
        assert refused(
            own, f"{row} (gen_random_uuid(), now(), 'console', 'read', 'x', '', true, '{{}}')"
        )


@pytest.mark.parametrize("door", ["console", "portal"])
def test_no_door_sets_a_trigger_aside(door):
    """pgtrigger lets a session ignore its triggers; ours are not for a door to ignore."""
    every = asked("SELECT array_agg(tgname)::text FROM pg_trigger WHERE NOT tgisinternal")[0]
    for own_role, ignored in ((True, False), (False, True)):
        with connection.cursor() as cursor:
            if own_role:
                cursor.execute(f"SET LOCAL SESSION AUTHORIZATION {ROLE_OF[door]}")
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [every])
            cursor.execute(
                "SELECT _pgtrigger_should_ignore(tgname) FROM pg_trigger"
                " WHERE NOT tgisinternal LIMIT 1"
            )
            assert cursor.fetchone() == (ignored,)
            cursor.execute("RESET SESSION AUTHORIZATION")


def test_functions_that_run_as_the_owner_look_nowhere_else():
    """Nothing a caller made stands on their path, and nobody may call them but whom they serve."""
    found = asked(
        """
        SELECT proname, coalesce(array_to_string(proconfig, ' '), '') FROM pg_proc
        WHERE prosecdef AND pronamespace = 'public'::regnamespace
        """
    )
    assert len(found) > len(PORTAL_MAY)
    assert [name for name, path in found if not path.endswith("pg_temp")] == []
    callable_by = asked(
        """
        SELECT r.rolname, p.proname FROM pg_proc AS p, pg_roles AS r
        WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace AND r.rolname = ANY (%s)
        AND has_function_privilege(r.rolname, p.oid, 'EXECUTE')
        """,
        list(ROLES),
    )
    assert {role for role, _name in callable_by} == {ROLE_OF["portal"]}
    assert {name.partition("_")[0] for _role, name in callable_by} == {"portal"}


def test_what_is_applied_twice_is_the_same():
    """`migrate` applies it again and again; a right given by hand is taken back."""
    rights = "SELECT relname, relacl::text FROM pg_class WHERE relkind = 'r' ORDER BY 1"
    policies = "SELECT tablename, policyname, qual FROM pg_policies ORDER BY 1, 2"
    before = asked(rights), asked(policies)
    with connection.cursor() as cursor:
        cursor.execute("GRANT SELECT ON cases_identity TO reprisals_portal")

    apply("default")

    assert (asked(rights), asked(policies)) == before


@pytest.mark.parametrize("door", ["console", *OUTSIDE])
def test_a_door_comes_in_as_its_role(door):
    with connected(door) as own:
        assert own.execute("SELECT session_user, current_user").fetchone() == (
            ROLE_OF[door],
            ROLE_OF[door],
        )
