#include <errno.h>
#include <grp.h>
#include <libmilter/mfapi.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "milter/daemon/socket.h"

/* An address of a socket, of either kind. */
struct address {
	struct sockaddr_storage storage;
	socklen_t length;
};

static bool
fail(GError **error, int number, const char *spec, const char *what)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(number),
	    "socket %s: %s", spec, what);
	return false;
}

/* The file of a unix socket, or NULL. */
static const char *
unix_path(const char *spec)
{
	return g_str_has_prefix(spec, "unix:") ? spec + strlen("unix:") : NULL;
}

static bool
resolve_unix(const char *spec, struct address *address, GError **error)
{
	struct sockaddr_un *un = (struct sockaddr_un *)&address->storage;
	const char *path = unix_path(spec);

	if (strlen(path) >= sizeof un->sun_path)
		return fail(error, ENAMETOOLONG, spec,
		    "the file name is too long for a socket, use a shorter "
		    "one");
	un->sun_family = AF_UNIX;
	g_strlcpy(un->sun_path, path, sizeof un->sun_path);
	address->length = sizeof *un;
	return true;
}

static bool
resolve_inet(const char *spec, struct address *address, GError **error)
{
	const char *port = strchr(spec, ':') + 1;
	const char *at = strchr(port, '@');
	g_autofree char *service = g_strndup(port, (gsize)(at - port));
	g_autofree char *host = g_strdup(at + 1);
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	int status;

	if (*host == '[' && g_str_has_suffix(host, "]")) {
		host[strlen(host) - 1] = '\0';
		memmove(host, host + 1, strlen(host));
	}
	hints.ai_family = g_str_has_prefix(spec, "inet6:") ? AF_INET6 : AF_INET;
	status = getaddrinfo(host, service, &hints, &found);
	if (status != 0)
		return fail(error, EINVAL, spec, gai_strerror(status));
	memcpy(&address->storage, found->ai_addr, found->ai_addrlen);
	address->length = found->ai_addrlen;
	freeaddrinfo(found);
	return true;
}

static bool
resolve(const char *spec, struct address *address, GError **error)
{
	memset(address, 0, sizeof *address);
	return unix_path(spec) != NULL ? resolve_unix(spec, address, error)
				       : resolve_inet(spec, address, error);
}

/* A connected socket, or -1 with errno. */
static int
dial(const struct address *address)
{
	int fd =
	    socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int saved;

	if (fd == -1 || connect(fd, (const struct sockaddr *)&address->storage,
			    address->length) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Makes way on the file system, without taking it from a living filter. */
static bool
clear_path(const char *spec, const struct address *address, GError **error)
{
	const char *path = unix_path(spec);
	struct stat st;
	int fd;

	if (lstat(path, &st) == -1)
		return errno == ENOENT ||
		       fail(error, errno, spec, g_strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return fail(error, EEXIST, spec,
		    "a file that is no socket has that name, remove it or "
		    "choose another name");
	fd = dial(address);
	if (fd != -1) {
		close(fd);
		return fail(error, EADDRINUSE, spec,
		    "another filter answers on it, stop that one first");
	}
	if (errno != ECONNREFUSED && errno != ENOENT)
		return fail(error, errno, spec, g_strerror(errno));
	if (unlink(path) == -1 && errno != ENOENT)
		return fail(error, errno, spec,
		    "a stale one is in the way, let the filter's user remove "
		    "files from its directory");
	return true;
}

/*
 * Binds once by ourselves, because libmilter tells only syslog why it could
 * not.
 */
static bool
try_bind(const char *spec, const struct address *address, GError **error)
{
	int fd =
	    socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int one = 1, status, saved;

	if (fd == -1)
		return fail(error, errno, spec, g_strerror(errno));
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	status = bind(
	    fd, (const struct sockaddr *)&address->storage, address->length);
	saved = errno;
	close(fd);
	if (status == 0) {
		socket_remove(spec);
		return true;
	}
	switch (saved) {
	case EADDRINUSE:
		return fail(error, saved, spec,
		    "the port is in use, stop what listens there or choose "
		    "another");
	case ENOENT:
		return fail(error, saved, spec,
		    "its directory does not exist, create it for the filter's "
		    "user");
	case EACCES:
		return fail(error, saved, spec,
		    "permission denied, let the filter's user write to its "
		    "directory");
	default:
		return fail(error, saved, spec, g_strerror(saved));
	}
}

/* Lets the MTA in: a socket is asked for write permission by connect(2). */
static bool
set_access(const struct settings *settings, const char *path, GError **error)
{
	const char *name = settings->socket_group;
	struct group *group;

	if (name != NULL) {
		group = getgrnam(name);
		if (group == NULL)
			return fail(error, EINVAL, settings->socket,
			    "socket-group is no group of this system");
		if (chown(path, (uid_t)-1, group->gr_gid) == -1)
			return fail(error, errno, settings->socket,
			    "it cannot be given to socket-group, make the "
			    "filter's user a member of it");
	}
	if (chmod(path, settings->socket_mode) == -1)
		return fail(error, errno, settings->socket, g_strerror(errno));
	return true;
}

static void
warn_if_open(const char *spec, const struct address *address)
{
	const struct sockaddr_in *in =
	    (const struct sockaddr_in *)&address->storage;
	const struct sockaddr_in6 *in6 =
	    (const struct sockaddr_in6 *)&address->storage;
	bool local = address->storage.ss_family == AF_INET
			 ? ntohl(in->sin_addr.s_addr) >> 24 == 127
			 : IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr);

	if (!local)
		g_warning("socket %s: whoever reaches that address can use the "
			  "filter, keep others out with a firewall",
		    spec);
}

bool
socket_open(const struct settings *settings, GError **error)
{
	const char *spec = settings->socket;
	const char *path = unix_path(spec);
	g_autofree char *copy = g_strdup(spec);
	struct address address;
	mode_t old;
	int status;

	if (!resolve(spec, &address, error) ||
	    (path != NULL && !clear_path(spec, &address, error)) ||
	    !try_bind(spec, &address, error))
		return false;
	/* Nobody gets in before mode and group are right. */
	old = umask(0177);
	status = smfi_setconn(copy) == MI_SUCCESS ? smfi_opensocket(false)
						  : MI_FAILURE;
	umask(old);
	if (status != MI_SUCCESS)
		return fail(error, EIO, spec,
		    "libmilter cannot open it, see its line in the mail log");
	if (path != NULL && !set_access(settings, path, error)) {
		socket_remove(spec);
		return false;
	}
	if (path == NULL)
		warn_if_open(spec, &address);
	return true;
}

void
socket_poke(const char *spec)
{
	struct address address;
	int fd;

	if (!resolve(spec, &address, NULL))
		return;
	fd = dial(&address);
	if (fd != -1)
		close(fd);
}

void
socket_remove(const char *spec)
{
	const char *path = unix_path(spec);

	if (path != NULL)
		(void)unlink(path);
}
