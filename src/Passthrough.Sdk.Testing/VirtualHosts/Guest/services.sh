# Starts in a virtual host what libvirt needs: udevd, virtlogd and libvirtd. The drivers of the PCI devices load.
set -e
PATH=$PATH:/lib/systemd:/usr/lib/systemd

# QEMU runs as root here and no file changes its owner: a checkout may lie where libvirt's own user cannot go, and a
# change of owner would copy every file that a domain uses into the host's memory.
mkdir -p /etc/libvirt /run/libvirt
printf '%s\n' 'user = "root"' 'group = "root"' 'dynamic_ownership = 0' 'remember_owner = 0' 'security_driver = "none"' >/etc/libvirt/qemu.conf

# libvirt asks every emulator that it finds what it can do, seconds under emulation: one is enough.
rm -f /usr/bin/qemu-system-i386

# Only these two kinds of device: what a driver makes of them is announced by the driver.
systemd-udevd --daemon 2>/dev/null
udevadm trigger --action=add --subsystem-match=pci --subsystem-match=net
udevadm settle

virtlogd --daemon
libvirtd --daemon
virsh -q -c qemu:///system version >/dev/null
