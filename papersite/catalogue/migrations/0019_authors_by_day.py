from django.db import migrations, models

from papersite.catalogue.database import triggers
from papersite.catalogue.migrations import _days
from papersite.operations import AddIndexOnline, DropKeyIndexOnline


def keep_no_more(apps, schema_editor):
    _days.keep_no_more([triggers.AUTHORS], schema_editor)


def fill(apps, schema_editor):
    _days.fill([triggers.AUTHORS], apps, schema_editor)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalogue", "0018_days_of_authorships")]

    operations = [
        migrations.RunPython(_days.keep, keep_no_more),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        AddIndexOnline(
            "authorship",
            models.Index(
                models.F("author"),
                models.OrderBy(models.F("announced_at"), descending=True),
                models.OrderBy(models.F("paper"), descending=True),
                name="author_by_date",
            ),
        ),
        DropKeyIndexOnline(
            "authorship",
            "author",
            models.ForeignKey(
                "catalogue.author", models.CASCADE, db_index=False, related_name="authorships"
            ),
        ),
        DropKeyIndexOnline(
            "authorship",
            "paper",
            models.ForeignKey("catalogue.paper", models.CASCADE, db_index=False, related_name="authorships"),
        ),
    ]
