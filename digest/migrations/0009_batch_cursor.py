"""The row that says how far a worker is in its batch gets the name that databases use for it; its table keeps its own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("digest", "0008_mailed")]

    operations = [
        migrations.AlterModelTable("hand", "digest_hand"),
        migrations.RenameModel("Hand", "BatchCursor"),
    ]
