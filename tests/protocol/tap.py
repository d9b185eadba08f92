"""Runs the functions of a module named test_… and says how, as TAP."""
import sys
import traceback


class Skip(Exception):
    """This test cannot run here."""


def run(module):
    only = sys.argv[1:]
    tests = [(name[5:], function)
             for name, function in vars(module).items()
             if name.startswith("test_") and callable(function) and
             (not only or name[5:] in only)]
    failed = 0
    print("1..%d" % len(tests))
    for number, (name, function) in enumerate(tests, 1):
        title = "%d - %s" % (number, name.replace("_", " "))
        try:
            function()
            print("ok " + title)
        except Skip as reason:
            print("ok %s # SKIP %s" % (title, reason))
        except Exception:
            failed += 1
            print("not ok " + title)
            for line in traceback.format_exc().splitlines():
                print("# " + line)
        sys.stdout.flush()
    return 1 if failed else 0
