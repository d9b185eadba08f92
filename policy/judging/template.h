/*
 * Templates of the policy: texts in which words in braces are filled in.
 */
#ifndef POLICY_JUDGING_TEMPLATE_H
#define POLICY_JUDGING_TEMPLATE_H

/* What stands for a word in braces, "{name}". */
struct filling {
	const char *word;	/* with its braces; NULL ends a list */
	const char *value;
};

/*
 * Fills in a template, as one line: what is filled in may be empty and must
 * not leave a second space behind.  The caller frees.
 */
char *template_fill(const char *template, const struct filling *fillings);

#endif
