from datetime import datetime
from itertools import batched

from django.db import migrations, transaction
from django.utils import timezone

AT_ONCE = 1000


def fill(apps, schema_editor):
    """Of papers from before the column: when their newest version came, as of one that comes today.

    Batch by batch, each for itself, and again from the beginning where it was ended: what stands there stays.
    """
    papers, now = apps.get_model("catalogue", "Paper").objects, timezone.now()
    numbers = papers.filter(revised_at__isnull=True).exclude(versions=[]).order_by("pk").values_list("pk", flat=True)
    for some in batched(numbers.iterator(chunk_size=20 * AT_ONCE), AT_ONCE):
        with transaction.atomic():
            rows = papers.filter(pk__in=some, revised_at__isnull=True).order_by("pk").select_for_update()
            rows = list(rows.only("versions", "revised_at"))
            for row in rows:
                number, moment = max(map(tuple, row.versions), default=(0, ""))
                row.revised_at = min(datetime.fromisoformat(moment), now) if number > 1 else None
            papers.bulk_update([row for row in rows if row.revised_at], ["revised_at"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalogue", "0014_paper_by_doi")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
