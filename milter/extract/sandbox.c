#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "milter/extract/sandbox.h"

enum {
	NOBODY = 65534,
	WORKER_FILES = 16,
	PROGRAM_FILES = 64,
};

/* The sanitizers map terabytes, and report on standard error. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

static bool
fail(GError **error, int number, const char *what)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(number),
	    "attachments cannot be read safely: %s: %s", what,
	    g_strerror(number));
	return false;
}

static bool
drop_root(GError **error)
{
	const struct passwd *nobody;
	uid_t uid = NOBODY;
	gid_t gid = NOBODY;

	if (geteuid() != 0)
		return true;
	nobody = getpwnam("nobody");
	if (nobody != NULL && nobody->pw_uid != 0) {
		uid = nobody->pw_uid;
		gid = nobody->pw_gid;
	}
	if (setgroups(0, NULL) == -1 || setresgid(gid, gid, gid) == -1 ||
	    setresuid(uid, uid, uid) == -1)
		return fail(error, errno, "root cannot be given up");
	if (setuid(0) == 0)
		return fail(error, EPERM, "root could be had back");
	return true;
}

bool
sandbox_end_with_parent(pid_t parent, GError **error)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1)
		return fail(error, errno, "PR_SET_PDEATHSIG");
	/* It may have ended before. */
	if (getppid() != parent)
		return fail(error, ESRCH, "the parent has ended");
	return true;
}

/* Standard input and output lead nowhere, and only one other is left. */
static bool
close_all(int keep, GError **error)
{
	int null = open("/dev/null", O_RDWR);

	if (null == -1)
		return fail(error, errno, "/dev/null");
	if (dup2(null, STDIN_FILENO) == -1 || dup2(null, STDOUT_FILENO) == -1 ||
	    (!SANITIZED && dup2(null, STDERR_FILENO) == -1))
		return fail(error, errno, "dup2");
	if ((keep > 3 && close_range(3, (unsigned)keep - 1, 0) == -1) ||
	    close_range((unsigned)keep + 1, ~0U, 0) == -1)
		return fail(error, errno, "close_range");
	return true;
}

bool
sandbox_enter(int keep, pid_t parent, GError **error)
{
	static const int ignored[] = {
	    SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGPIPE, SIGXFSZ};
	sigset_t none;

	/* The filter's signals are for the filter: we end when it does. */
	for (gsize i = 0; i < G_N_ELEMENTS(ignored); i++)
		signal(ignored[i], SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* Away from the terminal, if there is one: it takes what is typed. */
	(void)setsid();
	/* As root only; a service manager may forbid it, and seccomp will. */
	(void)unshare(CLONE_NEWNET);
	if (!close_all(keep, error) || !drop_root(error) ||
	    !sandbox_end_with_parent(parent, error))
		return false;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return fail(error, errno, "PR_SET_NO_NEW_PRIVS");
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
		return fail(error, errno, "PR_SET_DUMPABLE");
	return true;
}

static bool
limit(int resource, rlim_t most, GError **error)
{
	struct rlimit now, limits = {most, most};

	if (getrlimit(resource, &now) == 0 && now.rlim_max < most)
		limits.rlim_cur = limits.rlim_max = now.rlim_max;
	return setrlimit(resource, &limits) == 0 ||
	       fail(error, errno, "setrlimit");
}

static bool
set_limits(const struct extract_limits *limits, rlim_t files, GError **error)
{
	return (SANITIZED || limit(RLIMIT_AS, limits->memory, error)) &&
	       limit(RLIMIT_CPU, limits->seconds + 1, error) &&
	       limit(RLIMIT_FSIZE, 0, error) && limit(RLIMIT_CORE, 0, error) &&
	       limit(RLIMIT_NPROC, 0, error) &&
	       limit(RLIMIT_MEMLOCK, 0, error) &&
	       limit(RLIMIT_NOFILE, files, error);
}

static bool
allow(scmp_filter_ctx filter, const int *calls, gsize count)
{
	for (gsize i = 0; i < count; i++)
		/* Some have no number on this machine. */
		if (calls[i] >= 0 &&
		    seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
			return false;
	return true;
}

static bool
load(scmp_filter_ctx filter, bool complete, GError **error)
{
	int number = complete ? -seccomp_load(filter) : EINVAL;

	seccomp_release(filter);
	return number == 0 ||
	       fail(error, number, "this kernel has no seccomp filters");
}

bool
sandbox_worker(const struct extract_limits *limits, GError **error)
{
	static const int calls[] = {SCMP_SYS(read), SCMP_SYS(write),
	    SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(close), SCMP_SYS(poll),
	    SCMP_SYS(ppoll), SCMP_SYS(recvmsg), SCMP_SYS(sendmsg),
	    SCMP_SYS(recvfrom), SCMP_SYS(sendto), SCMP_SYS(munmap),
	    SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(exit),
	    SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
	    SCMP_SYS(rt_sigprocmask), SCMP_SYS(sigaltstack),
	    SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime),
	    SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep),
	    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(futex),
	    SCMP_SYS(getrandom), SCMP_SYS(sched_yield), SCMP_SYS(getpid),
	    SCMP_SYS(gettid)};
	const struct scmp_arg_cmp no_code =
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	scmp_filter_ctx filter;
	bool complete;

	if (!set_limits(limits, WORKER_FILES, error))
		return false;
	filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (filter == NULL)
		return fail(error, ENOMEM, "seccomp_init");
	complete = allow(filter, calls, G_N_ELEMENTS(calls)) &&
		   seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
		       no_code) == 0 &&
		   seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect),
		       1, no_code) == 0;
	return load(filter, complete, error);
}

