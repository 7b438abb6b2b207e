/* The command line of `hustings check`. See check_options.h. */
#include "sim/cli/check_options.h"

#include "sim/cli/cli.h"

static const struct option_row rows[] = {
    {.name = "explain",
     .kind = OPTION_COUNT,
     .at = offsetof(struct check_asked, explain),
     .low = 1,
     .high = INT32_MAX,
     .value = "TRIAL",
     .help = "tell of this trial alone, with its story in full"},
    {.name = "format",
     .kind = OPTION_WORD,
     .at = offsetof(struct check_asked, format),
     .words = "text|json",
     .value = "FORMAT",
     .help = "how it is printed",
     .usual = "text"},
    {0}};

const struct verb verb_check = {
    .name = "check",
    .summary = "judge again what was recorded",
    .usage = {"[OPTION]... HISTORY|RESULTS..."},
    .about =
        "Judges again what was recorded. Prints each broken promise: which check, when, who, "
        "one sentence, and the guilty events; and which faults were not done, and what was not "
        "put to the test, and why.\n\n"
        "A history that was cut off or has gaps is judged up to there; if nothing was broken "
        "before, it cannot be decided.",
    .arguments = {{"RESULTS", TAKES_HISTORY,
                   "a results folder, judged by the expectations of the scenario in it"},
                  {"HISTORY", TAKES_ANY,
                   "one trial (.jsonl; - is stdin); its story is told in full, in order of time"}},
    .rows = rows,
    .examples = {{NULL, "$0 check results/latest\n"
                        "$0 check --explain 3 results/latest\n"
                        "$0 check results/latest/history/trial-0003.jsonl"}},
    .exits = {{0, "every expectation held; of a single history: no promise was broken"},
              {1, "an expectation did not hold; of a single history: a promise was broken"},
              {2, "wrong usage"},
              {3, "something could not be read or written"},
              {4, "it could not be decided"}},
    .see = {"run", "play", "report"},
};
