/* What the results folder holds when a run ends early: with a full disk, and killed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

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

/* Trials without a history wait for each other, and for one that has one; a full disk takes those
 * that wait, and no other. */
static void trials_without_histories_wait(void **state)
{
    struct place *place = *state;
    struct results *results = open_results(place);
    assert_true(results_begin(results, &place->scenario, &facts));
    assert_true(write_trial(place, 1));
    assert_true(write_without_history(place, 2));
    assert_true(write_without_history(place, 3));
    assert_int_equal(results_sealed(results), 1);
    assert_int_equal(whole_rows(results, TABLE_TRIALS), 1);
    assert_true(write_trial(place, 4));
    assert_int_equal(results_sealed(results), 4);
    assert_int_equal(whole_rows(results, TABLE_TRIALS), 4);
    assert_int_equal(whole_rows(results, TABLE_ELECTIONS), 4 * place->outcome.election_count);
    assert_true(write_without_history(place, 5));
    assert_true(results_flush(results));
    assert_true(results_flush(results)); /* of nothing */
    assert_int_equal(whole_rows(results, TABLE_TRIALS), 5);
    assert_true(is_there(results, "history/trial-0004.jsonl"));
    assert_false(is_there(results, "history/trial-0005.jsonl"));
}

static void a_full_disk_takes_those_that_wait(void **state)
{
    struct place *place = *state;
    struct results *results = open_results(place);
    struct rlimit before;
    assert_true(results_begin(results, &place->scenario, &facts));
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {.rlim_cur = 4096, .rlim_max = before.rlim_max};
    void (*action)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    bool written = true;
    for (uint32_t trial = 1; written && trial < 1000; trial++) {
        written = write_without_history(place, trial) && (trial % 3 != 0 || results_flush(results));
    }
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, action);
    assert_false(written);
    size_t sealed = results_sealed(results);
    assert_true(sealed > 0 && sealed % 3 == 0);
    assert_int_equal(whole_rows(results, TABLE_TRIALS), sealed);
    assert_int_equal(whole_rows(results, TABLE_ELECTIONS), sealed * place->outcome.election_count);
    assert_int_equal(whole_rows(results, TABLE_VIOLATIONS),
                     sealed * place->outcome.violations.count);
}

/* … but nobody waits for long, if others go on coming. */
static void a_trial_does_not_wait_for_ever(void **state)
{
    struct place *place = *state;
    struct results *results = open_results(place);
    assert_true(results_begin(results, &place->scenario, &facts));
    assert_true(write_without_history(place, 1));
    struct timespec wait = {.tv_nsec = 110 * 1000 * 1000};
    assert_int_equal(clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, NULL), 0);
    assert_int_equal(results_sealed(results), 0);
    assert_true(write_without_history(place, 2));
    assert_int_equal(results_sealed(results), 2);
    assert_int_equal(whole_rows(results, TABLE_TRIALS), 2);
}

static void a_full_device_is_told_by_its_errno(void **state)
{
    (void)state;
    struct growing file = {.fd = open("/dev/full", O_WRONLY)}; /* it has no twin */
    assert_true(file.fd >= 0);
    assert_false(growing_append(&file, "x", 1));
    assert_int_equal(errno, ENOSPC);
    assert_non_null(strstr(file_hint(ENOSPC), "free some space"));
    close(file.fd);
}

/* Forks a child that writes by `write_one` for ever, says so after each, and is killed after it has
 * said so `times` times. */
static void write_until_killed(bool (*write_one)(void *self, uint32_t number), void *self,
                               int times)
{
    int told[2];
    assert_int_equal(pipe(told), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        uint32_t number = 1;
        while (write_one(self, number++) && write(told[1], "x", 1) == 1) {
        }
        _exit(1);
    }
    char byte;
    for (int i = 0; i < times; i++) {
        assert_int_equal(read(told[0], &byte, 1), 1);
    }
    int status;
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    close(told[0]);
    close(told[1]);
}

static bool write_one_trial(void *self, uint32_t number)
{
    return write_trial(self, number);
}

/* Takes off what a killed run may leave at the end of a table: a part of a line, and no more. */
static void take_off_a_part(const struct results *results, enum results_table table)
{
    char name[64];
    char whole_path[512];
    snprintf(name, sizeof name, "%s.csv", results_tables[table].name);
    char *csv = contents(results, name);
    char *part = strrchr(csv, '\n') + 1;
    if (*part) {
        snprintf(whole_path, sizeof whole_path, "%s/%s", results_path(results), name);
        assert_int_equal(truncate(whole_path, part - csv), 0);
    }
    free(csv);
}

static void a_killed_run_leaves_whole_rows(void **state)
{
    struct place *place = *state;
    for (int round = 0; round < 20; round++) {
        open_results(place);
        assert_true(results_begin(place->results, &place->scenario, &facts));
        write_until_killed(write_one_trial, place, round + 1);
        take_off_a_part(place->results, TABLE_TRIALS);
        take_off_a_part(place->results, TABLE_ELECTIONS);
        take_off_a_part(place->results, TABLE_VIOLATIONS);

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

static off_t length_of(const char *name)
{
    struct stat status;
    assert_int_equal(stat(name, &status), 0);
    return status.st_size;
}

static void what_was_appended_last_can_be_taken_back(void **state)
{
    struct place *place = *state;
    char name[128];
    snprintf(name, sizeof name, "%s/rows", place->base);
    struct growing file;
    assert_true(growing_open(&file, name, "head\n", 5));
    assert_true(growing_append(&file, "one\n", 4));
    assert_true(growing_append(&file, "two\n", 4));
    growing_undo(&file);
    assert_int_equal(length_of(name), 9);
    assert_true(growing_append(&file, "", 0));
    growing_undo(&file); /* of nothing */
    assert_true(growing_append(&file, "three\n", 6));
    assert_true(growing_append(&file, "four\n", 5));
    assert_true(growing_close(&file));

    char bytes[64] = "";
    int fd = open(name, O_RDONLY);
    assert_int_equal(read(fd, bytes, sizeof bytes - 1), 20);
    assert_string_equal(bytes, "head\none\nthree\nfour\n");
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(trials_without_histories_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_takes_those_that_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_trial_does_not_wait_for_ever, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_keeps_whole_trials, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_keeps_whole_histories, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_device_is_told_by_its_errno, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_killed_run_leaves_whole_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_appended_last_can_be_taken_back, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("whole", tests, NULL, NULL);
}
