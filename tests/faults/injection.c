/* Fails, cuts short, logs, or dies at, the n-th call that changes files below given folders. Linux, x86-64 and aarch64.

   The kernel itself hands each such system call over (a seccomp filter that traps), so that calls are seen which no
   preloaded library would: those of Rust (tantivy renames by a bare system call) and those inside of C's stdio (NumPy,
   FAISS). Not seen: stores into memory that is mapped to a file; nothing here writes so.

   Loaded by ctypes in a process of its own, which can never take the filter off again. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum mode { RECORD, ONCE, FULL, SHORT, CRASH, VANISH };

#define LONGEST 4096
#define MOST_FOLDERS 4

static char folders[MOST_FOLDERS][LONGEST];
static int folder_count;
static long at;
static int mode, error_number, log_descriptor = -1;
static long calls, hits;
static int cut_short;

long raw_call(long number, long a, long b, long c, long d, long e, long f);
extern char raw_after[] __attribute__((visibility("hidden")));

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
__asm__(".text\n.globl raw_call\n.hidden raw_after\n.globl raw_after\n.type raw_call, @function\n"
        "raw_call:\n mov %rdi, %rax\n mov %rsi, %rdi\n mov %rdx, %rsi\n mov %rcx, %rdx\n mov %r8, %r10\n"
        " mov %r9, %r8\n mov 8(%rsp), %r9\n syscall\nraw_after:\n ret\n");
#define ARGUMENT(context, n)                                                                                           \
    ((long)(context)->uc_mcontext                                                                                      \
         .gregs[(n) == 0 ? REG_RDI : (n) == 1 ? REG_RSI : (n) == 2 ? REG_RDX : (n) == 3 ? REG_R10 : (n) == 4 ? REG_R8 : REG_R9])
#define RESULT(context) (context)->uc_mcontext.gregs[REG_RAX]
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
__asm__(".text\n.globl raw_call\n.hidden raw_after\n.globl raw_after\n.type raw_call, %function\n"
        "raw_call:\n mov x8, x0\n mov x0, x1\n mov x1, x2\n mov x2, x3\n mov x3, x4\n mov x4, x5\n mov x5, x6\n svc #0\n"
        "raw_after:\n ret\n");
#define ARGUMENT(context, n) ((long)(context)->uc_mcontext.regs[n])
#define RESULT(context) (context)->uc_mcontext.regs[0]
#else
#error "the registers of this processor are not known here"
#endif

static const int trapped[] = {
#ifdef SYS_open
    SYS_open, SYS_creat, SYS_rename, SYS_mkdir, SYS_rmdir, SYS_unlink, SYS_link, SYS_symlink,
#endif
    SYS_write, SYS_pwrite64, SYS_writev, SYS_pwritev, SYS_pwritev2, SYS_fsync, SYS_fdatasync, SYS_renameat,
    SYS_renameat2, SYS_ftruncate, SYS_truncate, SYS_fallocate, SYS_openat, SYS_openat2, SYS_mkdirat, SYS_unlinkat,
    SYS_linkat, SYS_symlinkat, SYS_sendfile, SYS_copy_file_range,
};
#define TRAPPED ((int)(sizeof trapped / sizeof *trapped))

static int is_watched(const char *path)
{
    for (int one = 0; one < folder_count; one++) {
        size_t length = strlen(folders[one]);
        if (!strncmp(path, folders[one], length) && (path[length] == '/' || path[length] == '\0'))
            return 1;
    }
    return 0;
}

/* The path of an open file; empty where there is none. */
static void path_of(int descriptor, char *path)
{
    char name[40] = "/proc/self/fd/", digits[12];
    int count = 0, place = 14;
    if (descriptor == AT_FDCWD) {
        strcpy(name, "/proc/self/cwd");
    } else {
        do
            digits[count++] = '0' + descriptor % 10;
        while ((descriptor /= 10) > 0);
        while (count)
            name[place++] = digits[--count];
        name[place] = '\0';
    }
    long length = raw_call(SYS_readlinkat, AT_FDCWD, (long)name, (long)path, LONGEST - 1, 0, 0);
    path[length > 0 ? length : 0] = '\0';
}

static void path_at(int folder, const char *name, char *path)
{
    *path = '\0';
    if (!name)
        return;
    if (*name != '/') {
        path_of(folder, path);
        strncat(path, "/", LONGEST - 1 - strlen(path));
    }
    strncat(path, name, LONGEST - 1 - strlen(path));
}

