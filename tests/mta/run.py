#!/usr/bin/env python3
"""run.py [-v] [NAME...]: the tests with real MTAs; needs root.

BUILDDIR names the folder with the programs (default: the current one).  Each
NAME is a module, class or test: test_postfix, test_crash.TestCrash.  The last
line is "N passed, N failed".
"""

import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


class Result(unittest.TextTestResult):
    passed = 0

    def addSuccess(self, test):
        super().addSuccess(test)
        self.passed += 1


def main(arguments):
    if os.geteuid() != 0:
        sys.exit("run.py: the MTAs must be started by root")
    verbose = "-v" in arguments
    names = [one for one in arguments if one != "-v"]
    loader = unittest.TestLoader()
    suite = (loader.loadTestsFromNames(names) if names else
             loader.discover(HERE, "test_*.py"))
    runner = unittest.TextTestRunner(
        stream=sys.stdout, verbosity=2 if verbose else 1,
        resultclass=Result)
    result = runner.run(suite)
    failed = len(result.failures) + len(result.errors)
    print("%d passed, %d failed" % (result.passed, failed))
    return 1 if failed or result.passed == 0 else 0


if __name__ == "__main__":
    sys.path.insert(0, HERE)
    sys.exit(main(sys.argv[1:]))
