from django.db import migrations, models

import accounts.models


def give_keys(apps, schema_editor):
    """One of their own to everybody: a default would be the same for all."""
    user_model = apps.get_model("accounts", "User")
    for pk in user_model.objects.values_list("pk", flat=True).iterator():
        user_model.objects.filter(pk=pk).update(feed_key=accounts.models.new_feed_key())


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='wants_security_mail',
            field=models.BooleanField(default=True, help_text='A mail when the password, the address or a way to sign in has changed.', verbose_name='mail on changes'),
        ),
        migrations.AddField(
            model_name='user',
            name='feed_key',
            field=models.CharField(default=accounts.models.new_feed_key, editable=False, help_text="Opens the reader's private feeds, which a feed reader fetches without signing in.", max_length=32, null=True),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='user',
            name='feed_key',
            field=models.CharField(default=accounts.models.new_feed_key, editable=False, help_text="Opens the reader's private feeds, which a feed reader fetches without signing in.", max_length=32, unique=True),
        ),
    ]
