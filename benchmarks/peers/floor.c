/* The floor: opens, reads and closes what a listing of PCI functions needs, and does nothing else.
 *
 *   floor ROOT [ROUNDS]      prints the median microseconds of one round, and its share of processor time
 *
 * For every directory of ROOT/sys/bus/pci/devices: the files modalias, revision and numa_node, the links driver,
 * iommu_group and physfn. Every path is looked up from the directory of the bus, which is what a plain program does.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static char buffer[4096];
static volatile long total;

static void read_file(int bus, const char *device, const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", device, name);
    int file = openat(bus, path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    total += read(file, buffer, sizeof buffer);
    close(file);
}

static void read_link(int bus, const char *device, const char *name)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", device, name);
    total += readlinkat(bus, path, buffer, sizeof buffer);
}

static void read_all(const char *path)
{
    DIR *directory = opendir(path);
    if (!directory) {
        perror(path);
        exit(1);
    }
    int bus = dirfd(directory);
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (entry->d_name[0] == '.')
            continue;
        read_file(bus, entry->d_name, "modalias");
        read_file(bus, entry->d_name, "revision");
        read_file(bus, entry->d_name, "numa_node");
        read_link(bus, entry->d_name, "driver");
        read_link(bus, entry->d_name, "iommu_group");
        read_link(bus, entry->d_name, "physfn");
    }
    closedir(directory);
}

static int compare(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

int main(int count, char **words)
{
    if (count < 2) {
        fprintf(stderr, "usage: floor ROOT [ROUNDS]\n");
        return 2;
    }
    int rounds = count > 2 ? atoi(words[2]) : 1;
    double *times = calloc(rounds > 0 ? rounds : 1, sizeof *times);
    char path[4096];
    snprintf(path, sizeof path, "%s/sys/bus/pci/devices", words[1]);
    for (int i = 0; i < rounds; i++) {
        struct timespec start, end;
        clock_gettime(CLOCK_MONOTONIC, &start);
        read_all(path);
        clock_gettime(CLOCK_MONOTONIC, &end);
        times[i] = (end.tv_sec - start.tv_sec) * 1e6 + (end.tv_nsec - start.tv_nsec) / 1e3;
    }
    qsort(times, rounds, sizeof *times, compare);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    printf("%.0f %.0f\n", times[rounds / 2], cpu / rounds);
    return 0;
}
