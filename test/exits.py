#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""exits.py CODE COMMAND...: runs a command and succeeds where it ends with this code. In tests: %exits 2 %snapsecc ..."""
import subprocess
import sys

code = subprocess.run(sys.argv[2:]).returncode
if code != int(sys.argv[1]):
    sys.exit(f"exits.py: exit {code}, expected {sys.argv[1]}: {' '.join(sys.argv[2:])}")
