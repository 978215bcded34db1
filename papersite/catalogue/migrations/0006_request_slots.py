from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0005_readers'),
    ]

    operations = [
        # The table keeps its name, so that a process of the former release goes on beside this one.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel(old_name='Turn', new_name='RequestSlot'),
                migrations.AlterModelTable(name='requestslot', table='catalogue_turn'),
            ],
        ),
    ]
