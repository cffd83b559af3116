#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How the library's interfaces are written: their sizes, and rules that stand in two files though a fragment would serve.

    utils/check_stdlib.py [DIR]        prints figures and what it finds; exit 1 where there is something
A block is REPEATED statements or more, one behind the other, word for word, in two files; comments and reasons aside.
The same in any order counts from SHARED statements on, if the files are not one interface's two halves by name.
"""
import itertools
import os
import re
import statistics
import sys

REPEATED, SHARED, MEDIAN = 3, 6, 40
# What every interface has of its own: who may connect to whom.
POLICY = re.compile(r"(implicit|install|provider|connect|refresh|conflicts|attrs|check|let|case|flags|test|given|allow|deny syscall|[a-z_]+ any$)\b")


def statements(text):
    """The statements of a file in order, each as one line; None where a block begins or ends."""
    text = re.sub(r'(?m)(?<!["\w])#.*$', "", text)
    out, current, quoted, braces = [], "", False, 0
    for before, char in zip(" " + text, text):
        quoted ^= char == '"' and before != "\\"
        current += char
        if quoted or char not in ";{}":
            continue
        # Braces of patterns are quoted, those of records stand behind `[`, `=`, `(` or a comma.
        if char == "{" and re.search(r"[\[=(,]\s*$", current[:-1]) or char == "}" and braces:
            braces += 1 if char == "{" else -1
            continue
        one = " ".join(current[:-1].split())
        out += [one] if char == ";" and one else [None]
        current = ""
    return out


def rules(path):
    with open(path) as file:
        return [s if s is None or not POLICY.match(s) else None for s in statements(file.read())]


def length(path):
    with open(path) as file:
        return sum(1 for line in file if line.strip() and not line.lstrip().startswith("#"))


def repeated(files):
    """Runs of statements that are in two files, the longest of each pair of places."""
    places, found = {}, []
    for name, list_ in files.items():
        for i in range(len(list_) - REPEATED + 1):
            run = tuple(list_[i:i + REPEATED])
            if None not in run:
                places.setdefault(run, []).append((name, i))
    for run, where in places.items():
        for (a, i), (b, j) in itertools.combinations(where, 2):
            starts = i == 0 or j == 0 or files[a][i - 1] != files[b][j - 1] or files[a][i - 1] is None
            if a != b and starts:
                n = REPEATED
                while i + n < len(files[a]) and j + n < len(files[b]) and files[a][i + n] == files[b][j + n] is not None:
                    n += 1
                found.append((n, a, b, run[0]))
    return sorted(found, reverse=True)


def shared(files):
    sets = {name: {s for s in list_ if s and not s.startswith(("use ", "abstraction "))} for name, list_ in files.items()}
    pairs = ((len(sets[a] & sets[b]), a, b, min(sets[a] & sets[b], default="")) for a, b in itertools.combinations(sorted(sets), 2))
    return sorted((p for p in pairs if p[0] >= SHARED), reverse=True)


def main(directory):
    paths = sorted(os.path.join(base, n) for base, _, names in os.walk(directory) for n in names if n.endswith(".sif"))
    interfaces = [p for p in paths if os.path.basename(os.path.dirname(p)) == "interfaces"]
    lengths = [length(p) for p in interfaces]
    files = {os.path.relpath(p, directory): rules(p) for p in paths}
    middle = statistics.median(lengths)
    print(f"{len(interfaces)} interfaces, lines without comments: median {middle:g}, longest {max(lengths)}")
    twice = repeated(files)
    for n, a, b, first in twice:
        print(f"{a}, {b}: the same {n} statements from: {first[:90]}")
    together = [s for s in shared(files) if not any({s[1], s[2]} == {t[1], t[2]} for t in twice)]
    for n, a, b, first in together:
        print(f"{a}, {b}: {n} statements are in both, as: {first[:90]}")
    return bool(twice or together or middle >= MEDIAN)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "stdlib"))
