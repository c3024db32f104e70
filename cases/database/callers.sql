-- Who asks, as the portal's policies see it. All of these run as the owner, and the portal alone
-- may call them. They read three settings that a request makes (accounts/callers.py):
--   reprisals.sessions    the session keys it came with, or was given at sign-in
--   reprisals.stranger    the address or id by which somebody who is not signed in names himself
--   reprisals.invitation  the digest of the token of an invitation

-- Also of a session that ended by time: what was typed in it is kept for its owner.
CREATE OR REPLACE FUNCTION portal_person() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.user_id FROM public.accounts_session AS s
    WHERE s.door = 'portal' AND s.user_id IS NOT NULL
    AND s.session_key = ANY (string_to_array(current_setting('reprisals.sessions', true), ' '))
    ORDER BY s.expire_date DESC LIMIT 1
$$;

-- Of a running session only, of somebody who is active, in a mission that is.
CREATE OR REPLACE FUNCTION portal_state() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.state_id FROM public.accounts_session AS s
    JOIN public.accounts_user AS u ON u.id = s.user_id AND u.is_active
    JOIN public.accounts_membership AS m ON m.user_id = u.id
    JOIN public.accounts_office AS o ON o.id = m.office_id AND o.active AND o.kind = 'mission'
    WHERE s.door = 'portal' AND s.expire_date > now()
    AND s.session_key = ANY (string_to_array(current_setting('reprisals.sessions', true), ' '))
    ORDER BY s.expire_date DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION portal_leads() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.accounts_membership AS m
        JOIN public.accounts_office AS o ON o.id = m.office_id
        WHERE m.user_id = public.portal_person() AND m.role = 'mission_head'
        AND o.state_id = public.portal_state()
    )
$$;

-- The person; without one, the member of a mission whom the request names; and whoever has the
-- address of the invitation that it carries, unless they serve the house.
CREATE OR REPLACE FUNCTION portal_self() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT public.portal_person() WHERE public.portal_person() IS NOT NULL
    UNION
    SELECT u.id FROM public.accounts_user AS u
    WHERE public.portal_person() IS NULL AND NOT u.is_staff
    AND (
        u.email = ANY (string_to_array(current_setting('reprisals.stranger', true), ' '))
        OR u.id IN (
            SELECT CASE WHEN word ~ '^[0-9a-f-]{32,36}$' THEN word::uuid END
            FROM unnest(
                string_to_array(current_setting('reprisals.stranger', true), ' ')
            ) AS word
        )
    )
    AND EXISTS (
        SELECT FROM public.accounts_membership AS m
        JOIN public.accounts_office AS o ON o.id = m.office_id
        WHERE m.user_id = u.id AND o.kind = 'mission'
    )
    UNION
    SELECT u.id FROM public.accounts_user AS u
    JOIN public.accounts_invitation AS i ON i.email = u.email
    WHERE i.digest = current_setting('reprisals.invitation', true) AND i.withdrawn_at IS NULL
    AND NOT u.is_staff AND NOT EXISTS (
        SELECT FROM public.accounts_membership AS m
        JOIN public.accounts_office AS o ON o.id = m.office_id
        WHERE m.user_id = u.id AND o.kind <> 'mission'
    )
$$;

CREATE OR REPLACE FUNCTION portal_people() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT public.portal_self()
    UNION
    SELECT m.user_id FROM public.accounts_membership AS m
    JOIN public.accounts_office AS o ON o.id = m.office_id
    WHERE o.state_id = public.portal_state()
$$;

CREATE OR REPLACE FUNCTION portal_offices() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.id FROM public.accounts_office AS o WHERE o.state_id = public.portal_state()
    UNION
    SELECT m.office_id FROM public.accounts_membership AS m
    WHERE m.user_id IN (SELECT public.portal_self())
    UNION
    SELECT o.id FROM public.accounts_office AS o
    JOIN public.accounts_invitation AS i ON i.office_id = o.id
    WHERE o.kind = 'mission' AND i.withdrawn_at IS NULL
    AND i.digest = current_setting('reprisals.invitation', true)
$$;

-- What the invitation of this request opens: to whom, where, as what.
CREATE OR REPLACE FUNCTION portal_invited()
RETURNS TABLE (email varchar, office_id uuid, role varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT i.email, i.office_id, i.role FROM public.accounts_invitation AS i
    JOIN public.accounts_office AS o ON o.id = i.office_id AND o.active AND o.kind = 'mission'
    WHERE i.digest = current_setting('reprisals.invitation', true)
    AND i.withdrawn_at IS NULL AND i.accepted_at IS NULL
$$;
