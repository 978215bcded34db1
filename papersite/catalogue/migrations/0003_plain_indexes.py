
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_weights'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='paper',
            name='paper_by_code',
        ),
        migrations.RemoveIndex(
            model_name='vote',
            name='vote_by_network',
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(fields=['code_url'], name='paper_by_code'),
        ),
        migrations.AddIndex(
            model_name='paper',
            index=models.Index(fields=['arxiv_id'], name='paper_by_arxiv_id'),
        ),
        migrations.AddIndex(
            model_name='vote',
            index=models.Index(fields=['paper', 'network'], name='vote_by_network'),
        ),
    ]
