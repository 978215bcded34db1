"""Editions have states and revisions; a mail names the one that it was made from."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

PICK = ("edition_id", "paper_id", "note", "is_for_all")


def keep(apps, schema_editor):
    """What was there counts as approved, and is each edition's first revision."""
    models = (apps.get_model("digest", name) for name in ("Edition", "EditionRevision", "Pick"))
    editions, revisions, picks = (model.objects.using(schema_editor.connection.alias) for model in models)
    editions.update(state="approved", version=1)
    by_edition = {}
    for edition, *pick in picks.order_by("position", "pk").values_list(*PICK).iterator():
        by_edition.setdefault(edition, []).append(pick)
    rows = (
        revisions.model(
            edition=one, number=1, made_at=None, what="As it was before revisions were kept.", state="approved",
            intro=one.intro, site_news=one.site_news, picks=by_edition.get(one.pk, []),
        )
        for one in editions.iterator()
    )
    revisions.bulk_create(rows, batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0007_source_and_reading'),
        ('digest', '0012_mailed_to'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='edition',
            name='left_out',
            field=models.ManyToManyField(blank=True, help_text="Papers that this day's mails leave to another day.", related_name='+', to='catalogue.paper'),
        ),
        migrations.AddField(
            model_name='edition',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('approved', 'approved'), ('held', 'held back')], db_default='draft', default='draft', editable=False, max_length=8),
        ),
        migrations.AddField(
            model_name='edition',
            name='version',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, help_text='The number of its newest revision.'),
        ),
        migrations.AddField(
            model_name='pick',
            name='is_for_all',
            field=models.BooleanField(db_default=True, default=False, help_text='Also for readers none of whose follows it fits.', verbose_name='for all'),
        ),
        migrations.AlterField(
            model_name='edition',
            name='intro',
            field=models.TextField(blank=True, help_text='A sentence or two above the papers of the day, on the site and in mails. Markdown, no pictures.'),
        ),
        migrations.AlterField(
            model_name='pick',
            name='note',
            field=models.CharField(blank=True, help_text='Why it is worth the time; readers see it. Markdown, no pictures.', max_length=300),
        ),
        migrations.CreateModel(
            name='EditionRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, help_text='Nothing where it is older than revisions are kept.', null=True)),
                ('what', models.CharField(blank=True, max_length=300, verbose_name='what was done')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('approved', 'approved'), ('held', 'held back')], default='draft', max_length=8)),
                ('intro', models.TextField(blank=True)),
                ('site_news', models.TextField(blank=True, verbose_name='news of the site')),
                ('picks', models.JSONField(default=list, help_text="In order: the paper's number, the note, whether it is for all.")),
                ('left_out', models.JSONField(default=list, help_text='Numbers of papers.')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='digest.edition')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['edition', '-number'],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='revision',
            field=models.ForeignKey(db_index=False, editable=False, help_text="Of its day's edition: the one that its mail was made from.", null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='digest.editionrevision'),
        ),
        migrations.CreateModel(
            name='EditionRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('needs_approval', models.BooleanField(default=False, help_text='Unticked, editions go by themselves unless held back.', verbose_name='only once approved')),
                ('deadline_hours', models.PositiveSmallIntegerField(blank=True, help_text="Hours before a day's first slot, which is at 10:00 UTC on the day before. What is not approved by then goes without intro and picks. Empty: mails wait for the approval.", null=True, validators=[django.core.validators.MaxValueValidator(24)], verbose_name='deadline')),
                ('picks_a_mail', models.PositiveSmallIntegerField(default=3, help_text="At most, and never more than half of a reader's number of papers.", validators=[django.core.validators.MaxValueValidator(10)], verbose_name='picks a mail')),
            ],
            options={
                'verbose_name': 'rules for editions',
                'verbose_name_plural': 'rules for editions',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='edition_rules_are_one')],
            },
        ),
        migrations.AddConstraint(
            model_name='editionrevision',
            constraint=models.UniqueConstraint(fields=('edition', 'number'), name='edition_revision_once'),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
