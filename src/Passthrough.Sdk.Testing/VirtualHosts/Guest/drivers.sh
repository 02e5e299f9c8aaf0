# Loads the drivers of the PCI devices of a virtual host, as udevd does at boot.
cat /sys/bus/pci/devices/*/modalias | xargs modprobe -a -b -q || true
