
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_plain_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('paper_id', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('number', models.PositiveBigIntegerField(blank=True, help_text='Empty until a round gives it one.', null=True)),
            ],
            options={
                'ordering': ['number', 'paper_id'],
                'indexes': [models.Index(fields=['number', 'paper_id'], name='revision_by_number')],
            },
        ),
    ]
