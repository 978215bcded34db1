from django.db import migrations, models
from django.db.models.functions import Lower

from papersite.operations import AddIndexOnline


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("catalogue", "0013_libraries")]

    operations = [AddIndexOnline("paper", models.Index(Lower("doi"), name="paper_by_doi"))]
