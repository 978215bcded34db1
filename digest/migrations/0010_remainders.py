from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("digest", "0009_batch_cursor")]

    operations = [
        migrations.AddField(
            model_name="deliveryitem",
            name="remainders",
            field=models.TextField(
                blank=True,
                editable=False,
                help_text="With the first paper: what each follow had that did not fit.",
                null=True,
            ),
        ),
    ]
