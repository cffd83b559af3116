#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every diagnostic of the components' tables (*Diagnostics.def) is reported somewhere and tested somewhere. Prints the names that are not.

Reported: `diag::Id` in a source. Tested: `[name]` in a text test; in a unit test the name in a string or
in a `# error: name` on the offending line, or its Id.
Notes have no name in the output; that they are reported is enough."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
SOURCES = ["automata", "analysis", "audit", "backends", "driver", "frontend", "grammar", "ir", "reader", "system", "tools"]
# Reported only where the compiler or libseccomp is at fault; no input is known that leads there.
FAULTS = {"filter-not-proved", "libseccomp-failed"}
DIAG = re.compile(r'^DIAG\((\w+), "([a-z0-9-]+)", (Note|Warning|Error),', re.M)


def texts(folder, endings):
    for directory, _, names in os.walk(os.path.join(ROOT, folder)):
        for name in sorted(names):
            if name.endswith(endings):
                with open(os.path.join(directory, name), errors="replace") as f:
                    yield f.read()


def main():
    table = DIAG.findall("\n".join(t for folder in ["diag", *SOURCES] for t in texts(folder, ("Diagnostics.def",))))
    code = "\n".join(t for folder in SOURCES for t in texts(folder, (".cpp", ".h")))
    units = "\n".join(texts("test", (".cpp", ".h")))
    bracketed = set(re.findall(r"\[([a-z0-9-]+)\]", "\n".join(texts("test", (".test", ".sif", ".sir", ".yaml", ".aa", ".txt", ".py")))))
    quoted = {word for string in re.findall(r'"((?:[^"\\\n]|\\.)*)"', units) for word in re.findall(r"[a-z0-9-]+", string)}
    quoted |= set(re.findall(r"# *(?:error|warning): *([a-z0-9-]+)", units))  # expected on its line
    ids = set(re.findall(r"\bdiag::(\w+)", code)), set(re.findall(r"\bdiag::(\w+)", units))
    found = [f"{name}: nothing reports it" for id, name, _ in table if id not in ids[0]]
    found += [f"{name}: no test names it" for id, name, severity in table
              if severity != "Note" and name not in FAULTS and name not in bracketed and name not in quoted and id not in ids[1]]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found or not table else 0


if __name__ == "__main__":
    sys.exit(main())
