/* Shares room out. See share.h. */
#include "sim/report/share.h"

#include <stdbool.h>
#include <stdint.h>

#define OPEN SIZE_MAX /* what it gets is not known yet */

void share_out(const size_t *needs, size_t *gets, size_t count, size_t room)
{
    size_t open = count;
    bool more = true;
    for (size_t i = 0; i < count; i++) {
        gets[i] = OPEN;
    }
    while (more && open > 0) {
        const size_t share = room / open;
        more = false;
        for (size_t i = 0; i < count; i++) {
            if (gets[i] == OPEN && needs[i] <= share) {
                gets[i] = needs[i];
                room -= needs[i];
                open--;
                more = true;
            }
        }
    }
    const size_t rest = open > 0 ? room / open : 0;
    for (size_t i = 0; i < count; i++) {
        gets[i] = gets[i] == OPEN ? rest : gets[i];
    }
}
