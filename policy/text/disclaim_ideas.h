/*
 * What the words of disclaimers stand for, for the files that know them by
 * heart.
 */
#ifndef POLICY_TEXT_DISCLAIM_IDEAS_H
#define POLICY_TEXT_DISCLAIM_IDEAS_H

#include <glib.h>
#include <string.h>

#define IDEA(n) (G_GUINT64_CONSTANT(1) << (n))
#define MAIL IDEA(0)
#define INTENDED IDEA(1)
#define RECIPIENT IDEA(2)
#define PERSON IDEA(3)
#define ONLY IDEA(4)
#define NOT IDEA(5)
#define YOU IDEA(6)
#define IF IDEA(7)
#define RECEIVED IDEA(8)
#define MISTAKE IDEA(9)
#define DELETE IDEA(10)
#define NOTIFY IDEA(11)
#define SENDER IDEA(12)
#define VIEWS IDEA(13)
#define NECESSARILY IDEA(14)
#define VIRUS IDEA(15)
#define CHECKED IDEA(16)
#define FREEDOM IDEA(17)
#define INFORMATION IDEA(18)
#define DISCLOSED IDEA(19)
#define MONITORED IDEA(20)
#define ENVIRONMENT IDEA(21)
#define PRINT IDEA(22)
#define CONFIDENTIAL IDEA(23)
#define PRIVILEGED IDEA(24)
#define UNLESS IDEA(25)
#define STATED IDEA(26)
#define UNAUTHORISED IDEA(27)
#define PROHIBITED IDEA(28)
#define COPYING IDEA(29)
#define FILES IDEA(30)
#define LIABILITY IDEA(31)
#define BINDING IDEA(32)
#define OUTSIDE IDEA(33)
#define ORIGINATED IDEA(34)
#define CLICK IDEA(35)
#define PRIVACY IDEA(36)
#define NOTICE IDEA(37)
#define WELSH IDEA(38)
#define WELCOME IDEA(39)
#define CORRESPOND IDEA(40)
#define DELAY IDEA(41)
#define EXPRESSED IDEA(42)
#define SUBSCRIBED IDEA(43)
#define UNSUBSCRIBE IDEA(44)
#define TRANSMITTED IDEA(45)
#define MAY IDEA(46)
#define COPIES IDEA(47)
#define LIST IDEA(48)
#define RARELY IDEA(49)
#define LEARN IDEA(50)
#define REGISTERED IDEA(51)
#define COMPANY IDEA(52)
#define PLACE IDEA(53)
#define OFFICE IDEA(54)
#define SERVICE IDEA(55)
#define PAPERS IDEA(56)
#define THINK IDEA(57)
#define BANK IDEA(58)
#define CHANGE IDEA(59)
#define IMPORTANT IDEA(60)
#define BEFORE IDEA(61)

struct idea {
	const char *word;
	guint64 ideas;
};

/*
 * The ideas of a word in a sorted list; 0: none.  Every word of every text is
 * looked up, so the first letter is compared before a function is called.
 */
static inline guint64
ideas_in(const struct idea *list, gsize count, const char *word)
{
	gsize low = 0, high = count;

	while (low < high) {
		gsize middle = (low + high) / 2;
		const char *other = list[middle].word;
		int order = (guchar)*word - (guchar)*other;

		if (order == 0)
			order = strcmp(word, other);
		if (order == 0)
			return list[middle].ideas;
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

/*
 * Of words that other languages have for them, as word_next() writes words; 0:
 * none.
 */
guint64 foreign_ideas(const char *word);

#endif
