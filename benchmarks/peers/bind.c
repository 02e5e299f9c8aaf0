// Binds a device to vfio-pci and back to its driver by the kernel's files alone, N times, and prints the nanoseconds of each
// binding to vfio-pci: the writes to driver_override, unbind and drivers_probe.
//
//     bind ADDRESS DRIVER N
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void put(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0 || write(file, text, strlen(text)) < 0) {
        perror(path);
        exit(1);
    }

    close(file);
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "bind ADDRESS DRIVER N\n");
        return 2;
    }

    char override[128], unbind[128], back[128];
    snprintf(override, sizeof override, "/sys/bus/pci/devices/%s/driver_override", argv[1]);
    snprintf(unbind, sizeof unbind, "/sys/bus/pci/drivers/%s/unbind", argv[2]);
    snprintf(back, sizeof back, "/sys/bus/pci/drivers/vfio-pci/unbind");
    for (int i = atoi(argv[3]); i > 0; i--) {
        long long start = now();
        put(override, "vfio-pci");
        put(unbind, argv[1]);
        put("/sys/bus/pci/drivers_probe", argv[1]);
        printf("%lld\n", now() - start);
        put(override, "\n");
        put(back, argv[1]);
        put("/sys/bus/pci/drivers_probe", argv[1]);
    }

    return 0;
}
