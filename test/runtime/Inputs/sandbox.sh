#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sandbox.sh SNAPSEC-RUN POLICY SCRIPT [ARGUMENT...]: runs SCRIPT in a mount namespace whose /run, /tmp, /root, /var/snap and
# /var/lib/snapd are new, so that a test changes nothing of the machine. There, in the current directory: snapsec-run, policy/, script
# and a snap's files, snap/, whose bin/do executes its arguments. At the end the control groups of the labels are removed.
set -eu
# One CPU: Linux 6.18 refuses to bind a namespace whose number is not above the own one's, and gives numbers out by CPU.
exec taskset -c "$(awk '/^Cpus_allowed_list/ {split($2, a, "[,-]"); print a[1]}' /proc/self/status)" unshare -m --propagation private sh -eu -c '
mount -t tmpfs -o mode=0755 test /run
mkdir -p /run/t/snap/bin /run/t/snap/meta/hooks
cp "$1" /run/t/snapsec-run; cp -r "$2" /run/t/policy; cp "$3" /run/t/script
cp "$(dirname "$3")"/try.py /run/t/snap/
printf "#!/bin/sh\nexec \"\$@\"\n" > /run/t/snap/bin/do; cp /run/t/snap/bin/do /run/t/snap/meta/hooks/install
chmod 755 /run/t/snap/bin/do /run/t/snap/meta/hooks/install
chown -R 0:0 /run/t; chmod -R go-w /run/t; cd /run/t
mkdir -p /var/lib/snapd /var/snap
for d in /tmp /root /var/snap /var/lib/snapd; do mount -t tmpfs -o mode=0755 test $d; done
mkdir -p /var/lib/snapd/hostfs /var/lib/snapd/void
chmod 1777 /tmp
shift 3
# Groups of our own, or tests at the same time meet in those of the labels.
own=$(awk "/ - cgroup2 / || / - cgroup .*devices/ {print \$5}" /proc/self/mountinfo)
for d in $own; do mkdir $d/test.$$; echo $$ > $d/test.$$/cgroup.procs; done
code=0; sh -eu ./script "$@" || code=$?
for d in $own; do echo $$ > $d/cgroup.procs; find $d/test.$$ -depth -type d -exec rmdir {} +; done
exit $code
' sandbox "$@"
