# SPDX-License-Identifier: Apache-2.0
"""interfaces.py: a snap.yaml on stdout, an app for each interface that is checked in a VM, and one without any."""
INTERFACES = ("network network-bind network-control network-observe firewall-control home removable-media camera kernel-crypto-api kvm fuse-support "
              "hardware-observe hardware-random-observe system-observe mount-observe log-observe process-control "
              "uinput time-control bluetooth-control").split()
print("name: many\nversion: 1.0\nbase: core24\napps:\n  none: {command: bin/do}")
for name in INTERFACES:
    print(f"  {name}: {{command: bin/do, plugs: [{name}]}}")
