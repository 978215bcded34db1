"""A delivery keeps, as a hash, the address that its mail went to; an event may be about this site itself."""

from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone

# What was mailed lately may still come back; of older mails nobody reports any more.
FILL = """
UPDATE digest_delivery SET mailed_to = (
  SELECT {address_hash} FROM digest_subscription AS s JOIN accounts_user AS u ON u.id = s.reader_id
  WHERE s.id = digest_delivery.subscription_id
)
WHERE day >= %s AND accepted_count > 0
"""
ADDRESS_HASH = {"sqlite": "SHA256(u.email)", "postgresql": "encode(sha256(convert_to(u.email, 'UTF8')), 'hex')"}


def fill(apps, schema_editor):
    since = (timezone.now() - timedelta(days=35)).date()
    sql = FILL.format(address_hash=ADDRESS_HASH[schema_editor.connection.vendor])
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(sql, [since])


class Migration(migrations.Migration):
    dependencies = [("digest", "0011_keys_and_marks")]

    operations = [
        migrations.AddField(
            "delivery",
            "mailed_to",
            models.CharField(
                blank=True,
                # The former release inserts rows without it while this one starts.
                default="",
                db_default="",
                editable=False,
                help_text="SHA-256 of the address that its mail goes to, from the claim on: what comes back concerns this one.",
                max_length=64,
            ),
        ),
        migrations.AlterField(
            "mailevent",
            "kind",
            models.CharField(
                choices=[
                    ("hard", "the address is gone"),
                    ("soft", "refused for now"),
                    ("complaint", "called spam"),
                    ("unsubscribed", "unsubscribed at the provider"),
                    ("ours", "the server refuses this site"),
                    ("lifted", "let go again by the reader"),
                ],
                max_length=12,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
