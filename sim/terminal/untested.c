/* What was not put to the test, and why. */
#include "sim/results/untested.h"

#include "sim/terminal/parts.h"

bool part_untested(const struct finish *finish)
{
    char sentences[UNTESTED_SENTENCES][UNTESTED_SIZE];
    size_t count = untested_sentences(finish->outcomes, finish->count, sentences);
    for (size_t i = 0; i < count; i++) {
        ink_paragraph(finish->options, INK_DIM, "  ", INK_PLAIN, sentences[i], 0);
    }
    return count > 0;
}