/*
 * What the loader, the C library and a reader of files call.  Others are not
 * implemented, so that a newer C library falls back on these.
 */
bool
sandbox_program(const struct extract_limits *limits, GError **error)
{
	static const int calls[] = {SCMP_SYS(execve), SCMP_SYS(read),
	    SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
	    SCMP_SYS(pread64), SCMP_SYS(close), SCMP_SYS(lseek),
	    SCMP_SYS(_llseek), SCMP_SYS(fstat), SCMP_SYS(fstat64),
	    SCMP_SYS(newfstatat), SCMP_SYS(fstatat64), SCMP_SYS(stat),
	    SCMP_SYS(stat64), SCMP_SYS(lstat), SCMP_SYS(lstat64),
	    SCMP_SYS(statx), SCMP_SYS(fstatfs), SCMP_SYS(statfs),
	    SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	    SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getcwd),
	    SCMP_SYS(getdents), SCMP_SYS(getdents64), SCMP_SYS(mmap),
	    SCMP_SYS(mmap2), SCMP_SYS(mprotect), SCMP_SYS(munmap),
	    SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(exit),
	    SCMP_SYS(exit_group), SCMP_SYS(arch_prctl),
	    SCMP_SYS(set_tid_address), SCMP_SYS(set_robust_list),
	    SCMP_SYS(rseq), SCMP_SYS(prlimit64), SCMP_SYS(getrlimit),
	    SCMP_SYS(ugetrlimit), SCMP_SYS(rt_sigaction),
	    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	    SCMP_SYS(sigaltstack), SCMP_SYS(clock_gettime),
	    SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(times),
	    SCMP_SYS(getrusage), SCMP_SYS(futex), SCMP_SYS(getrandom),
	    SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	    SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getpid),
	    SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getuid),
	    SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
	    SCMP_SYS(fcntl), SCMP_SYS(fcntl64), SCMP_SYS(dup), SCMP_SYS(dup2),
	    SCMP_SYS(dup3), SCMP_SYS(poll), SCMP_SYS(ioctl),
	    SCMP_SYS(restart_syscall)};
	const guint64 writes = O_ACCMODE | O_CREAT | O_TRUNC;
	const struct scmp_arg_cmp open_reads =
	    SCMP_A1(SCMP_CMP_MASKED_EQ, writes, O_RDONLY);
	const struct scmp_arg_cmp openat_reads =
	    SCMP_A2(SCMP_CMP_MASKED_EQ, writes, O_RDONLY);
	scmp_filter_ctx filter;
	bool complete;

	if (!set_limits(limits, PROGRAM_FILES, error))
		return false;
	filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	if (filter == NULL)
		return fail(error, ENOMEM, "seccomp_init");
	complete =
	    allow(filter, calls, G_N_ELEMENTS(calls)) &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
		openat_reads) == 0 &&
	    (SCMP_SYS(open) < 0 || seccomp_rule_add(filter, SCMP_ACT_ALLOW,
				       SCMP_SYS(open), 1, open_reads) == 0);
	return load(filter, complete, error);
}
