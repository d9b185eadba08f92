#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "milter/ctl/doctor.h"

enum { MAX_GROUPS = 256 };

/* What Postfix is asked for, in this order. */
enum parameter {
	SMTPD_MILTERS,
	NON_SMTPD_MILTERS,
	DEFAULT_ACTION,
	QUEUE_DIRECTORY,
	MAIL_OWNER,
	PARAMETERS
};

static const char *const names[PARAMETERS] = {"smtpd_milters",
    "non_smtpd_milters", "milter_default_action", "queue_directory",
    "mail_owner"};

/* postconf lives where ordinary users do not look. */
static char *
find_postconf(void)
{
	char *path = g_find_program_in_path("postconf");

	if (path == NULL &&
	    g_file_test("/usr/sbin/postconf", G_FILE_TEST_IS_EXECUTABLE))
		path = g_strdup("/usr/sbin/postconf");
	return path;
}

/* The lines of its answer; NULL when it does not run. */
static char **
ask(const char *postconf, const char *option, const char *const *words)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autofree char *out = NULL;
	int status = 0;

	g_ptr_array_add(argv, (gpointer)(guintptr)postconf);
	g_ptr_array_add(argv, (gpointer)(guintptr)option);
	for (; words != NULL && *words != NULL; words++)
		g_ptr_array_add(argv, (gpointer)(guintptr)*words);
	g_ptr_array_add(argv, NULL);
	if (!g_spawn_sync(NULL, (char **)argv->pdata, NULL,
		G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL, &status,
		NULL) ||
	    !g_spawn_check_wait_status(status, NULL))
		return NULL;
	return g_strsplit(out, "\n", -1);
}

/*
 * The items of a list of milters: separated by commas and blanks, an item in
 * braces being one with parameters of its own.
 */
static GPtrArray *
split_milters(const char *list)
{
	GPtrArray *items = g_ptr_array_new_with_free_func(g_free);

	while (*(list += strspn(list, ", \t")) != '\0') {
		gsize len =
		    *list == '{' ? strcspn(list, "}") : strcspn(list, ", \t");
		char *item = g_strndup(list, len);

		g_strdelimit(item, "{}", ' ');
		g_ptr_array_add(items, g_strstrip(item));
		list += len;
		list += *list == '}';
	}
	return items;
}

/* "unix:" as Postfix sees it, which may be from inside its queue directory. */
static bool
same_file(const char *ours, const char *theirs, const char *queue)
{
	g_autofree char *inside = g_build_filename(queue, theirs, NULL);

	return strcmp(ours, theirs) == 0 || strcmp(ours, inside) == 0;
}

static bool
same_host(const char *ours, const char *theirs)
{
	static const char *const local[] = {
	    "127.0.0.1", "localhost", "::1", "[::1]", NULL};

	return strcmp(ours, theirs) == 0 ||
	       (g_strv_contains(local, ours) && g_strv_contains(local, theirs));
}

/* Ours is "inet:PORT@HOST", theirs "HOST:PORT". */
static bool
same_port(const char *ours, const char *theirs)
{
	g_auto(GStrv) parts = g_strsplit(strchr(ours, ':') + 1, "@", 2);
	const char *colon = strrchr(theirs, ':');
	g_autofree char *host = NULL;

	if (colon == NULL || parts[0] == NULL || parts[1] == NULL)
		return false;
	host = g_strndup(theirs, (gsize)(colon - theirs));
	return strcmp(colon + 1, parts[0]) == 0 && same_host(parts[1], host);
}

static bool
is_ours(const char *item, const char *ours, const char *queue)
{
	gsize len = strcspn(item, ", \t");
	g_autofree char *endpoint = g_strndup(item, len);
	bool by_file = g_str_has_prefix(ours, "unix:");

	if (g_str_has_prefix(endpoint, "unix:") ||
	    g_str_has_prefix(endpoint, "local:"))
		return by_file && same_file(ours + strlen("unix:"),
				      strchr(endpoint, ':') + 1, queue);
	return !by_file && g_str_has_prefix(endpoint, "inet") &&
	       strchr(endpoint, ':') != NULL &&
	       same_port(ours, strchr(endpoint, ':') + 1);
}

/* The ones in common use, by the names and ports of their packages. */
static bool
is_signer(const char *item)
{
	static const char *const signs[] = {
	    "dkim", "rspamd", ":8891", ":8892", ":11332", ":12301"};

	for (gsize i = 0; i < G_N_ELEMENTS(signs); i++)
		if (strstr(item, signs[i]) != NULL)
			return true;
	return false;
}

/* One list of milters: are we in it, and before whoever signs? */
static void
look_at_list(struct doctor *doctor, const char *name, const char *list,
    const char *ours, const char *queue)
{
	g_autoptr(GPtrArray) items = split_milters(list);
	const char *signer = NULL;

	for (guint i = 0; i < items->len; i++) {
		const char *item = items->pdata[i];

		if (!is_ours(item, ours, queue)) {
			if (signer == NULL && is_signer(item))
				signer = item;
			continue;
		}
		if (signer != NULL)
			doctor_fail(doctor, name,
			    "put the filter first: its footer breaks a "
			    "signature made before",
			    "%s comes before the filter", signer);
		else
			doctor_pass(doctor, name, "the filter is in the list");
		return;
	}
	doctor_fail(doctor, name,
	    "add the filter's socket in main.cf, then postfix reload",
	    "%s is not in the list", ours);
}

