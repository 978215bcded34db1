import django.db.models.deletion
from django.db import migrations, models

# What was mailed before is kept by rows of its own from here on, and no longer by the items that name it.
KEEP = """
INSERT INTO digest_mailedpaper (paper_id, is_folded)
SELECT DISTINCT digest_deliveryitem.paper_id, {false}
FROM digest_deliveryitem JOIN catalogue_paper ON catalogue_paper.id = digest_deliveryitem.paper_id
WHERE NOT EXISTS (SELECT 1 FROM digest_mailedpaper WHERE digest_mailedpaper.paper_id = digest_deliveryitem.paper_id)
"""


def keep(apps, schema_editor):
    false = "FALSE" if schema_editor.connection.vendor == "postgresql" else "0"
    schema_editor.execute(KEEP.format(false=false))


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0005_readers'),
        ('digest', '0007_lifted'),
    ]

    operations = [
        migrations.RenameModel('FoldedPaper', 'MailedPaper'),
        migrations.AlterField(
            model_name='mailedpaper',
            name='paper',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='mailed', serialize=False, to='catalogue.paper'),
        ),
        # All that stand in it so far.
        migrations.AddField(
            model_name='mailedpaper',
            name='is_folded',
            field=models.BooleanField(default=True, help_text="It stands in somebody's folded month."),
        ),
        migrations.AlterField(
            model_name='mailedpaper',
            name='is_folded',
            field=models.BooleanField(default=False, help_text="It stands in somebody's folded month."),
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='deliveryitem',
            name='paper',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='delivery_items', to='catalogue.paper'),
        ),
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_under_lease',
        ),
        migrations.RemoveIndex(
            model_name='delivery',
            name='delivery_by_day',
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['day'], name='delivery_by_day'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state__in', ['claimed', 'sending'])), fields=['claimed_by'], name='delivery_held'),
        ),
    ]
