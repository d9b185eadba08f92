#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/extracting.h"
#include "tests/unit/unit.h"

/* What a Tika server answers, and what comes of it. */
static const struct {
	const char *name, *file, *data, *answer, *want;
} tika[] = {
    {"text", "a.bin", "\001\002\003\004",
	"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nt\305\267\n",
	"a.bin: , read\nt\305\267\n"},
    {"no such type", "a.bin", "\001\002\003\004",
	"HTTP/1.1 415 No\r\nContent-Length: 0\r\n\r\n",
	"a.bin: , unsupported, a kind of file that is not known\n"},
    {"broken", "a.bin", "\001\002\003\004",
	"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
	"a.bin: , failed, Tika answered 500\n"},
    {"too much", "a.bin", "\001\002\003\004",
	"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nabcdefghijkl",
	"a.bin: , truncated, more than 8 bytes of text\nabcdefgh\n"},
    {"too late", "a.bin", "\001\002\003\004", NULL,
	"a.bin: , timed out, Tika took too long\n"},
    {"not asked about text", "a.txt", "Hi.", "", "a.txt: txt, read\nHi.\n"},
    {"not asked about a picture", "a.gif", "GIF89a", "",
	"a.gif: gif, unsupported, pictures and sound are not read\n"},
};

struct server {
	int listener;
	const char *answer;
	char asked[4096];
};

static gpointer
serve(gpointer data)
{
	struct server *server = data;
	int peer = accept(server->listener, NULL, NULL);
	gsize len = 0;
	ssize_t got;

	while (peer != -1 &&
	       strstr(server->asked, "\001\002\003\004") == NULL &&
	       (got = read(peer, server->asked + len,
		    sizeof(server->asked) - 1 - len)) > 0)
		len += (gsize)got;
	if (server->answer == NULL)
		g_usleep(3 * G_USEC_PER_SEC);
	else
		ck_assert(
		    write(peer, server->answer, strlen(server->answer)) >= 0);
	close(peer);
	return NULL;
}

START_TEST(test_tika)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	struct server server = {.listener = socket(AF_INET, SOCK_STREAM, 0),
	    .answer = tika[_i].answer};
	struct extract_limits limits = {.seconds = 1, .text = 8};
	struct extract_programs wanted = {NULL, NULL, NULL, NULL};
	bool asks = tika[_i].answer == NULL || *tika[_i].answer != '\0';
	g_autofree char *url = NULL, *show = NULL;
	g_autoptr(GPtrArray) found = NULL;
	struct extractor *extractor;
	GThread *thread = NULL;

	ck_assert(
	    bind(server.listener, (struct sockaddr *)&address, size) == 0);
	ck_assert(listen(server.listener, 1) == 0);
	getsockname(server.listener, (struct sockaddr *)&address, &size);
	url = g_strdup_printf("http://127.0.0.1:%d", ntohs(address.sin_port));
	wanted.tika = url;
	extractor = extractor_new(&limits, &wanted, NULL);
	ck_assert_ptr_nonnull(extractor);
	if (asks)
		thread = g_thread_new("server", serve, &server);
	found = extractor_read(extractor, tika[_i].file, NULL, tika[_i].data,
	    strlen(tika[_i].data));
	show = extracting_show(found);
	ck_assert_msg(strcmp(show, tika[_i].want) == 0, "%s: got %s",
	    tika[_i].name, show);
	if (asks) {
		g_thread_join(thread);
		ck_assert(g_str_has_prefix(server.asked, "PUT /tika HTTP/1"));
		ck_assert_ptr_nonnull(
		    strstr(server.asked, "Accept: text/plain\r\n"));
	}
	close(server.listener);
	extractor_free(extractor);
}
END_TEST

Suite *
unit_suite(void)
{
	Suite *suite = suite_create("extract_tika");
	TCase *tcase = tcase_create("tika");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, test_tika, 0, G_N_ELEMENTS(tika));
	suite_add_tcase(suite, tcase);
	return suite;
}
