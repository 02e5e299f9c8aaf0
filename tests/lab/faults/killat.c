// Runs a program and kills it with SIGKILL just before its Nth system call that changes something outside it.
//
//     killat N PROGRAM ARGUMENT...     N from 1; the program and all its children are traced
//     killat 0 PROGRAM ARGUMENT...     kills nothing, and names every call that counts
//     killat N=ERRNO PROGRAM ARGUMENT...   lets this one call fail with an error number instead, without doing it
//     killat -N PROGRAM ARGUMENT...    cuts the host's power at this moment instead: what is not on a disk is lost
//
// What counts: system calls that create, remove, rename, link or change files; writes and flushes of files (also those of
// the kernel in /sys and /proc); messages over sockets (libvirt, netlink). Not: pipes, event descriptors, terminals,
// /dev/null and memory files, which end with the program.
//
// The last line of standard error is "killat COUNT NAME PATH": the number of the counted calls, and the one that was not
// done. The exit code is 137 if the program was killed, otherwise that of the program.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct { long number; const char *name; int kind; } calls[] = {
    // kind: 1 acts on a descriptor (the first argument), 2 opens, 3 counts always
    { SYS_write, "write", 1 }, { SYS_pwrite64, "pwrite", 1 }, { SYS_writev, "writev", 1 }, { SYS_pwritev, "pwritev", 1 },
    { SYS_fsync, "fsync", 1 }, { SYS_fdatasync, "fdatasync", 1 }, { SYS_ftruncate, "ftruncate", 1 }, { SYS_fallocate, "fallocate", 1 },
    { SYS_fchmod, "fchmod", 1 }, { SYS_fchown, "fchown", 1 }, { SYS_flock, "flock", 1 }, { SYS_sendto, "sendto", 1 }, { SYS_sendmsg, "sendmsg", 1 },
    { SYS_open, "open", 2 }, { SYS_openat, "openat", 2 }, { SYS_openat2, "openat2", 2 },
    { SYS_rename, "rename", 3 }, { SYS_renameat, "renameat", 3 }, { SYS_renameat2, "renameat2", 3 },
    { SYS_unlink, "unlink", 3 }, { SYS_unlinkat, "unlinkat", 3 }, { SYS_mkdir, "mkdir", 3 }, { SYS_mkdirat, "mkdirat", 3 },
    { SYS_rmdir, "rmdir", 3 }, { SYS_link, "link", 3 }, { SYS_linkat, "linkat", 3 }, { SYS_symlink, "symlink", 3 },
    { SYS_symlinkat, "symlinkat", 3 }, { SYS_chmod, "chmod", 3 }, { SYS_fchmodat, "fchmodat", 3 }, { SYS_truncate, "truncate", 3 },
};

static void name_of(pid_t pid, long descriptor, char *name, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%ld", pid, descriptor);
    ssize_t length = readlink(path, name, size - 1);
    name[length < 0 ? 0 : length] = 0;
}

static void text_at(pid_t pid, unsigned long address, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = memory < 0 ? -1 : pread(memory, text, size - 1, (off_t)address);
    text[length < 0 ? 0 : length] = 0;
    if (memory >= 0) {
        close(memory);
    }
}

static int stays(const char *name)
{
    return strncmp(name, "socket:", 7) == 0
        || (name[0] == '/' && strcmp(name, "/dev/null") != 0 && strncmp(name, "/dev/pts/", 9) != 0 && strncmp(name, "/memfd:", 7) != 0
            && strncmp(name, "/dev/tty", 8) != 0 && strncmp(name, "/dev/console", 12) != 0 && strncmp(name, "/dev/hvc", 8) != 0);
}

