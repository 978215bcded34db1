from django.db import migrations, models

from papersite.operations import AddIndexOnline


class Migration(migrations.Migration):

    # PostgreSQL builds it beside what is written meanwhile, and takes no transaction for that.
    atomic = False

    dependencies = [
        ('digest', '0019_folds_alike'),
    ]

    operations = [
        AddIndexOnline(
            model_name='follow',
            index=models.Index(fields=['topic', 'mutes'], name='follow_by_topic'),
        ),
    ]
