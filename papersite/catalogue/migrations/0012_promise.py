from django.db import migrations, models

from papersite.catalogue.database import triggers

HOURS = 2.0


def remove_triggers(apps, schema_editor):
    # SQLite makes the table anew for its constraint, which none of its triggers may see.
    triggers.remove(schema_editor.connection)


def install_triggers(apps, schema_editor):
    triggers.install(schema_editor.connection)


def create_weight(apps, schema_editor):
    apps.get_model("catalogue", "SignalWeight").objects.get_or_create(signal="promise", defaults={"hours": HOURS})


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0011_revised")]

    operations = [
        migrations.RunPython(remove_triggers, install_triggers),
        migrations.AddField(
            model_name="paper",
            name="promise",
            field=models.FloatField(
                blank=True,
                editable=False,
                help_text="Doublings of its chance to be wanted, as learned; empty where nobody asked.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="promise_why",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, help_text="What speaks for it.", max_length=200
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("promise__isnull", True), models.Q(("promise__gte", 0), ("promise__lte", 4.0)), _connector="OR"
                ),
                name="paper_promise_in_range",
            ),
        ),
        migrations.AlterField(
            model_name="signalweight",
            name="signal",
            field=models.CharField(
                choices=[
                    ("vote_count", "votes here"),
                    ("hf_upvotes", "upvotes on Hugging Face"),
                    ("github_week", "stars on GitHub in seven days"),
                    ("promise", "promise, before anything is earned"),
                ],
                max_length=20,
                unique=True,
            ),
        ),
        migrations.RunPython(create_weight, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(install_triggers, remove_triggers),
    ]