static void
look_at_action(struct doctor *doctor, const char *action)
{
	if (strcmp(action, "tempfail") == 0)
		doctor_pass(doctor, names[DEFAULT_ACTION], "%s", action);
	else if (strcmp(action, "accept") == 0)
		doctor_fail(doctor, names[DEFAULT_ACTION],
		    "set it to tempfail in main.cf, then postfix reload",
		    "mail passes unseen while the filter is away");
	else
		doctor_warn(doctor, names[DEFAULT_ACTION],
		    "tempfail lets mail wait while the filter is away",
		    "it is %s", action);
}

/* Services of master.cf may have lists of their own. */
static void
look_at_services(struct doctor *doctor, const char *postconf, const char *ours,
    const char *queue)
{
	g_auto(GStrv) lines = ask(postconf, "-Px", NULL);

	for (char **line = lines; line != NULL && *line != NULL; line++) {
		char *value = strstr(*line, " = ");

		if (value == NULL)
			continue;
		*value = '\0';
		if (g_str_has_suffix(*line, "/smtpd_milters"))
			look_at_list(
			    doctor, *line, value + strlen(" = "), ours, queue);
	}
}

/* The permission that connect(2) asks for is that to write. */
static bool
may_connect(const struct passwd *user, const struct stat *st)
{
	gid_t groups[MAX_GROUPS];
	int n = MAX_GROUPS;

	if (st->st_uid == user->pw_uid)
		return (st->st_mode & S_IWUSR) != 0;
	if (getgrouplist(user->pw_name, user->pw_gid, groups, &n) < 0)
		n = 0;
	for (int i = 0; i < n; i++)
		if (groups[i] == st->st_gid)
			return (st->st_mode & S_IWGRP) != 0;
	return (st->st_mode & S_IWOTH) != 0;
}

static void
look_at_access(struct doctor *doctor, const char *ours, const char *owner)
{
	const struct passwd *user = getpwnam(owner);
	struct stat st;

	if (!g_str_has_prefix(ours, "unix:") || user == NULL ||
	    stat(ours + strlen("unix:"), &st) < 0)
		return;
	if (may_connect(user, &st))
		doctor_pass(doctor, "socket access",
		    "user %s may use the socket", owner);
	else
		doctor_fail(doctor, "socket access",
		    "set socket-group in the settings to a group of that user, "
		    "with socket-mode 0660",
		    "user %s may not use the socket", owner);
}

/* A daemon in a chroot finds only what lies below the queue directory. */
static void
look_at_chroot(struct doctor *doctor, const char *postconf, const char *ours,
    const char *queue)
{
	static const char *const fields[] = {"smtp/inet/chroot",
	    "submission/inet/chroot", "cleanup/unix/chroot", NULL};
	g_autofree char *below = g_strconcat("unix:", queue, "/", NULL);

	if (!g_str_has_prefix(ours, "unix:") || g_str_has_prefix(ours, below))
		return;
	for (gsize i = 0; fields[i] != NULL; i++) {
		const char *const one[] = {fields[i], NULL};
		g_auto(GStrv) lines = ask(postconf, "-hF", one);

		if (lines == NULL || lines[0] == NULL ||
		    strcmp(lines[0], "y") != 0)
			continue;
		doctor_fail(doctor, "chroot",
		    "put the socket below the queue directory, or set chroot "
		    "to n in master.cf",
		    "%s is y in master.cf, so that Postfix cannot see %s",
		    fields[i], ours);
		return;
	}
}

void
doctor_postfix(struct doctor *doctor, const struct settings *settings)
{
	g_autofree char *postconf = find_postconf();
	const char *words[PARAMETERS + 1] = {NULL};
	const char *ours = settings->socket;
	g_auto(GStrv) values = NULL;

	if (postconf == NULL) {
		doctor_warn(doctor, "mail system",
		    "see council-milter(8) for the lines that yours needs",
		    "no Postfix here, so the mail system was not checked");
		return;
	}
	memcpy(words, names, sizeof(names));
	values = ask(postconf, "-hx", words);
	if (values == NULL || g_strv_length(values) < PARAMETERS) {
		doctor_fail(doctor, "postfix",
		    "run it by hand to see what is wrong",
		    "%s does not tell its settings", postconf);
		return;
	}
	look_at_list(doctor, names[SMTPD_MILTERS], values[SMTPD_MILTERS], ours,
	    values[QUEUE_DIRECTORY]);
	look_at_list(doctor, names[NON_SMTPD_MILTERS],
	    values[NON_SMTPD_MILTERS], ours, values[QUEUE_DIRECTORY]);
	look_at_services(doctor, postconf, ours, values[QUEUE_DIRECTORY]);
	look_at_action(doctor, values[DEFAULT_ACTION]);
	look_at_access(doctor, ours, values[MAIL_OWNER]);
	look_at_chroot(doctor, postconf, ours, values[QUEUE_DIRECTORY]);
}
