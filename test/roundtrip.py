#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Printing and reading back changes nothing: for every .sif and .sir below the given folders, print(parse(print(x))) == print(x).

  roundtrip.py SNAPSECC DIR...

Of a .sif, print is `snapsecc fmt`, which itself refuses to change what the file means; of a .sir, `snapsecc opt --passes=none`.
"""
import os
import subprocess
import sys
import tempfile


def printed(snapsecc, name, text):
    """None: there are mistakes in it, which is what that file is for."""
    with tempfile.NamedTemporaryFile("w", suffix=name[-4:]) as f:
        f.write(text)
        f.flush()
        command = ["fmt", "-"] if name.endswith(".sif") else ["opt", "--passes=none", f.name]
        run = subprocess.run([snapsecc, *command], input=text, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        sys.exit(f"{name}: exit {run.returncode}: {run.stderr}")
    return run.stdout if run.returncode == 0 else None


def main():
    snapsecc, count, wrong = sys.argv[1], 0, []
    for folder in sys.argv[2:]:
        for directory, _, names in os.walk(folder):
            for name in sorted(names):
                if not name.endswith((".sif", ".sir")):
                    continue
                path = os.path.join(directory, name)
                with open(path) as f:
                    once = printed(snapsecc, name, f.read())
                if once is None:
                    continue
                count += 1
                if printed(snapsecc, name, once) != once:
                    wrong.append(path)
    print("\n".join(wrong + [f"{count} files, {len(wrong)} differ"]))
    return 1 if wrong or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