/* One line of the log; a small letter where the call failed. */
static void note(char kind, const char *path, const char *other, long result)
{
    char line[2 * LONGEST + 8];
    size_t length = 0;
    if (log_descriptor < 0)
        return;
    line[length++] = result < 0 ? kind + 'a' - 'A' : kind;
    for (int which = 0; which < 2; which++) {
        const char *one = which ? other : path;
        line[length++] = '\t';
        size_t part = strlen(one);
        memcpy(line + length, one, part);
        length += part;
    }
    line[length++] = '\n';
    raw_call(SYS_write, log_descriptor, (long)line, (long)length, 0, 0, 0);
}

/* What a call does to files: its kind, and the paths it names.
   W writes, T truncates, S syncs, C creates, O opens for writing, M makes and D removes a folder, U unlinks, R renames,
   L links; 0 is none of these. */
static char kind_of(long number, ucontext_t *context, char *path, char *other)
{
    const long a = ARGUMENT(context, 0), b = ARGUMENT(context, 1), c = ARGUMENT(context, 2), d = ARGUMENT(context, 3);
    long flags = 0;
    *path = *other = '\0';
    switch (number) {
    case SYS_write:
    case SYS_pwrite64:
    case SYS_writev:
    case SYS_pwritev:
    case SYS_pwritev2:
    case SYS_sendfile:
        path_of((int)a, path);
        return 'W';
    case SYS_copy_file_range:
        path_of((int)c, path);
        return 'W';
    case SYS_fallocate:
    case SYS_ftruncate:
        path_of((int)a, path);
        return 'T';
    case SYS_truncate:
        path_at(AT_FDCWD, (char *)a, path);
        return 'T';
    case SYS_fsync:
    case SYS_fdatasync:
        path_of((int)a, path);
        return 'S';
    case SYS_renameat:
    case SYS_renameat2:
        path_at((int)a, (char *)b, path);
        path_at((int)c, (char *)d, other);
        return 'R';
    case SYS_linkat:
        path_at((int)a, (char *)b, path);
        path_at((int)c, (char *)d, other);
        return 'L';
    case SYS_symlinkat:
        path_at((int)b, (char *)c, path);
        return 'C';
    case SYS_mkdirat:
        path_at((int)a, (char *)b, path);
        return 'M';
    case SYS_unlinkat:
        path_at((int)a, (char *)b, path);
        return c & AT_REMOVEDIR ? 'D' : 'U';
    case SYS_openat:
        path_at((int)a, (char *)b, path);
        flags = c;
        break;
    case SYS_openat2:
        path_at((int)a, (char *)b, path);
        flags = (long)*(uint64_t *)c;
        break;
#ifdef SYS_open
    case SYS_open:
        path_at(AT_FDCWD, (char *)a, path);
        flags = b;
        break;
    case SYS_creat:
        path_at(AT_FDCWD, (char *)a, path);
        flags = O_CREAT | O_WRONLY | O_TRUNC;
        break;
    case SYS_rename:
    case SYS_link:
        path_at(AT_FDCWD, (char *)a, path);
        path_at(AT_FDCWD, (char *)b, other);
        return number == SYS_link ? 'L' : 'R';
    case SYS_symlink:
        path_at(AT_FDCWD, (char *)b, path);
        return 'C';
    case SYS_mkdir:
    case SYS_rmdir:
    case SYS_unlink:
        path_at(AT_FDCWD, (char *)a, path);
        return number == SYS_mkdir ? 'M' : number == SYS_rmdir ? 'D' : 'U';
#endif
    default:
        return 0;
    }
    if ((flags & O_ACCMODE) == O_RDONLY && !(flags & O_CREAT))
        return 0;
    if (raw_call(SYS_faccessat, AT_FDCWD, (long)path, 0, 0, 0, 0) == 0)
        return flags & O_TRUNC ? 'T' : 'O';
    return flags & O_CREAT ? 'C' : 0;
}

static long real(long number, ucontext_t *context)
{
    return raw_call(number, ARGUMENT(context, 0), ARGUMENT(context, 1), ARGUMENT(context, 2), ARGUMENT(context, 3),
                    ARGUMENT(context, 4), ARGUMENT(context, 5));
}

