/*
 * The rival of PciIdDatabase: libpci looks the names of N devices up, cold, again and again.
 *
 *   cc -O2 -o pci-names pci-names.c -lpci && ./pci-names 64 200
 *
 * Cold means a new pci_access each time, so that pci.ids is read and parsed each time, as a program does that runs once.
 * The devices are every 250th one of pci.ids, the same that the benchmark of the library takes.
 */
#define _GNU_SOURCE
#include <pci/pci.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec * 1e3 + at.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int want = argc > 1 ? atoi(argv[1]) : 64, rounds = argc > 2 ? atoi(argv[2]) : 200;
	unsigned (*ids)[2] = calloc(want, sizeof *ids);
	char line[1024];
	unsigned vendor = 0, device, seen = 0;
	int count = 0;
	FILE *file = fopen("/usr/share/misc/pci.ids", "r");

	if (!file)
		return perror("/usr/share/misc/pci.ids"), 1;
	while (count < want && fgets(line, sizeof line, file)) {
		if (line[0] == 'C')
			break;
		if (line[0] == '\t' && line[1] != '\t' && sscanf(line, "%x", &device) == 1) {
			if (seen++ % 250 == 0) {
				ids[count][0] = vendor;
				ids[count++][1] = device;
			}
		} else if (line[0] != '\t' && line[0] != '#')
			sscanf(line, "%x", &vendor);
	}
	fclose(file);

	double *times = calloc(rounds, sizeof *times);
	unsigned long check = 0;
	for (int round = 0; round < rounds; round++) {
		double start = now();
		struct pci_access *access = pci_alloc();
		char buffer[256];
		for (int i = 0; i < count; i++) {
			check += strlen(pci_lookup_name(access, buffer, sizeof buffer, PCI_LOOKUP_VENDOR, ids[i][0]));
			check += strlen(pci_lookup_name(access, buffer, sizeof buffer, PCI_LOOKUP_DEVICE, ids[i][0], ids[i][1]));
		}
		pci_cleanup(access);
		times[round] = now() - start;
	}
	qsort(times, rounds, sizeof *times, compare);
	printf("%d devices, %d rounds: best %.3f ms, median %.3f ms, worst %.3f ms (%lu characters)\n",
	       count, rounds, times[0], times[rounds / 2], times[rounds - 1], check / rounds);
	return 0;
}
