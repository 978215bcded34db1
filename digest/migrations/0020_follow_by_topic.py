from django.db import migrations, models

from papersite.operations import AddIndexBesideWork


class Migration(migrations.Migration):

    # PostgreSQL builds it beside what is written meanwhile, and takes no transaction for that.
    atomic = False

    dependencies = [
        ('digest', '0019_folds_alike'),
    ]

    operations = [
        AddIndexBesideWork(
            model_name='follow',
            index=models.Index(fields=['topic', 'mutes'], name='follow_by_topic'),
        ),
    ]
