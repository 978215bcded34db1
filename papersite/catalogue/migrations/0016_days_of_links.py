from django.db import migrations, models


class Migration(migrations.Migration):
    """In the order in which an import writes to them."""

    dependencies = [("catalogue", "0015_revised_before")]

    operations = [
        migrations.AddField(
            "papercategory", "announced_at", models.DateTimeField(editable=False, help_text="The same.", null=True)
        ),
        migrations.AddField(
            "papertopic", "announced_at", models.DateTimeField(editable=False, help_text="The same.", null=True)
        ),
    ]
