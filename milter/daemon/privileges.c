#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/types.h>
#include <unistd.h>

#include "milter/daemon/privileges.h"

static bool
fail(GError **error, int number, const char *user, const char *what)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(number),
	    "user %s: %s", user, what);
	return false;
}

static const struct passwd *
find_user(const char *user, GError **error)
{
	const struct passwd *entry;

	if (user == NULL) {
		g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_PERM,
		    "the filter does not run as root: set user in [milter] of "
		    "the settings file");
		return NULL;
	}
	entry = getpwnam(user);
	if (entry == NULL)
		fail(error, ENOENT, user,
		    "no such user, create it or change user in [milter]");
	else if (entry->pw_uid == 0)
		fail(error, EPERM, user,
		    "the filter does not run as root, choose another user");
	else
		return entry;
	return NULL;
}

bool
privileges_check(const char *user, GError **error)
{
	return geteuid() != 0 || find_user(user, error) != NULL;
}

bool
privileges_drop(const char *user, GError **error)
{
	const struct passwd *entry;

	if (geteuid() != 0)
		return true;
	entry = find_user(user, error);
	if (entry == NULL)
		return false;
	if (initgroups(user, entry->pw_gid) == -1 ||
	    setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) == -1 ||
	    setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) == -1)
		return fail(error, errno, user, g_strerror(errno));
	if (setuid(0) == 0)
		return fail(error, EPERM, user, "root could be had back");
	return true;
}
