from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('digest', '0010_remainders'),
    ]

    operations = [
        migrations.CreateModel(
            name='HighWaterMark',
            fields=[
                ('place', models.UUIDField(help_text="A host's folder of data, or the cache.", primary_key=True, serialize=False)),
                ('count', models.BigIntegerField(default=0)),
                ('marked_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-marked_at'],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='key',
            field=models.UUIDField(editable=False, help_text='Random, made by the first claim; what its links and Message-ID stand on.', null=True),
        ),
        migrations.AddField(
            model_name='relay',
            name='database_id',
            field=models.UUIDField(editable=False, help_text='Tells this database from others, and what it was before a restore.', null=True),
        ),
        migrations.AddField(
            model_name='relay',
            name='pause_reason',
            field=models.CharField(blank=True, db_default='', help_text='Why, for whoever finds it paused. It goes with the pause.', max_length=300),
        ),
    ]
