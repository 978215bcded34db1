from django.contrib.auth.hashers import check_password, is_password_usable
from django.db import migrations, models

CURATOR, PASSWORD = "curator@example.org", "curate-the-demo"
READERS = ["ada@example.org", "bo@example.org", "chiyo@example.org"]


def mark(apps, schema_editor):
    """What former releases' demo made, known by its address and by its password: published, or none."""
    user_model = apps.get_model("accounts", "User")
    for user in user_model.objects.filter(email__in=[CURATOR, *READERS]):
        is_published = check_password(PASSWORD, user.password) if user.email == CURATOR else False
        if is_published or (user.email in READERS and not is_password_usable(user.password)):
            user_model.objects.filter(pk=user.pk).update(is_demo=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_readers")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="is_demo",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                help_text="Made by the demo, with a published password: does not sign in outside DEBUG.",
                verbose_name="of the demo",
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
