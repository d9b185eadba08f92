#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "milter/ctl/doctor.h"

enum { PROBE_SECONDS = 5 };

/*
 * What an MTA says first (SMFIC_OPTNEG): version 6, every action and every
 * protocol flag that version knows.
 */
static const guint8 hello[] = {
    0, 0, 0, 13, 'O', 0, 0, 0, 6, 0, 0, 1, 0xff, 0, 0x1f, 0xff, 0xff};
static const guint8 bye[] = {0, 0, 0, 1, 'Q'};

static int
fail(GError **error, int number, const char *name, const char *what)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(number),
	    "%s: %s", name, what);
	return -1;
}

/* Connects with a limit on every wait; closes the descriptor on failure. */
static int
dial(int fd, const struct sockaddr *address, socklen_t len)
{
	const struct timeval limit = {.tv_sec = PROBE_SECONDS};
	int saved;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, address, len) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static int
dial_unix(const char *name, GError **error)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd;

	if (g_strlcpy(un.sun_path, name + strlen("unix:"),
		sizeof(un.sun_path)) >= sizeof(un.sun_path))
		return fail(
		    error, ENAMETOOLONG, name, "the file name is too long");
	fd = dial(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0),
	    (const struct sockaddr *)&un, sizeof(un));
	return fd >= 0 ? fd : fail(error, errno, name, g_strerror(errno));
}

static int
dial_inet(const char *name, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(strchr(name, ':') + 1, "@", 2);
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL, *each;
	char *host = parts[0] != NULL ? parts[1] : NULL;
	int fd = -1, problem;

	if (host != NULL && *host == '[' && g_str_has_suffix(host, "]")) {
		host[strlen(host) - 1] = '\0';
		host++;
	}
	problem = getaddrinfo(host, parts[0], &hints, &found);
	if (problem != 0)
		return fail(error, EINVAL, name, gai_strerror(problem));
	for (each = found; each != NULL && fd < 0; each = each->ai_next)
		fd =
		    dial(socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0),
			each->ai_addr, each->ai_addrlen);
	freeaddrinfo(found);
	return fd >= 0 ? fd : fail(error, errno, name, g_strerror(errno));
}

/* A connected descriptor with time limits, or -1. */
static int
dial_socket(const char *name, GError **error)
{
	return g_str_has_prefix(name, "unix:") ? dial_unix(name, error)
					       : dial_inet(name, error);
}

/* One whole negotiation, so that a listener of another kind is noticed. */
static bool
answers(int fd)
{
	guint8 reply[sizeof(hello)];

	if (send(fd, hello, sizeof(hello), MSG_NOSIGNAL) != sizeof(hello) ||
	    recv(fd, reply, sizeof(reply), MSG_WAITALL) < 5)
		return false;
	send(fd, bye, sizeof(bye), MSG_NOSIGNAL);
	return reply[4] == 'O';
}

void
doctor_socket(struct doctor *doctor, const struct settings *settings)
{
	g_autoptr(GError) error = NULL;
	int fd = dial_socket(settings->socket, &error);

	if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES)) {
		doctor_warn(doctor, "socket", "run the doctor as root", "%s",
		    error->message);
		return;
	}
	if (fd < 0) {
		doctor_fail(doctor, "socket",
		    "start council-milter, and see its log for why it stopped",
		    "%s", error->message);
		return;
	}
	if (answers(fd))
		doctor_pass(doctor, "socket", "%s answers", settings->socket);
	else
		doctor_fail(doctor, "socket",
		    "does something else listen there, or does the daemon "
		    "hang?",
		    "%s: no milter answers", settings->socket);
	close(fd);
}

void
doctor_smtp(struct doctor *doctor, struct settings *settings)
{
	struct mailer_settings hasty;
	g_autoptr(GError) error = NULL;

	if (!settings_read_password(settings, &error)) {
		doctor_fail(doctor, "reports",
		    "only who runs the doctor as root may read it", "%s",
		    error->message);
		return;
	}
	hasty = settings->mailer;
	hasty.timeout = MIN(hasty.timeout, 4 * PROBE_SECONDS);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	if (mailer_probe(&hasty, &error))
		doctor_pass(
		    doctor, "reports", "%s answers", settings->mailer.url);
	else
		doctor_fail(doctor, "reports",
		    "letters wait in the outbox until it answers; see "
		    "[reports] in the settings",
		    "%s", error->message);
	curl_global_cleanup();
}
