#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which folder may include which (docs/architecture.md), and where each third-party library may be seen. Prints what breaks it."""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))

# A folder and the folders that it may include, beside itself.
ALLOWED = {
    "diag": [],
    "automata": [],
    "ir": ["diag"],
    "ir/passes": ["ir", "automata", "diag"],
    "grammar": ["diag"],
    "frontend": ["grammar", "ir", "automata", "diag"],
    "backends/apparmor": ["ir", "automata", "diag"],
    "backends/seccomp": ["ir", "diag"],
    "backends/cgroup": ["ir", "automata", "diag"],
    "backends/mount": ["ir", "automata", "diag"],
    "backends/misc": ["ir", "automata", "diag"],
    "analysis": ["ir", "ir/passes", "automata", "diag"],
    "reader": ["ir", "ir/passes", "automata", "diag"],
    "runtime": [],
    "driver": ["diag", "automata", "ir", "ir/passes", "grammar", "frontend", "reader", "analysis", "backends/apparmor",
               "backends/seccomp", "backends/cgroup", "backends/mount", "backends/misc", "runtime"],
    "tools": ["driver", "runtime"],
}
# Headers of a library and the files that may know them.
CONFINED = {
    r"yaml-cpp/": r"frontend/SnapYaml\.cpp",
    r"antlr4|Sif(Lexer|Parser|BaseVisitor)": r"grammar/.*",
    r"seccomp\.h": r"backends/seccomp/.*",
    r"llvm/": r"(?!runtime/|tools/snapsec-run/).*",
    r"llvm/Support/JSON\.h": r"diag/(Render|Sarif)\.cpp|driver/.*|frontend/FunctionsHost\.cpp",
}
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.M)


def layer(path):
    """The longest known folder that holds the path, else None."""
    return max((folder for folder in ALLOWED if path.startswith(folder + "/")), key=len, default=None)


def problems(path, text):
    own = layer(path)
    for quoted, angled in INCLUDE.findall(text):
        name = quoted or angled
        other = layer(name) if quoted else None
        if other and other != own and other not in ALLOWED[own]:
            yield f"{path}: '{own}' may not include \"{name}\""
        for header, files in CONFINED.items():
            if re.match(header, name) and not re.fullmatch(files, path):
                yield f"{path}: {name} may be included by {files} alone"


def sources():
    for folder in sorted({folder.split("/")[0] for folder in ALLOWED}):
        for directory, _, names in os.walk(os.path.join(ROOT, folder)):
            for name in sorted(names):
                if name.endswith((".h", ".cpp", ".def", ".inc")):
                    yield os.path.relpath(os.path.join(directory, name), ROOT)


def main():
    found = []
    for path in sources():
        with open(os.path.join(ROOT, path)) as f:
            found += problems(path, f.read())
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
