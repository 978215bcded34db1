import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0012_promise'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BroughtLibrary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reader', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='brought_library', to=settings.AUTH_USER_MODEL)),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, help_text='Tells one file from the one brought after it.')),
                ('name', models.CharField(blank=True, help_text="The file's.", max_length=200)),
                ('format_name', models.CharField(max_length=20)),
                ('remark', models.CharField(blank=True, max_length=200)),
                ('found', models.JSONField(default=list, help_text="Lists of a paper's number, the note, whether it is read, when it was, when it was added.")),
                ('missing', models.JSONField(default=list, help_text='What is not in the catalogue, a line each.')),
                ('rejected', models.JSONField(default=list, help_text='What could not be read: where it stands, and why.')),
                ('offers', models.JSONField(default=list, help_text='What to follow, as lines of a list of follows.')),
                ('brought_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('kept_at', models.DateTimeField(blank=True, null=True)),
                ('kept', models.PositiveIntegerField(default=0, help_text='How many papers came to the reading list by it.')),
            ],
            options={
                'verbose_name_plural': 'brought libraries',
            },
        ),
    ]
