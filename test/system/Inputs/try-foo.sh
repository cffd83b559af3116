# SPDX-License-Identifier: Apache-2.0
# Runs inside the VM, in the output tree of the foo example.
features=/sys/kernel/security/apparmor/features
for label in snap.foo.bar snap.foo.baz; do
  apparmor_parser -K --policy-features=$features --kernel-features=$features -r apparmor/profiles/$label
  grep -q "^$label (enforce)" /sys/kernel/security/apparmor/profiles && echo "$label: loaded, enforce"
done
try() { # LABEL FILE
  if aa-exec -p "$1" -- cat "$2" >/dev/null 2>&1; then echo "$1 reads $2: yes"; else echo "$1 reads $2: no"; fi
}
try snap.foo.bar /etc/passwd
try snap.foo.bar /etc/shadow
dmesg | grep -o 'apparmor="DENIED".*'
