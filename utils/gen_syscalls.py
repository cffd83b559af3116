#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write ir/Syscalls.def: gen_syscalls.py NUMBERS.csv ARGUMENTS.txt > ir/Syscalls.def

NUMBERS.csv    name,ARCH,ARCH,...  a number or nothing for each architecture (the table of libseccomp's maintainers has this form)
ARGUMENTS.txt  name LETTERS        i 32 bits, u a user or group id, l a machine word, p a pointer; a call that is missing is unknown
"""
import csv
import sys

ARCHES = "x86 x86_64 x32 arm aarch64 loongarch64 m68k mips mips64 mips64n32 parisc parisc64 ppc ppc64 riscv64 s390 s390x sh".split()


def main(numbers, arguments):
    with open(arguments) as f:
        letters = dict((line.split() + [""])[:2] for line in f if line.strip() and line[0] != "#")
    with open(numbers, newline="") as f:
        rows = sorted(csv.DictReader(f), key=lambda r: r["name"])
    unknown = set(letters) - {r["name"] for r in rows}
    if unknown:
        sys.exit("no such call: " + " ".join(sorted(unknown)))
    print("// SPDX-License-Identifier: Apache-2.0")
    print("// Written by utils/gen_syscalls.py; sorted by name. SYSCALL(\"name\", arguments or nullptr, number on each of SYSCALL_ARCHES or -1)")
    print("//   arguments: a letter each: i 32 bits, u user or group id, l machine word, p pointer")
    print("#ifdef SYSCALL_ARCHES\nSYSCALL_ARCHES(" + ", ".join(ARCHES) + ")\n#endif")
    for r in rows:
        args = '"%s"' % letters[r["name"]] if r["name"] in letters else "nullptr"
        print('SYSCALL("%s", %s, %s)' % (r["name"], args, ", ".join(r[a] or "-1" for a in ARCHES)))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
