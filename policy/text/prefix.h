/*
 * What stands before a subject that is not new, as the mail programs of many
 * languages write it, Welsh among them: "RE: …", "AW: …", "FW: …", also behind
 * a list's tag or as "[Fwd: …]".  Pure functions of valid UTF-8.
 */
#ifndef POLICY_TEXT_PREFIX_H
#define POLICY_TEXT_PREFIX_H

#include <stdbool.h>

bool subject_is_reply(const char *subject);
bool subject_is_forward(const char *subject);

#endif
