import django.db.models.deletion
from django.db import migrations, models

from papersite.catalogue import tallies
from papersite.catalogue.database import triggers


def install(apps, schema_editor):
    """First the triggers, which keep other writers out until all is counted."""
    triggers.install(schema_editor.connection)
    tallies.mend_with(schema_editor.connection)


def remove(apps, schema_editor):
    triggers.remove(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0007_source_and_reading'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                # The table is there: it gets a model of its own, for one more column.
                migrations.CreateModel(
                    name='PaperCategory',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='catalogue.paper')),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='catalogue.category')),
                    ],
                    options={
                        'db_table': 'catalogue_paper_categories',
                        'unique_together': {('paper', 'category')},
                    },
                ),
                migrations.AlterField(
                    model_name='paper',
                    name='categories',
                    field=models.ManyToManyField(blank=True, related_name='papers', through='catalogue.PaperCategory', to='catalogue.category'),
                ),
            ],
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('day', 'all papers of a day'), ('topic', "a topic's papers, of a day or ever"), ('category', "a category's papers ever")], max_length=10)),
                ('target', models.PositiveBigIntegerField(help_text="The topic's or the category's number, 0 for all papers.")),
                ('day', models.DateField(help_text='In UTC; 1 January of the year 1 stands for all days.')),
                ('amount', models.IntegerField()),
            ],
            options={
                'verbose_name_plural': 'tallies',
                'ordering': ['kind', 'target', 'day'],
                'indexes': [models.Index(fields=['kind', 'target', 'day', 'amount'], name='tally_by_key')],
            },
        ),
        migrations.AddField(
            model_name='papercategory',
            name='heat',
            field=models.FloatField(db_default=0, default=0, editable=False, help_text="The paper's; the database keeps it."),
        ),
        migrations.AddField(
            model_name='papertopic',
            name='heat',
            field=models.FloatField(db_default=0, default=0, editable=False, help_text="The paper's; the database keeps it."),
        ),
        migrations.AddIndex(
            model_name='papertopic',
            index=models.Index(models.F('topic'), models.OrderBy(models.F('heat'), descending=True), models.OrderBy(models.F('paper'), descending=True), condition=models.Q(('belongs', True)), name='topic_by_heat'),
        ),
        migrations.AddIndex(
            model_name='papercategory',
            index=models.Index(models.F('category'), models.OrderBy(models.F('heat'), descending=True), models.OrderBy(models.F('paper'), descending=True), name='category_by_heat'),
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(condition=models.Q(('is_hidden', False)), fields=['announced_at', 'heat', 'id'], name='paper_by_day'),
        ),
        migrations.RunPython(install, remove),
    ]
