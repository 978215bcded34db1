from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0017_lists_by_day")]

    operations = [
        migrations.AddField(
            "authorship",
            "announced_at",
            models.DateTimeField(editable=False, help_text="The paper's; the database keeps it.", null=True),
        ),
    ]
