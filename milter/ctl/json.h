/*
 * JSON (RFC 8259) on its way out: objects, arrays, strings, numbers and
 * truths, written as they come.  Strings that are not UTF-8 are repaired, so
 * that what is written always is.
 *
 * A struct json belongs to one thread; json_finish() hands over the text.
 */
#ifndef MILTER_CTL_JSON_H
#define MILTER_CTL_JSON_H

#include <glib.h>
#include <stdbool.h>

struct json;

/* indent: one member a line, for people; else everything on one line. */
struct json *json_new(bool indent);
/* Ends the text with a line end and frees the writer; free with g_free(). */
char *json_finish(struct json *);

/* key is the member's name inside an object, and NULL inside an array. */
void json_object(struct json *, const char *key);
void json_array(struct json *, const char *key);
void json_end(struct json *);	/* of the innermost object or array */
void json_string(struct json *, const char *key, const char *value);
void json_number(struct json *, const char *key, gint64 value);
void json_bool(struct json *, const char *key, bool value);
/* An array of the strings (char *) in values. */
void json_strings(struct json *, const char *key, const GPtrArray *values);

#endif
