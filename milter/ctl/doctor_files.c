#include <errno.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/doctor.h"

enum { KEY_BYTES = 32, LATE_SECONDS = 24 * 60 * 60 };

/* The user that the daemon becomes, or the one who asks. */
static bool
daemon_user(const struct settings *settings, uid_t *uid)
{
	const struct passwd *entry =
	    settings->user != NULL ? getpwnam(settings->user) : NULL;

	*uid = entry != NULL ? entry->pw_uid : geteuid();
	return settings->user == NULL || entry != NULL;
}

/*
 * A file that only the daemon may read: false after a complaint.  Not being
 * there is no fault before the first start, which makes it.
 */
static bool
is_private(struct doctor *doctor, const char *what, const char *path, uid_t uid)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		doctor_warn(doctor, what,
		    errno == ENOENT ? "the daemon makes it when it first starts"
				    : "run the doctor as root",
		    "%s: %s", path, g_strerror(errno));
		return false;
	}
	if (!S_ISREG(st.st_mode)) {
		doctor_fail(doctor, what, "name a file in the settings",
		    "%s is no regular file", path);
		return false;
	}
	if ((st.st_mode & 077) != 0) {
		doctor_fail(doctor, what, "set its mode to 0600",
		    "%s: others than its owner may open it (mode %04o)", path,
		    (unsigned)st.st_mode & 07777);
		return false;
	}
	if (st.st_uid != uid) {
		doctor_fail(doctor, what,
		    "give it to the user that the daemon runs as",
		    "%s belongs to user number %u, not to %u", path,
		    (unsigned)st.st_uid, (unsigned)uid);
		return false;
	}
	return true;
}

static void
look_at_key(struct doctor *doctor, const char *path, uid_t uid)
{
	struct stat st;

	if (!is_private(doctor, "key", path, uid) || stat(path, &st) < 0)
		return;
	if (st.st_size != KEY_BYTES)
		doctor_fail(doctor, "key",
		    "restore it, or remove it and restart the daemon, which "
		    "makes a new one",
		    "%s is no key of %d bytes", path, KEY_BYTES);
	else
		doctor_pass(doctor, "key", "%s", path);
}

/* SQLite keeps files beside the journal, so the folder must be writable. */
static void
look_at_folder(struct doctor *doctor, const char *path, uid_t uid)
{
	g_autofree char *folder = g_path_get_dirname(path);
	struct stat st;

	if (stat(folder, &st) < 0)
		doctor_fail(doctor, "journal folder",
		    "make it, for the daemon's user, with mode 0700", "%s: %s",
		    folder, g_strerror(errno));
	else if (st.st_uid != uid || (st.st_mode & 0700) != 0700)
		doctor_fail(doctor, "journal folder",
		    "give it to the daemon's user, with mode 0700",
		    "%s cannot be written by user number %u", folder,
		    (unsigned)uid);
	else if ((st.st_mode & 022) != 0)
		doctor_fail(doctor, "journal folder", "set its mode to 0700",
		    "%s: others may replace its files", folder);
	else
		doctor_pass(doctor, "journal folder", "%s", folder);
}

static void
look_at_outbox(struct doctor *doctor, struct journal *journal)
{
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) items = outbox_list(journal, &error);
	g_autofree char *waiting = NULL;
	unsigned late = 0;

	if (items == NULL) {
		doctor_fail(doctor, "outbox", "is the disk full or broken?",
		    "%s", error->message);
		return;
	}
	for (guint i = 0; i < items->len; i++) {
		const struct outbox_item *item = items->pdata[i];

		late +=
		    item->attempts > 0 && item->created < now - LATE_SECONDS;
	}
	waiting = ctl_count(items->len, "letter waits", "letters wait");
	if (late > 0)
		doctor_warn(doctor, "outbox",
		    "councilctl outbox shows the last errors",
		    "%s, %u for more than a day", waiting, late);
	else
		doctor_pass(doctor, "outbox", "%s", waiting);
}

static void
look_at_journal(struct doctor *doctor, const struct settings *settings)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(journal) journal = NULL;

	if (access(settings->journal, R_OK | W_OK) < 0) {
		doctor_warn(doctor, "journal", "run the doctor as root",
		    "%s: %s", settings->journal, g_strerror(errno));
		return;
	}
	journal = journal_open(settings->journal, settings->sync, &error);
	if (journal == NULL) {
		doctor_fail(doctor, "journal",
		    "until it can be used the daemon makes all mail wait that "
		    "it would report",
		    "%s", error->message);
		return;
	}
	doctor_pass(doctor, "journal", "%s", settings->journal);
	look_at_outbox(doctor, journal);
}

void
doctor_files(struct doctor *doctor, const struct settings *settings)
{
	uid_t uid;

	if (!daemon_user(settings, &uid))
		doctor_fail(doctor, "user",
		    "make it, or correct \"user\" in the settings",
		    "there is no user \"%s\"", settings->user);
	look_at_key(doctor, settings->key_file, uid);
	look_at_folder(doctor, settings->journal, uid);
	if (is_private(doctor, "journal", settings->journal, uid))
		look_at_journal(doctor, settings);
}
