#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The examples of a page are tried: every fenced block is run, by what stands behind its ```.

  docs.py SNAPSECC STDLIB PAGE...

  sif          compiles as a file beside the library, without an error or a warning; what it names must be in the block or in the library
  sif NAME...  is refused or warned of with exactly these diagnostics
  sir          is printed by `opt --passes=none` as it stands
  sh           is run by a shell in one directory for the whole page, where `snapsecc` is the one that is tested; the block must
               succeed, and each line behind `# prints: ` must be part of what it prints
  text, yaml and others are not run; `yaml FILE` and `sif FILE.sif` are written to FILE for the commands that follow
"""
import os
import re
import subprocess
import sys
import tempfile

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.M | re.S)


class Page:
    def __init__(self, snapsecc, stdlib, path, scratch):
        self.snapsecc, self.stdlib, self.path, self.scratch = os.path.abspath(snapsecc), os.path.abspath(stdlib), path, scratch
        self.wrong, self.count = [], 0

    def run(self):
        with open(self.path) as f:
            text = f.read()
        for block in FENCE.finditer(text):
            words, body = block.group(1).split(), block.group(2)
            what = getattr(self, "try_" + words[0], None) if words else None
            if words and len(words) == 2 and "." in words[1]:
                what = lambda body, name: self.write(name, body)
            if not what:
                continue
            self.count += 1
            problem = what(body, *words[1:])
            if problem:
                line = text[:block.start()].count("\n") + 1
                self.wrong.append(f"{self.path}:{line}: {problem}")
        return self.wrong

    def write(self, name, body):
        path = os.path.join(self.scratch, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(body)

    def call(self, *args):
        return subprocess.run([self.snapsecc, *args], capture_output=True, text=True, cwd=self.scratch)

    def try_sif(self, body, *expected):
        self.write("example.sif", body)
        ran = self.call("check", "--stdlib", self.stdlib, "example.sif")
        named = sorted(set(re.findall(r"^example\.sif:.*\[([a-z0-9-]+)\]$", ran.stderr, re.M)))
        if ran.returncode not in (0, 1) or named != sorted(expected):
            return f"expected {sorted(expected)}, exit {ran.returncode}:\n{ran.stderr}"
        if not expected:
            formatted = self.call("fmt", "-d", "example.sif").stdout
            return formatted and "not in the one style:\n" + formatted

    def try_sir(self, body):
        self.write("example.sir", body)
        ran = self.call("opt", "--passes=none", "--stdlib", self.stdlib, "example.sir")
        return ran.stdout != body and f"exit {ran.returncode}:\n{ran.stdout}{ran.stderr}"

    def try_sh(self, body):
        path = os.path.dirname(self.snapsecc) + os.pathsep + os.environ["PATH"]
        environment = {**os.environ, "PATH": path, "SNAPSECC_STDLIB": self.stdlib}
        ran = subprocess.run(["sh", "-eu", "-c", body], capture_output=True, text=True, cwd=self.scratch, env=environment)
        printed = ran.stdout + ran.stderr
        if ran.returncode:
            return f"exit {ran.returncode}:\n{printed}"
        missing = [line for line in re.findall(r"# prints: (.*)", body) if line not in printed]
        return missing and f"does not print {missing}, but:\n{printed}"


def main():
    snapsecc, stdlib, wrong = sys.argv[1], sys.argv[2], []
    for path in sys.argv[3:]:
        with tempfile.TemporaryDirectory() as scratch:
            page = Page(snapsecc, stdlib, path, scratch)
            wrong += page.run()
            print(f"{path}: {page.count} examples")
            if page.count == 0:
                wrong.append(path + ": no example")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
