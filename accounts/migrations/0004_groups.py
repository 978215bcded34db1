from django.db import migrations, models


def make_groups(apps, schema_editor):
    """What they may do is in `accounts.roles`, and written whenever a migration ends: permissions are made only then."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for name in ("curators", "operators"):
        groups.get_or_create(name=name)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_demo'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='is_staff',
            field=models.BooleanField(default=False, help_text='May sign in to this admin site.', verbose_name='staff'),
        ),
        # Going back keeps the groups and who is in them, as the former release knows groups too.
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
