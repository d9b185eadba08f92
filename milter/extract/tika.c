#include <curl/curl.h>
#include <string.h>

#include "milter/extract/tika.h"

struct answer {
	GString *text;
	gsize most;
};

bool
tika_may_read(const struct attachment *a)
{
	static const char *const never[] = {"png", "jpg", "gif", "bmp", "tif",
	    "webp", "wav", "avi", "ico", "wmf", "emf", "heic", "m4a", "mp4",
	    "mp3", "ogg", "flac", "amr", "mkv", "woff", "woff2", "ttf", "otf",
	    "exe", "elf", NULL};

	return a->state == ATTACHMENT_UNSUPPORTED &&
	       !g_strv_contains(never, a->type);
}

/* More than is wanted ends the transfer. */
static size_t
take(char *data, size_t size, size_t count, void *user)
{
	struct answer *answer = user;
	gsize fits = MIN(size * count, answer->most - answer->text->len);

	g_string_append_len(answer->text, data, (gssize)fits);
	return fits;
}

static CURLcode
ask(const char *url, const struct extract_limits *limits, struct answer *answer,
    const void *data, gsize len, long *status)
{
	CURL *curl = curl_easy_init();
	struct curl_slist *headers = NULL;
	CURLcode code;

	if (curl == NULL)
		return CURLE_OUT_OF_MEMORY;
	headers = curl_slist_append(headers, "Accept: text/plain");
	headers = curl_slist_append(
	    headers, "Content-Type: application/octet-stream");
	headers = curl_slist_append(headers, "Expect:");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)limits->seconds);
	curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, "PUT");
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, data);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
	code = curl_easy_perform(curl);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
	curl_slist_free_all(headers);
	curl_easy_cleanup(curl);
	return code;
}

static void
settle(struct attachment *a, enum attachment_state state, char *reason)
{
	a->state = state;
	g_free(a->reason);
	a->reason = reason;
}

void
tika_read(const char *url, const struct extract_limits *limits,
    struct attachment *a, const void *data, gsize len)
{
	g_autofree char *place = g_strconcat(
	    url, g_str_has_suffix(url, "/") ? "" : "/", "tika", NULL);
	g_autoptr(GString) text = g_string_new(NULL);
	struct answer answer = {text, limits->text};
	long status = 0;
	CURLcode code = ask(place, limits, &answer, data, len, &status);

	if (code == CURLE_OPERATION_TIMEDOUT)
		settle(a, ATTACHMENT_TIMED_OUT, g_strdup("Tika took too long"));
	else if (code == CURLE_WRITE_ERROR && status == 200)
		settle(a, ATTACHMENT_TRUNCATED,
		    g_strdup_printf("more than %" G_GSIZE_FORMAT
				    " bytes of text",
			limits->text));
	else if (code != CURLE_OK)
		settle(a, ATTACHMENT_FAILED,
		    g_strdup_printf("Tika: %s", curl_easy_strerror(code)));
	else if (status == 200)
		settle(a, ATTACHMENT_READ, NULL);
	else if (status == 415 || status == 204)
		return; /* it does not read such files either */
	else
		settle(a, ATTACHMENT_FAILED,
		    g_strdup_printf("Tika answered %ld", status));
	if (status == 200 && text->len > 0) {
		g_free(a->text);
		a->text = g_utf8_make_valid(text->str, (gssize)text->len);
	}
}
