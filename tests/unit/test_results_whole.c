/* The results folder is whole at every moment: with a full disk, and killed in the middle. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/unit/place.h"

/* Writes trials until one does not fit into files of this size any more, and sees that it left
 * nothing behind. */
static void fill_up(struct place *place, rlim_t limit)
{
    struct rlimit before;
    struct results *results = place->results;
    uint32_t trial = 0;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {.rlim_cur = limit, .rlim_max = before.rlim_max};
    void (*action)(int) = signal(SIGXFSZ, SIG_IGN); /* as the program does */
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    while (trial < 1000 && write_trial(place, trial + 1)) {
        trial++;
    }
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, action);

    assert_true(trial < 1000);
    assert_non_null(strstr(results_error(results), ": cannot write: File too large; raise"));
    assert_null(strchr(results_error(results), '\n'));
    assert_int_equal(whole_rows(results, TABLE_TRIALS), trial);
    assert_int_equal(whole_rows(results, TABLE_ELECTIONS), trial * place->outcome.election_count);
    assert_int_equal(whole_rows(results, TABLE_VIOLATIONS),
                     trial * place->outcome.violations.count);
    char name[64];
    snprintf(name, sizeof name, "history/trial-%04u.jsonl", (unsigned)trial + 1);
    assert_false(is_there(results, name));

    assert_true(write_trial(place, trial + 1)); /* there is room again */
    assert_int_equal(whole_rows(results, TABLE_TRIALS), trial + 1);
}

static void a_full_disk_keeps_whole_trials(void **state)
{
    struct place *place = *state;
    struct violation *wordy = calloc(40, sizeof *wordy);
    open_results(place);
    assert_true(results_begin(place->results, &place->scenario, &facts));
    for (int i = 0; i < 40; i++) {
        memset(wordy[i].explanation, 'x', sizeof wordy[i].explanation - 1);
    }
    violations_free(&place->outcome.violations);
    place->outcome.violations = (struct violations){.list = wordy, .count = 40, .capacity = 40};
    fill_up(place, 64 * 1024); /* violations.csv is the first to be full */
    assert_non_null(strstr(results_error(place->results), "/violations.csv: "));
}

static void a_full_disk_keeps_whole_histories(void **state)
{
    struct place *place = *state;
    open_results(place);
    assert_true(results_begin(place->results, &place->scenario, &facts));
    fill_up(place, 2 * 1024); /* not even the first history has room */
    assert_non_null(strstr(results_error(place->results), "/history/trial-0001.jsonl: "));
}

static void a_full_device_is_told_by_its_errno(void **state)
{
    (void)state;
    struct growing file = {.fd = open("/dev/full", O_WRONLY)};
    assert_true(file.fd >= 0);
    assert_false(growing_append(&file, "x", 1));
    assert_int_equal(errno, ENOSPC);
    assert_non_null(strstr(file_mend(ENOSPC), "free some space"));
    growing_close(&file);
}

/* A child writes trials as fast as it can and is killed in the middle of it. */
static void a_killed_run_leaves_whole_rows(void **state)
{
    struct place *place = *state;
    for (int round = 0; round < 20; round++) {
        int told[2];
        assert_int_equal(pipe(told), 0);
        open_results(place);
        assert_true(results_begin(place->results, &place->scenario, &facts));
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            for (uint32_t trial = 1; write_trial(place, trial); trial++) {
                if (write(told[1], "x", 1) != 1) {
                    break;
                }
            }
            _exit(1);
        }
        char byte;
        for (int i = 0; i <= round; i++) {
            assert_int_equal(read(told[0], &byte, 1), 1);
        }
        int status;
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        close(told[0]);
        close(told[1]);

        size_t trials = whole_rows(place->results, TABLE_TRIALS);
        size_t elections = whole_rows(place->results, TABLE_ELECTIONS);
        assert_true(trials >= (size_t)round + 1);
        assert_true(elections >= trials * place->outcome.election_count);
        assert_true(elections <= (trials + 1) * place->outcome.election_count);
        whole_rows(place->results, TABLE_VIOLATIONS);
        assert_true(results_close(place->results));
        place->results = NULL;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_full_disk_keeps_whole_trials, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_keeps_whole_histories, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_device_is_told_by_its_errno, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_killed_run_leaves_whole_rows, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("whole", tests, NULL, NULL);
}
