#include <stdarg.h>
#include <stdio.h>

#include "milter/ctl/ctl.h"
#include "milter/ctl/doctor.h"

static void say(const char *, const char *, const char *, const char *, va_list)
    G_GNUC_PRINTF(4, 0);

static void
say(const char *word, const char *what, const char *remedy, const char *fmt,
    va_list ap)
{
	g_autofree char *text = g_strdup_vprintf(fmt, ap);
	g_autofree char *printable = ctl_printable(text);

	printf("%s  %s: %s\n", word, what, printable);
	if (remedy != NULL)
		printf("      %s\n", remedy);
}

void
doctor_pass(struct doctor *doctor, const char *what, const char *fmt, ...)
{
	va_list ap;

	(void)doctor;
	va_start(ap, fmt);
	say("PASS", what, NULL, fmt, ap);
	va_end(ap);
}

void
doctor_warn(struct doctor *doctor, const char *what, const char *remedy,
    const char *fmt, ...)
{
	va_list ap;

	doctor->warned++;
	va_start(ap, fmt);
	say("WARN", what, remedy, fmt, ap);
	va_end(ap);
}

void
doctor_fail(struct doctor *doctor, const char *what, const char *remedy,
    const char *fmt, ...)
{
	va_list ap;

	doctor->failed++;
	va_start(ap, fmt);
	say("FAIL", what, remedy, fmt, ap);
	va_end(ap);
}
