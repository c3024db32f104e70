-- What is taken from everybody before anything is given, and what no door can switch off.

-- A role that nobody made yet is made closed: whoever runs the server opens it with a password.
DO $$ DECLARE one text; BEGIN
    FOREACH one IN ARRAY ARRAY['reprisals_console', 'reprisals_portal', 'reprisals_submission'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = one) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', one);
        END IF;
    END LOOP;
END $$;

DO $$ DECLARE one record; BEGIN
    FOR one IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP POLICY %I ON %I', one.policyname, one.tablename);
    END LOOP;
    FOR one IN
        SELECT relname FROM pg_class
        WHERE relrowsecurity AND relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', one.relname);
    END LOOP;
    -- Nobody but the owner makes tables, not even passing ones.
    EXECUTE format(
        'REVOKE ALL ON DATABASE %I FROM PUBLIC, reprisals_console, reprisals_portal, '
        'reprisals_submission', current_database()
    );
    EXECUTE format(
        'GRANT CONNECT ON DATABASE %I TO reprisals_console, reprisals_portal, '
        'reprisals_submission', current_database()
    );
END $$;

REVOKE ALL ON SCHEMA public
    FROM PUBLIC, reprisals_console, reprisals_portal, reprisals_submission;
GRANT USAGE ON SCHEMA public TO reprisals_console, reprisals_portal, reprisals_submission;
REVOKE ALL ON ALL TABLES IN SCHEMA public
    FROM PUBLIC, reprisals_console, reprisals_portal, reprisals_submission;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public
    FROM PUBLIC, reprisals_console, reprisals_portal, reprisals_submission;

-- What a trigger refuses, it refuses whatever the writer himself may read.
DO $$ DECLARE one regprocedure; BEGIN
    FOR one IN
        SELECT oid FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'pgtrigger\_%'
    LOOP
        EXECUTE format(
            'ALTER FUNCTION %s SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp', one
        );
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', one);
    END LOOP;
END $$;

-- pgtrigger asks this function whether a session has set one of its triggers aside. The owner may,
-- in repairs; a door may not.
CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT session_user NOT IN ('reprisals_console', 'reprisals_portal', 'reprisals_submission')
    AND coalesce(
        trigger_name = ANY (nullif(current_setting('pgtrigger.ignore', true), '')::text[]), false
    )
$$;
