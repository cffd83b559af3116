#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds and runs all tests; the last line is `N passed, N failed` (`, N skipped` where some were).

  utils/check                everything that takes minutes
  utils/check --full         also the whole comparison with the reference (../shared/tools/conform), much longer
  utils/check lit test/opt   the text tests below a folder alone
"""
import glob
import json
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
BUILD = os.environ.get("BUILD", os.path.join(ROOT, "build"))
LIT = "/usr/lib/llvm-14/build/utils/lit/lit.py"
SHARED = os.path.join(os.path.dirname(ROOT), "shared")


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def add(self, passed, failed, skipped=0):
        self.passed, self.failed, self.skipped = self.passed + passed, self.failed + failed, self.skipped + skipped

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def indented(text):
    return "  " + text.strip().replace("\n", "\n  ")


def run_units(count):
    """Every program of BUILD/unit, a test case each."""
    for program in sorted(glob.glob(os.path.join(BUILD, "unit", "*-test"))):
        report = program + ".json"
        if os.path.exists(report):
            os.remove(report)
        run = subprocess.run([program, f"--gtest_output=json:{report}", "--gtest_brief=1"], cwd=ROOT, capture_output=True, text=True, errors="replace")
        name = os.path.basename(program)
        if not os.path.exists(report):
            print(f"FAIL {name}: ended without a report, exit {run.returncode}\n{indented(run.stdout[-2000:] + run.stderr[-2000:])}")
            count.add(0, 1)
            continue
        with open(report) as f:
            cases = [c for suite in json.load(f)["testsuites"] for c in suite["testsuite"]]
        failed = [c for c in cases if c.get("failures")]
        skipped = [c for c in cases if c.get("result") == "SKIPPED"]
        count.add(len(cases) - len(failed) - len(skipped), len(failed), len(skipped))
        for c in failed:
            print(f"FAIL {name}: {c['classname']}.{c['name']}\n{indented(c['failures'][0]['failure'])}")
        for c in skipped:
            print(f"skip {name}: {c['classname']}.{c['name']}")


def run_lit(count, where):
    """The text tests, by lit's own report."""
    report = os.path.join(BUILD, "lit.json")
    if os.path.exists(report):
        os.remove(report)
    command = [sys.executable, LIT, "-q", "--output", report, "--timeout", "300", *where]
    run = subprocess.run(command, cwd=ROOT, env={**os.environ, "BUILD": BUILD}, capture_output=True, text=True, errors="replace")
    if not os.path.exists(report):
        print(f"FAIL lit: no report, exit {run.returncode}\n{indented(run.stdout[-4000:] + run.stderr[-4000:])}")
        count.add(0, 1)
        return
    with open(report) as f:
        tests = json.load(f)["tests"]
    bad = [t for t in tests if t["code"] not in ("PASS", "XFAIL", "UNSUPPORTED", "FLAKYPASS")]
    skipped = [t for t in tests if t["code"] == "UNSUPPORTED"]
    count.add(len(tests) - len(bad) - len(skipped), len(bad), len(skipped))
    for t in bad:
        print(f"FAIL {t['name']}\n{indented(t['output'][-3000:])}")
    for t in skipped:
        print(f"skip {t['name']}: " + (re.search(r"(?m)^Test requires.*", t["output"]) or ["not supported here"])[0])


def run_scripts(count):
    """House rules: a script each in utils/, exit 0 or what is wrong on stdout."""
    for script in sorted(glob.glob(os.path.join(ROOT, "utils", "check_*.py"))):
        run = subprocess.run([sys.executable, script], cwd=ROOT, capture_output=True, text=True, errors="replace")
        count.add(run.returncode == 0, run.returncode != 0)
        if run.returncode:
            print(f"FAIL {os.path.relpath(script, ROOT)}\n{indented(run.stdout + run.stderr)}")


def run_conformance(count):
    """Each interface against the reference's facts, then real snaps with all their interfaces."""
    conform = os.path.join(SHARED, "tools", "conform")
    if not os.path.exists(conform):
        print("skip conform: no ../shared")
        count.add(0, 0, 1)
        return
    command = [conform, "--snapsecc", os.path.join(BUILD, "bin", "snapsecc"), "-j", "2", "--no-culprits",
               "--deviations", os.path.join(ROOT, "test", "conformance", "deviations")]
    for what in ([], ["--whole"]):
        run = subprocess.run(command + what, cwd=ROOT, capture_output=True, text=True)
        print(run.stdout[-3000:])
        count.add(run.returncode == 0, run.returncode != 0)


def main(arguments):
    if "-h" in arguments or "--help" in arguments:
        print(__doc__)
        return 0
    if "BUILD" not in os.environ and subprocess.run([os.path.join(ROOT, "utils", "build")]).returncode:
        print("FAIL the build\n0 passed, 1 failed")
        return 1
    count = Count()
    if arguments[:1] == ["lit"]:
        run_lit(count, arguments[1:] or ["test"])
    else:
        run_scripts(count)
        run_units(count)
        run_lit(count, ["test"])
        if "--full" in arguments:
            run_conformance(count)
    print(count)
    return 1 if count.failed or not count.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
