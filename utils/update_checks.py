#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rewrites what text tests expect from what the tool prints now; review it with `git diff`.

  utils/update_checks.py TEST...        the files, or all tests below the folders

Two kinds of expectations are known:
  RUN: COMMAND | diff -u %S/Inputs/NAME -     the file is replaced by the output of COMMAND
  RUN: COMMAND | FileCheck %s                 in a test that holds the word AUTOCHECK: its CHECK lines are replaced by the whole output,
                                              at the end of the test, each line behind the test's own comment sign
A command that fails changes nothing and ends the script with exit 1, for its output is not what anybody wants to keep.
"""
import os
import re
import subprocess
import sys
import types

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
sys.path.insert(0, os.environ.get("LIT", "/usr/lib/llvm-14/build/utils/lit"))


def lit_config():
    """Substitutions, environment and suffixes of test/lit.cfg.py."""
    path = os.path.join(ROOT, "test", "lit.cfg.py")
    config = types.SimpleNamespace(environment={}, substitutions=[], available_features=set())
    with open(path) as f:
        exec(compile(f.read(), path, "exec"), {"config": config, "__file__": path})
    return config


def substituted(command, test, config):
    scratch = os.path.join(config.test_exec_root, os.path.relpath(test, config.test_source_root) + ".tmp")
    os.makedirs(os.path.dirname(scratch), exist_ok=True)
    for name, value in [*config.substitutions, ("%s", test), ("%S", os.path.dirname(test)), ("%t", scratch)]:
        command = re.sub(re.escape(name) + r"(?![a-zA-Z])", lambda _: value, command)
    return command


def output_of(command, test, config):
    """What a command prints; RuntimeError where it fails, also within a pipe."""
    line = substituted(command, test, config)
    run = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=ROOT, env={**os.environ, **config.environment}, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"exit {run.returncode}: {line}\n{run.stderr.strip()}")
    return run.stdout


def run_lines(text):
    """The commands of a test's RUN lines, continued lines joined, with the comment sign before the first."""
    commands, sign = [], ""
    for match in re.finditer(r"^(.*?)RUN:[ \t]*(.*)$", text, re.M):
        sign = sign or match[1]
        if commands and commands[-1].endswith("\\"):
            commands[-1] = commands[-1][:-1] + match[2]
        else:
            commands.append(match[2])
    return commands, sign


def check_lines(output, sign):
    lines = []
    for i, line in enumerate(output.rstrip("\n").split("\n")):
        text = re.sub(r"\{\{|\[\[", lambda m: "{{" + re.sub(r"([\[{])", r"[\1]" if m[0] == "{{" else r"\\\1", m[0]) + "}}", line)
        kind = "CHECK" if i == 0 else "CHECK-NEXT" if text else "CHECK-EMPTY"
        lines.append(f"{sign}{kind}:{' ' + text if text else ''}")
    return "\n".join(lines) + "\n"


def update(test, config):
    """The files that change: {path: text}."""
    with open(test) as f:
        text = f.read()
    commands, sign = run_lines(text)
    changes = {}
    for command in commands:
        if golden := re.fullmatch(r"(.*?)\|\s*diff -u (\S+) -\s*", command):
            changes[substituted(golden[2], test, config)] = output_of(golden[1], test, config)
        elif "AUTOCHECK" in text and (check := re.fullmatch(r"(.*?)\|\s*FileCheck %s\s*", command)):
            kept = re.sub(rf"^{re.escape(sign)}CHECK(-NEXT|-EMPTY)?:.*\n", "", text, flags=re.M).rstrip("\n") + "\n\n"
            changes[test] = kept + check_lines(output_of(check[1], test, config), sign)
        elif not re.search(r"FileCheck|diff", command):
            output_of(command, test, config)  # what the others rely on
    return changes


def tests_of(arguments, config):
    for argument in arguments:
        path = os.path.abspath(argument)
        if not os.path.isdir(path):
            yield path
            continue
        for directory, folders, names in os.walk(path):
            folders[:] = sorted(set(folders) - set(config.excludes))
            yield from (os.path.join(directory, n) for n in sorted(names) if n.endswith(tuple(config.suffixes)))


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    config, failed = lit_config(), False
    for test in tests_of(arguments, config):
        try:
            changes = update(test, config)
        except RuntimeError as error:
            print(f"{os.path.relpath(test, ROOT)}: not updated: {error}", file=sys.stderr)
            failed = True
            continue
        for path, text in changes.items():
            before = open(path).read() if os.path.exists(path) else None
            if text != before:
                with open(path, "w") as f:
                    f.write(text)
                print(f"updated {os.path.relpath(path, ROOT)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
