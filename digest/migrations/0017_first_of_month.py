"""SQLite's file said the rule by a function of Django's: no other program could check or copy it.

PostgreSQL always said it in its own words, and keeps them: nothing is locked there.
"""

from django.db import migrations, models

from papersite.database import FirstOfMonth
from papersite.operations import AddOnSQLite, RemoveOnSQLite


class Migration(migrations.Migration):
    dependencies = [("digest", "0016_totals")]

    operations = [
        RemoveOnSQLite("ledgermonth", "ledger_month_is_its_first_day"),
        AddOnSQLite(
            "ledgermonth",
            models.CheckConstraint(
                condition=models.Q(month=FirstOfMonth("month")), name="ledger_month_is_its_first_day"
            ),
        ),
    ]
