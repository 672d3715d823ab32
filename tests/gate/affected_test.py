"""Which models `ci/gate --since` checks after a change of a header: those that are made of it.

Usage: affected_test.py SOURCES BUILD     the root of heddle's sources, and where its models are built
"""
import os
import sys

os.chdir(sys.argv[1])
sys.path.insert(0, "ci")
sys.dont_write_bytecode = True  # the sources may be read-only
from affected_models import affected

BUILD = os.path.realpath(sys.argv[2])
of_event = affected(BUILD, ["impl/include/heddle/event.hpp"])
assert "EventIsSetPublishes" in of_event and "EventIsSetRelaxed" in of_event, of_event
assert not {"SemaphoreExcludes", "LockExcludes"} & set(of_event), of_event  # of other batches; of its own
of_both = affected(BUILD, ["impl/include/heddle/event.hpp", "impl/include/heddle/semaphore.hpp"])
assert {*of_event, "SemaphoreExcludes"} <= set(of_both), of_both
for everything in ("harness/include/heddle/harness/check.hpp", "impl/include/heddle/none.hpp"):
    assert affected(BUILD, [everything]) == [], everything
print(f"affected: {len(of_event)} models of event.hpp, {len(of_both)} of two headers")