/* Half of what was to be written; -1 where that cannot be halved. */
static long half(long number, ucontext_t *context)
{
    long a = ARGUMENT(context, 0), b = ARGUMENT(context, 1), c = ARGUMENT(context, 2), d = ARGUMENT(context, 3);
    if (number == SYS_write || number == SYS_pwrite64)
        return c < 2 ? -1 : raw_call(number, a, b, c / 2, d, 0, 0);
    if (number == SYS_sendfile)
        return d < 2 ? -1 : raw_call(number, a, b, c, d / 2, 0, 0);
    if (number == SYS_writev) {
        struct iovec first = *(struct iovec *)b;
        first.iov_len = first.iov_len > 1 ? first.iov_len / 2 : first.iov_len;
        return first.iov_len ? raw_call(number, a, (long)&first, 1, 0, 0, 0) : -1;
    }
    return -1;
}

static void die(void)
{
    raw_call(SYS_kill, raw_call(SYS_getpid, 0, 0, 0, 0, 0, 0), SIGKILL, 0, 0, 0, 0);
    for (;;)
        ;
}

static long decide(long number, ucontext_t *context)
{
    char path[LONGEST], other[LONGEST];
    char kind = kind_of(number, context, path, other);
    if (!kind || !(is_watched(path) || (*other && is_watched(other))))
        return real(number, context);
    long count = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    int takes_space = kind == 'W' || kind == 'C' || kind == 'M' || kind == 'L';
    int is_hit = count == at;
    if (mode == FULL)
        is_hit = count >= at && takes_space;
    if (mode == SHORT && cut_short && kind == 'W')
        is_hit = 1;
    if (is_hit && mode != RECORD) {
        hits++;
        if (mode == VANISH) {
            char gone[LONGEST];
            strcpy(gone, folders[0]);
            strncat(gone, ".gone", LONGEST - 1 - strlen(gone));
            raw_call(SYS_renameat, AT_FDCWD, (long)folders[0], AT_FDCWD, (long)gone, 0, 0);
        } else {
            if ((mode == SHORT || mode == CRASH) && kind == 'W' && !cut_short) {
                long done = half(number, context);
                if (mode == CRASH)
                    die();
                cut_short = 1;
                if (done > 0) {
                    note(kind, path, other, done);
                    return done;
                }
            }
            if (mode == CRASH)
                die();
            note(kind, path, other, -1);
            return -error_number;
        }
    }
    /* whether the disk keeps its promises is not what is tried, and waiting for it would take longest */
    long result = kind == 'S' ? 0 : real(number, context);
    note(kind, path, other, result);
    return result;
}

static void on_trap(int signal_number, siginfo_t *information, void *context)
{
    (void)signal_number;
    RESULT((ucontext_t *)context) = decide(information->si_syscall, context);
}

/* Folders are separated by colons. Returns 0, or the errno that says why calls cannot be trapped here. */
int fault_begin(const char *listed, long place, int how, int error, int descriptor)
{
    at = place, mode = how, error_number = error, log_descriptor = descriptor;
    while (*listed && folder_count < MOST_FOLDERS) {
        size_t length = strcspn(listed, ":");
        memcpy(folders[folder_count], listed, length);
        folders[folder_count++][length] = '\0';
        listed += length + (listed[length] == ':');
    }
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_NODEFER};
    if (sigaction(SIGSYS, &action, NULL))
        return errno;
    const uint64_t after = (uint64_t)raw_after;
    struct sock_filter code[12 + TRAPPED];
    int size = 0;
    const uint32_t pointer = offsetof(struct seccomp_data, instruction_pointer);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
    code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, pointer);
    code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)after, 0, 3);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, pointer + 4);
    code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(after >> 32), 0, 1);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW); /* from here */
    code[size++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int one = 0; one < TRAPPED; one++)
        code[size++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, trapped[one], TRAPPED - one, 0);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[size++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP);
    struct sock_fprog program = {.len = (unsigned short)size, .filter = code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        return errno;
    /* for threads that there are already, too */
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program) ? (errno ? errno : EINVAL) : 0;
}

/* Have the modes of files bind root, too. Returns 0, or errno. */
int fault_obey(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data))
        return errno;
    const unsigned powers = 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH | 1u << CAP_FOWNER;
    data[0].effective &= ~powers;
    data[0].permitted &= ~powers;
    return syscall(SYS_capset, &header, data) ? errno : 0;
}

long fault_calls(void) { return calls; }
long fault_hits(void) { return hits; }
