"""SQLite's file said the rule by a function of Django's: no other program could check or copy it.

PostgreSQL always said it in its own words, and keeps them: nothing is locked there.
"""

from django.db import migrations, models

from accounts.addresses import CanBeMailed
from papersite.operations import AddOnSQLite, RemoveOnSQLite


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_orders")]

    operations = [
        RemoveOnSQLite("user", "address_can_be_mailed"),
        AddOnSQLite(
            "user", models.CheckConstraint(condition=CanBeMailed("email"), name="address_can_be_mailed")
        ),
    ]
