#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make a call profile of traces: make_call_profile.py SYSCALLS.csv ARGUMENTS.txt TRACE... > backends/seccomp/CallProfile.inc   (--text: as --profile reads it)

A trace has a line `number count [arguments]` for x86_64; the profile is the mean of the traces' shares, so that a long trace does
not outweigh the others. Pointers (by ARGUMENTS.txt) and machine words are left out; arguments are kept where few values cover most calls.
"""
import csv
import sys
from collections import Counter, defaultdict


def main(args):
    text = "--text" in args
    numbers, arguments, *traces = [a for a in args if a != "--text"]
    with open(arguments) as f:
        letters = dict((line.split() + [""])[:2] for line in f)
    with open(numbers, newline="") as f:
        names = {int(r["x86_64"]): r["name"] for r in csv.DictReader(f) if r["x86_64"]}
    share, lists = Counter(), defaultdict(Counter)
    for path in traces:
        with open(path) as f:
            calls = [line.split("#")[0].split() for line in f]
        calls = [(int(c[0]), int(c[1]), tuple(int(v, 0) for v in c[2:8])) for c in calls if len(c) > 1]
        total = sum(c[1] for c in calls)
        for number, count, values in calls:
            share[number] += count / total / len(traces)
            kinds = letters.get(names[number], "").ljust(6, "i")
            plain = ["*" if k in "pl" or v >> 32 else str(v) for k, v in zip(kinds, values)]
            while plain and plain[-1] in ("0", "*"):
                plain.pop()
            lists[number][",".join(plain)] += count / total / len(traces)
    out = ["snapsecc-profile 1"]
    for number, part in sorted(share.items(), key=lambda x: (-x[1], x[0])):
        words = [names[number], "%.3g" % part]
        top = [(a, n / part) for a, n in lists[number].most_common(6) if n / part > 0.02]
        words += sorted("%s=%.2g" % x for x in top) if sum(n for _, n in top) > 0.5 else []
        out.append(" ".join(words))
    for line in out:
        print(line if text else '"%s\\n"' % line)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(sys.argv[1:])
