/* hustings list scenarios: those that come with hustings, by their names. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/help.h"
#include "sim/cli/list.h"
#include "sim/results/shipped.h"
#include "sim/text/clean.h"

#define ENDING ".yaml"
#define ABOUT 6 /* the column where what a scenario is about begins */
#define ABOUT_SIZE 300

static size_t stem(const char *name)
{
    size_t length = strlen(name), ending = strlen(ENDING);
    bool has_it = length > ending && strcmp(name + length - ending, ENDING) == 0;
    return has_it ? length - ending : 0;
}

static int is_scenario(const struct dirent *entry)
{
    return stem(entry->d_name) > 0;
}

/* Adds a line of a comment to what a scenario is about. False: that is whole. */
static bool add_line(char *about, const char *line)
{
    size_t used = strlen(about);
    const char *text = line + 1 + strspn(line + 1, " ");
    if (line[0] != '#' || !*text) {
        return used == 0 && line[0] == '#';
    }
    if (strncmp(text, "yaml-language-server", 20) == 0) {
        return true; /* that is for editors */
    }
    snprintf(about + used, ABOUT_SIZE - used, "%s%s", used > 0 ? " " : "", text);
    return about[strlen(about) - 1] != '.';
}

/* The first sentence of the comment at the head of a scenario. */
static void read_about(const char *path, char about[ABOUT_SIZE])
{
    char line[256];
    FILE *file = fopen(path, "r");
    about[0] = '\0';
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (!add_line(about, line)) {
            break;
        }
    }
    if (file) {
        fclose(file);
    }
    char *end = strstr(about, ". ");
    if (end) {
        end[1] = '\0';
    }
    clean_text(about, about, ABOUT_SIZE);
}

static void list_folder(const char *name)
{
    char folder[PATH_MAX], path[PATH_MAX + NAME_MAX + 2], about[ABOUT_SIZE];
    struct dirent **entries = NULL;
    int count = shipped_path(NULL, name, folder, sizeof folder)
                    ? scandir(folder, &entries, is_scenario, alphasort)
                    : 0;
    for (int i = 0; i < count; i++) {
        const char *file = entries[i]->d_name;
        snprintf(path, sizeof path, "%s/%s", folder, file);
        read_about(path, about);
        printf("  %s/%.*s\n", name, (int)stem(file), file);
        help_line("", ABOUT, "%s", about);
        free(entries[i]);
    }
    free(entries);
}

void list_scenarios(void)
{
    list_folder("course");
    list_folder("catalogue");
}
