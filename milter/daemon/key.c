#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "milter/daemon/key.h"

enum { KEY_BYTES = 32 };

static GBytes *
fail(GError **error, int number, const char *path, const char *what)
{
	g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(number),
	    "%s: %s", path, what);
	return NULL;
}

static bool
write_key(int fd, const guint8 *key)
{
	ssize_t written = write(fd, key, KEY_BYTES);

	if (written != KEY_BYTES && written != -1)
		errno = EIO;
	return written == KEY_BYTES && fsync(fd) == 0;
}

/*
 * Writes it under another name first: a key that a crash cut short would be
 * taken for one.
 */
static GBytes *
make_key(const char *path, GError **error)
{
	g_autofree char *draft = g_strconcat(path, ".new", NULL);
	guint8 key[KEY_BYTES];
	int fd, saved = 0;

	if (getrandom(key, sizeof key, 0) != sizeof key)
		return fail(error, EIO, path, "no random bytes for the key");
	(void)unlink(draft);
	fd = open(
	    draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd == -1)
		return fail(error, errno, path,
		    "cannot make the key, let the filter's user write to its "
		    "directory");
	if (!write_key(fd, key))
		saved = errno;
	if (close(fd) == -1 && saved == 0)
		saved = errno;
	if (saved == 0 && rename(draft, path) == -1)
		saved = errno;
	if (saved != 0) {
		(void)unlink(draft);
		return fail(error, saved, path, g_strerror(saved));
	}
	return g_bytes_new(key, sizeof key);
}

GBytes *
key_load(const char *path, GError **error)
{
	guint8 key[KEY_BYTES + 1];
	struct stat st;
	ssize_t got;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return errno == ENOENT
			   ? make_key(path, error)
			   : fail(error, errno, path, g_strerror(errno));
	got = read(fd, key, sizeof key);
	if (fstat(fd, &st) == -1)
		got = -1;
	close(fd);
	if (got != KEY_BYTES)
		return fail(error, EINVAL, path,
		    "this is no key of 32 bytes, restore it or remove it so "
		    "that a new one is made");
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		return fail(error, EPERM, path,
		    "others may read the key, set its mode to 0600");
	return g_bytes_new(key, KEY_BYTES);
}
