"""Browser tests wait for what they mean: a fixed wait is too short on a busy machine and too long on any other."""

from collections import Counter

from django.conf import settings

# What no page says is waited for by the clock: the second after a wrong password, that an attack does not run, that
# an answer was read before the network goes.
BY_THE_CLOCK = {"test_u01_first_time.py": 1, "test_editor.py": 1, "test_board.py": 1}


def test_no_browser_test_takes_a_fixed_wait_for_proof():
    found = Counter()
    for path in (settings.BASE_DIR / "tests" / "browser").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found[path.name] = text.count("wait_for_timeout(") + text.count("sleep(") * (path.name != "running.py")
    assert {name: count for name, count in found.items() if count} == BY_THE_CLOCK