// Whether the call changes something outside the program; then its name and what it is about.
static int counts(pid_t pid, const struct user_regs_struct *registers, const char **call, char *what, size_t size)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if ((long)registers->orig_rax != calls[i].number) {
            continue;
        }

        *call = calls[i].name;
        if (calls[i].kind == 1) {
            name_of(pid, (long)registers->rdi, what, size);
            return stays(what);
        }

        unsigned long first = calls[i].number == SYS_openat || calls[i].number == SYS_openat2 || calls[i].number == SYS_renameat || calls[i].number == SYS_renameat2
            || calls[i].number == SYS_unlinkat || calls[i].number == SYS_mkdirat || calls[i].number == SYS_fchmodat ? registers->rsi : registers->rdi;
        text_at(pid, first, what, size);
        if (calls[i].kind == 2) {
            unsigned long flags = calls[i].number == SYS_open ? registers->rsi : registers->rdx;
            if (calls[i].number == SYS_openat2) {
                char how[8] = "";
                text_at(pid, registers->rdx, how, sizeof how);
                memcpy(&flags, how, sizeof flags);
            }

            return (flags & (O_CREAT | O_TRUNC)) != 0;
        }

        return 1;
    }

    return 0;
}

// The kernel stops the program only at the calls of the table, and at openat only where it creates or truncates: a stop at every
// call would take ten times as long.
static int stop_at_calls(void)
{
    static struct sock_filter filter[8 + 2 * sizeof calls / sizeof *calls];
    unsigned short length = 0;
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3);
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2]));
    filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_CREAT | O_TRUNC, 0, 1);
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (calls[i].number != SYS_openat) {
            filter[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].number, 0, 1);
            filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
        }
    }

    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = { length, filter };
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "killat N PROGRAM ARGUMENT...\n");
        return 2;
    }

    long at = atol(argv[1]), count = 0;
    int cuts = at < 0;
    const char *equals = strchr(argv[1], '=');
    int error = equals ? atoi(equals + 1) : 0;
    at = cuts ? -at : at;
    pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        if (!stop_at_calls()) {
            perror("seccomp");
            _exit(127);
        }

        execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }

    int status;
    waitpid(child, &status, 0);
    ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
    ptrace(PTRACE_CONT, child, 0, 0);

    int code = 0;
    while (1) {
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0) {
            break;
        }

        if (WIFEXITED(status) || WIFSIGNALED(status)) {
            if (pid == child) {
                code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            }

            continue;
        }

        int signal = 0;
        if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8)) {
            struct user_regs_struct registers;
            const char *call = "";
            char what[512] = "";
            if (ptrace(PTRACE_GETREGS, pid, 0, &registers) == 0 && counts(pid, &registers, &call, what, sizeof what)) {
                count++;
                if (at == 0) {
                    fprintf(stderr, "killat %ld %s %s\n", count, call, what);
                }

                if (count == at && error) {
                    registers.orig_rax = (unsigned long long)-1; // no call has this number: it is left out, and this is its result
                    registers.rax = (unsigned long long)-error;
                    ptrace(PTRACE_SETREGS, pid, 0, &registers);
                    fprintf(stderr, "killat %ld %s %s\n", count, call, what);
                    fflush(stderr);
                }

                if (count == at && cuts) {
                    fprintf(stderr, "killat %ld %s %s\n", count, call, what);
                    usleep(300000); // the line leaves the host; the program stands still
                    int trigger = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);
                    if (write(trigger, "b", 1) != 1) {
                        perror("/proc/sysrq-trigger");
                        return 2;
                    }
                }

                if (count == at && !error) {
                    kill(child, SIGKILL);
                    ptrace(PTRACE_CONT, pid, 0, 0); // where it is a program that the killed one started: that goes on to its end
                    fprintf(stderr, "killat %ld %s %s\n", count, call, what);
                    pid_t other;
                    while ((other = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
                        if (other > 0 && WIFSTOPPED(status)) {
                            int own = status >> 16 == 0 && WSTOPSIG(status) != SIGSTOP ? WSTOPSIG(status) : 0;
                            ptrace(PTRACE_CONT, other, 0, own);
                        }
                    }

                    return 137;
                }
            }
        } else if (status >> 16 == 0 && WSTOPSIG(status) != SIGSTOP) {
            signal = WSTOPSIG(status); // the program's own
        }

        ptrace(PTRACE_CONT, pid, 0, signal);
    }

    fprintf(stderr, "killat %ld end -\n", count);
    return code;
}
