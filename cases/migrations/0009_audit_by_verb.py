from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0008_withdrawals_are_contained")]

    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["verb", "-written_at"], name="audit_by_verb"),
        ),
    ]
