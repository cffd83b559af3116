# SPDX-License-Identifier: Apache-2.0
# policy/ is the library; the name is of this run alone.
name=one$$
mv policy stdlib
echo "{name: $name, version: 1, base: core24, apps: {do: {command: bin/do, plugs: [camera]}}}" > snap.yaml
./snapsecc compile -q --stdlib stdlib --connect $name:camera=:camera snap.yaml -o policy
expect() { code=0; "$@" > out 2> err || code=$?; grep -h 'udev does\|not confined' err || true; echo "$code $(cat out err | grep -v 'udev does\|not confined' | head -1)"; }
expect ./snapsecc load policy
expect ./snapsecc load --allow-missing=apparmor policy
ls /etc/udev/rules.d
./snapsec-run --allow-missing=apparmor --policy policy --exec snap.$name.do /bin/true 2>/dev/null
./snapsecc status || echo "exit $?"
./snapsecc status --json | python3 -c 'import json, sys; s = json.load(sys.stdin); print(s["mechanisms"]["apparmor"]["available"], "kept" if s["namespaces"] else "")'
expect ./snapsecc unload policy
echo "namespaces $(ls /run/snapsec/ns | wc -l), rules $(ls /etc/udev/rules.d | wc -l)"
echo x >> policy/apparmor/profiles/snap.$name.do
expect ./snapsecc load --allow-missing=apparmor policy
chmod 755 . ; expect setpriv --reuid 1 --regid 1 --clear-groups ./snapsecc unload policy
