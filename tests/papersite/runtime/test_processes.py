"""The table of the site's processes."""

import pytest

from papersite.runtime import processes
from papersite.runtime.processes import NAMES, TABLE, command
from papersite.settings import QUEUES


def test_the_table_takes_every_queue_once() -> None:
    taken = [queue for one in TABLE for queue in one.queues]

    assert sorted(taken) == sorted(QUEUES)
    assert len(set(NAMES)) == len(TABLE)


@pytest.mark.parametrize("name", NAMES)
def test_each_process_of_the_table_has_a_command_that_names_what_it_serves(name: str) -> None:
    words = command(name, port=8123, bind="0.0.0.0", beat_schedule="/somewhere/beat", python="python", manage="manage")

    one = processes.process(name)
    assert words[0] == "python"
    assert not one.queues or words[words.index("--queues") + 1] == ",".join(one.queues)
    assert (name == "web") == ("8123" in words) == ("0.0.0.0" in words)
    assert (name == "beat") == ("/somewhere/beat" in words)
    assert 0 < one.stop_within <= processes.STOP_WITHIN
