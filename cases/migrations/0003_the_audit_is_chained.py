"""The audit anew, its rows in chains that concurrent writers neither fork nor queue for.

Nothing was released: what the audit of a development database held is dropped with the old table.
Why lanes, and what `parts` are: docs/adr/0015. `cases/chain.py` computes the same digest.
"""

import uuid

import django.utils.timezone
from django.db import migrations, models

CHAIN = """
CREATE FUNCTION audit_is_chained() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  free integer := 0;
  last_position bigint;
  last_hash bytea;
  parts text[];
BEGIN
  WHILE NOT pg_try_advisory_xact_lock(5424, free) LOOP
    free := free + 1;
  END LOOP;
  SELECT "position", "hash" INTO last_position, last_hash FROM public.cases_auditevent
    WHERE lane = free ORDER BY "position" DESC LIMIT 1;
  NEW.lane := free;
  NEW."position" := coalesce(last_position, 0) + 1;
  NEW.written_at := clock_timestamp();
  parts := ARRAY[
    NEW.lane::text, NEW."position"::text,
    (extract(epoch FROM NEW.written_at) * 1000000)::bigint::text,
    NEW.id::text, (extract(epoch FROM NEW.at) * 1000000)::bigint::text,
    NEW.door, NEW.actor::text, NEW.verb, NEW.noun, NEW.subject, NEW."case"::text,
    NEW.read::text, NEW.detail::text
  ];
  NEW."hash" := sha256(coalesce(last_hash, ''::bytea) || convert_to((
    SELECT string_agg(coalesce(octet_length(part) || ':' || part, '-'), '' ORDER BY place)
    FROM unnest(parts) WITH ORDINALITY AS listed(part, place)
  ), 'UTF8'));
  RETURN NEW;
END $$;

CREATE FUNCTION audit_is_written_once() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the audit is written once: % is refused', TG_OP
    USING ERRCODE = '23514', CONSTRAINT = TG_NAME;
END $$;

REVOKE ALL ON FUNCTION audit_is_chained(), audit_is_written_once() FROM PUBLIC;

CREATE TRIGGER audit_is_chained BEFORE INSERT ON cases_auditevent
  FOR EACH ROW EXECUTE FUNCTION audit_is_chained();
CREATE TRIGGER audit_is_written_once BEFORE UPDATE OR DELETE ON cases_auditevent
  FOR EACH ROW EXECUTE FUNCTION audit_is_written_once();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON cases_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_written_once();
"""
UNCHAIN = """
DROP TRIGGER audit_is_chained ON cases_auditevent;
DROP TRIGGER audit_is_written_once ON cases_auditevent;
DROP TRIGGER audit_is_never_emptied ON cases_auditevent;
DROP FUNCTION audit_is_chained(), audit_is_written_once();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_files_are_frozen_with_what_they_belong_to")]

    operations = [
        migrations.DeleteModel("AuditEvent"),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        primary_key=True, default=uuid.uuid4, editable=False, serialize=False
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("door", models.CharField(max_length=12)),
                ("actor", models.UUIDField(blank=True, null=True)),
                ("verb", models.CharField(max_length=40)),
                ("noun", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=40)),
                ("case", models.UUIDField(blank=True, null=True)),
                ("read", models.BooleanField(default=False)),
                ("detail", models.JSONField(default=dict)),
                ("lane", models.IntegerField(editable=False)),
                ("position", models.BigIntegerField(editable=False)),
                ("written_at", models.DateTimeField(editable=False)),
                ("hash", models.BinaryField(editable=False)),
            ],
            options={
                "ordering": ["-written_at", "-id"],
                "indexes": [
                    models.Index(fields=["case", "-written_at", "-id"], name="audit_by_case"),
                    models.Index(fields=["actor", "-written_at", "-id"], name="audit_by_actor"),
                    models.Index(fields=["-written_at", "-id"], name="audit_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["lane", "position"], name="audit_lane_never_forks"
                    )
                ],
            },
        ),
        migrations.RunSQL(CHAIN, UNCHAIN),
    ]
