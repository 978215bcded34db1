"""Only addresses that mail can be sent to. Whoever has another kept it by a fault, and could never be mailed."""

import re

from django.db import migrations, models

import accounts.addresses


def set_aside(apps, schema_editor):
    """Such accounts stay, closed, under an address that nobody has (RFC 2606)."""
    user_model = apps.get_model("accounts", "User")
    for pk, email in user_model.objects.values_list("pk", "email").iterator():
        if not re.search(accounts.addresses.PATTERN, email):
            user_model.objects.filter(pk=pk).update(email=f"unusable-{pk}@address.invalid", is_active=False)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_groups")]

    operations = [
        migrations.AlterField(
            "user",
            "email",
            models.EmailField(
                max_length=254,
                unique=True,
                validators=[accounts.addresses.validate_address],
                verbose_name="address",
            ),
        ),
        migrations.RunPython(set_aside, migrations.RunPython.noop),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(email__regex=accounts.addresses.PATTERN), name="address_can_be_mailed"
            ),
        ),
    ]
