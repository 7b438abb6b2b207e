/* Into which programs a library of ours gets: copies of this one with a few bytes changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/system/loading.h"

struct place {
    char folder[64], program[96], script[96], why[4352];
};

/* A copy of this program, mapped so that it can be changed. */
static ElfW(Ehdr) * copy(struct place *place, size_t *size)
{
    struct stat status;
    snprintf(place->folder, sizeof place->folder, "/tmp/hustings-test-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    snprintf(place->program, sizeof place->program, "%s/program", place->folder);
    snprintf(place->script, sizeof place->script, "%s/script", place->folder);
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int to = open(place->program, O_RDWR | O_CREAT | O_CLOEXEC, 0700);
    assert_int_equal(fstat(from, &status), 0);
    *size = (size_t)status.st_size;
    assert_int_equal(ftruncate(to, status.st_size), 0);
    ElfW(Ehdr) *head = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_SHARED, to, 0);
    if (!head || head == MAP_FAILED) {
        abort(); /* the analyzer does not know that a failing assertion never returns */
    }
    assert_int_equal(pread(from, head, *size, 0), status.st_size);
    close(from);
    close(to);
    return head;
}

static void remove_place(const struct place *place, ElfW(Ehdr) * head, size_t size)
{
    munmap(head, size);
    unlink(place->program);
    unlink(place->script);
    rmdir(place->folder);
}

static ElfW(Phdr) * parts_of(ElfW(Ehdr) * head)
{
    return (ElfW(Phdr) *)(void *)((char *)head + head->e_phoff);
}

static bool is_possible(struct place *place)
{
    return loading_is_possible(place->program, place->why, sizeof place->why);
}

static void write_script(const struct place *place, const char *first)
{
    FILE *file = fopen(place->script, "we");
    assert_non_null(file);
    fprintf(file, "%s\nmore\n", first);
    fclose(file);
}

static void a_dynamic_program_is_fit(void **state)
{
    struct place place;
    size_t size;
    (void)state;
    ElfW(Ehdr) *head = copy(&place, &size);
    assert_true(is_possible(&place));
    remove_place(&place, head, size);
}

/* With parts of this type changed so, it is not fit, and these words say why. */
static void expect_unfit(ElfW(Word) type, void (*change)(char *file, ElfW(Phdr) * part),
                         const char *words)
{
    struct place place;
    size_t size;
    unsigned changed = 0;
    ElfW(Ehdr) *head = copy(&place, &size);
    for (unsigned i = 0; i < head->e_phnum; i++) {
        ElfW(Phdr) *part = parts_of(head) + i;
        if (part->p_type == type) {
            change((char *)head, part);
            changed++;
        }
    }
    assert_true(changed > 0);
    assert_false(is_possible(&place));
    assert_non_null(strstr(place.why, words));
    remove_place(&place, head, size);
}

static void drop(char *file, ElfW(Phdr) * part)
{
    (void)file;
    part->p_type = PT_NULL;
}

static void rename_loader(char *file, ElfW(Phdr) * part)
{
    file[part->p_offset + 1] = 'x';
}

static void write_go(char *file, ElfW(Phdr) * part)
{
    memcpy(file + part->p_offset + sizeof(ElfW(Nhdr)), "Go\0", 4);
}

static void others_are_not(void **state)
{
    (void)state;
    expect_unfit(PT_INTERP, drop, "program is linked statically");
    expect_unfit(PT_INTERP, rename_loader, "program has another C library");
    expect_unfit(PT_NOTE, write_go, "program is written in Go");
}

static void nor_is_one_with_privileges(void **state)
{
    struct place place;
    size_t size;
    (void)state;
    ElfW(Ehdr) *head = copy(&place, &size);
    assert_int_equal(chmod(place.program, 04700), 0);
    assert_false(is_possible(&place));
    assert_non_null(strstr(place.why, "is setuid"));
    remove_place(&place, head, size);
}

/* With each header cut off, or a byte of it changed, it says something, and does not fall. */
static void any_bytes_are_read(void **state)
{
    struct place place;
    size_t size;
    (void)state;
    ElfW(Ehdr) *head = copy(&place, &size);
    for (size_t i = 0; i < 1024; i++) {
        char *byte = (char *)head + i;
        char was = *byte;
        *byte = (char)0xff;
        is_possible(&place);
        *byte = was;
    }
    for (size_t length = 0; length < 1024; length += 7) {
        FILE *file = fopen(place.script, "we");
        assert_int_equal(fwrite(head, 1, length, file), length);
        fclose(file);
        loading_is_possible(place.script, place.why, sizeof place.why);
        assert_true(strlen(place.why) > 0);
    }
    remove_place(&place, head, size);
}

static void of_a_script_its_interpreter_counts(void **state)
{
    struct place place;
    char line[256];
    size_t size;
    (void)state;
    ElfW(Ehdr) *head = copy(&place, &size);
    assert_int_equal(chmod(place.program, 04700), 0);
    static const char *const lines[] = {"#!%s", "#! %s -x", "#!/usr/bin/env %s",
                                        "#!/usr/bin/env -S %s -x"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const char *hole = strstr(lines[i], "%s");
        snprintf(line, sizeof line, "%.*s%s%s", (int)(hole - lines[i]), lines[i], place.program,
                 hole + 2);
        write_script(&place, line);
        assert_false(loading_is_possible(place.script, place.why, sizeof place.why));
        assert_non_null(strstr(place.why, "program is setuid"));
    }
    write_script(&place, "#!/bin/sh");
    assert_true(loading_is_possible(place.script, place.why, sizeof place.why));
    write_script(&place, "true"); /* execvp() gives it to the shell */
    assert_true(loading_is_possible(place.script, place.why, sizeof place.why));
    write_script(&place, "#!/no/such/thing");
    assert_false(loading_is_possible(place.script, place.why, sizeof place.why));
    assert_non_null(strstr(place.why, "is not there"));
    remove_place(&place, head, size);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_dynamic_program_is_fit),           cmocka_unit_test(others_are_not),
        cmocka_unit_test(nor_is_one_with_privileges),         cmocka_unit_test(any_bytes_are_read),
        cmocka_unit_test(of_a_script_its_interpreter_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
