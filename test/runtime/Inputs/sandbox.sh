#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# sandbox.sh SNAPSEC-RUN POLICY SCRIPT [ARGUMENT...]: runs SCRIPT in a mount namespace where what is written to /run, /tmp, /root,
# /etc and /var goes away at the end, so that a test changes nothing of the machine. There, in the current directory: the programs,
# policy/, script and a snap's files, snap/, whose bin/do executes its arguments. Control groups are removed at the end.
set -eu
# One CPU: Linux 6.18 refuses to bind a namespace whose number is not above the own one's, and gives numbers out by CPU.
exec taskset -c "$(awk '/^Cpus_allowed_list/ {split($2, a, "[,-]"); print a[1]}' /proc/self/status)" unshare -m --propagation private sh -eu -c '
mount -t tmpfs -o mode=0755 test /run
mkdir -p /run/t/snap/bin /run/t/snap/meta/hooks
cp "$(dirname "$1")"/snapsec* /run/t; cp -r "$2" /run/t/policy; cp "$3" /run/t/script
cp "$(dirname "$3")"/try.py /run/t/snap/
printf "#!/bin/sh\nexec \"\$@\"\n" > /run/t/snap/bin/do; cp /run/t/snap/bin/do /run/t/snap/meta/hooks/install
chmod 755 /run/t/snap/bin/do /run/t/snap/meta/hooks/install
chown -R 0:0 /run/t; chmod -R go-w /run/t; cd /run/t
for d in /etc /var; do
  mkdir -p /run/over$d/upper /run/over$d/work
  mount -t overlay -o lowerdir=$d,upperdir=/run/over$d/upper,workdir=/run/over$d/work test $d
done
for d in /tmp /root; do mount -t tmpfs -o mode=0755 test $d; done
mkdir -p /var/snap /var/lib/snapd/hostfs /var/lib/snapd/void
chmod 1777 /tmp; mount -t bpf bpf /sys/fs/bpf
shift 3
# Groups of our own, or tests at the same time meet in those of the labels.
own=$(awk "/ - cgroup2 / || / - cgroup .*devices/ {print \$5}" /proc/self/mountinfo)
for d in $own; do mkdir $d/test.$$; echo $$ > $d/test.$$/cgroup.procs; done
code=0; sh -eu ./script "$@" || code=$?
for d in $own; do echo $$ > $d/cgroup.procs; find $d/test.$$ -depth -type d -exec rmdir {} +; done
exit $code
' sandbox "$@"
