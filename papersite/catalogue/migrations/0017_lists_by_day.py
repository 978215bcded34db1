from django.db import migrations, models

from papersite.catalogue.database import triggers
from papersite.catalogue.migrations import _days
from papersite.operations import AddIndexOnline


def keep_no_more(apps, schema_editor):
    _days.keep_no_more(triggers.dated_tables(schema_editor.connection), schema_editor)


def fill(apps, schema_editor):
    _days.fill([table for _, table, _ in triggers.LINKS], apps, schema_editor)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalogue", "0016_days_of_links")]

    operations = [
        migrations.RunPython(_days.keep, keep_no_more),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        AddIndexOnline(
            "papercategory",
            models.Index(
                models.F("category"),
                models.OrderBy(models.F("announced_at"), descending=True),
                models.OrderBy(models.F("paper"), descending=True),
                condition=models.Q(("announced_at__isnull", False)),
                name="category_by_date",
            ),
        ),
        AddIndexOnline(
            "papertopic",
            models.Index(
                models.F("topic"),
                models.OrderBy(models.F("announced_at"), descending=True),
                models.OrderBy(models.F("paper"), descending=True),
                condition=models.Q(("announced_at__isnull", False), ("belongs", True)),
                name="topic_by_date",
            ),
        ),
    ]
