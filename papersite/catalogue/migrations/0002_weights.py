from django.db import migrations

# What the site starts with; a curator changes them in admin.
WEIGHTS = {"vote_count": 12.0, "hf_upvotes": 4.0, "github_week": 3.0}


def create_weights(apps, schema_editor):
    weight = apps.get_model("catalogue", "SignalWeight")
    for signal, hours in WEIGHTS.items():
        weight.objects.get_or_create(signal=signal, defaults={"hours": hours})


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]

    operations = [migrations.RunPython(create_weights, migrations.RunPython.noop, elidable=True)]
