/* What completes words in bash. See manual.h. It needs nothing of the package bash-completion. */
#include "sim/manual/manual.h"
#include "sim/manual/words.h"

/* The functions that the rest calls. */
static const char head[] =
    "# Completes the words of hustings in bash. Made by: hustings help --to bash\n"
    "# shellcheck shell=bash\n"
    "\n"
    "# The files, the folders: what is typed so far is $1.\n"
    "_hustings_paths() {\n"
    "    local kind=$1 pattern=$2\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    mapfile -t COMPREPLY < <(\n"
    "        if [[ $kind = files ]]; then compgen -f -X \"!*$pattern\" -- \"$current\"; fi\n"
    "        compgen -d -- \"$current\"\n"
    "    )\n"
    "}\n"
    "\n"
    "_hustings_words() {\n"
    "    mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -W \"$1\" -- \"$current\")\n"
    "    if [[ ${COMPREPLY[0]} = *= ]]; then compopt -o nospace 2>/dev/null; fi\n"
    "}\n"
    "\n"
    "# The scenarios that come with hustings; without their folders, too, once a name is begun.\n"
    "_hustings_shipped() {\n"
    "    local names\n"
    "    names=$(HUSTINGS_AS_IS=yes \"${COMP_WORDS[0]}\" list scenarios </dev/null 2>/dev/null |\n"
    "        sed -n 's/^  \\([^ ].*\\)/\\1/p')\n"
    "    printf '%s\\n' \"$names\"\n"
    "    if [[ -n $current ]]; then printf '%s\\n' \"$names\" | sed 's/.*\\///'; fi\n"
    "}\n"
    "\n"
    "_hustings_take() {\n"
    "    case $1 in\n"
    "    file) _hustings_paths files '' ;;\n"
    "    folder) _hustings_paths folders '' ;;\n"
    "    program) mapfile -t COMPREPLY < <(compgen -c -- \"$current\") ;;\n"
    "    history) _hustings_paths files .jsonl ;;\n"
    "    scenario)\n"
    "        _hustings_paths files .yaml\n"
    "        _hustings_words \"$(_hustings_shipped)\"\n"
    "        ;;\n"
    "    lesson) _hustings_words \"$(_hustings_shipped | sed -n 's/^course\\/[0-9]*-//p')\" ;;\n"
    "    esac\n"
    "}\n"
    "\n";

static const char tail[] = "    esac\n"
                           "}\n"
                           "\n"
                           "complete -F _hustings hustings\n";

static const char *name_of(enum takes takes)
{
    static const char *const names[] = {
        [TAKES_FILE] = "file",         [TAKES_FOLDER] = "folder",  [TAKES_PROGRAM] = "program",
        [TAKES_SCENARIO] = "scenario", [TAKES_RESULTS] = "folder", [TAKES_HISTORY] = "history",
        [TAKES_LESSON] = "lesson",     [TAKES_TOPIC] = NULL,       [TAKES_VERB] = NULL,
    };
    return names[takes];
}

/* "--out | -o) _hustings_take file; return ;;" for each option with a value. */
static void put_values(const struct options *options, FILE *out)
{
    for (size_t i = 0; i < options->count; i++) {
        const struct option_row *row = &options->rows[i];
        if (row->kind == OPTION_FLAG || row->kind == OPTION_SWITCH) {
            continue;
        }
        fprintf(out, "        --%s", row->name);
        if (row->letter) {
            fprintf(out, " | -%c", row->letter);
        }
        fputs(")\n", out);
        if (words_has(row)) {
            fputs("            _hustings_words '", out);
            words_put(row, out);
            fputs("'\n", out);
        } else if (name_of(row->takes)) {
            fprintf(out, "            _hustings_take %s\n", name_of(row->takes));
        }
        fputs("            return ;;\n", out);
    }
}

static void put_verbs(const struct book *book, FILE *out)
{
    for (size_t i = 0; book->verbs[i]; i++) {
        fprintf(out, "%s%s", i > 0 ? " " : "", book->verbs[i]->name);
    }
}

static void put_verb(const struct book *book, const struct verb *verb, FILE *out)
{
    struct options options;
    enum takes takes = words_take(verb);
    verb_options(verb, &options);
    fprintf(out, "    %s)\n        case $previous in\n", verb->name);
    put_values(&options, out);
    fputs("        esac\n        if [[ $current = -* ]]; then\n            _hustings_words '", out);
    for (size_t i = 0; i < options.count; i++) {
        fprintf(out, "--%s ", options.rows[i].name);
    }
    fputs("--help'\n            return\n        fi\n", out);
    if (name_of(takes)) {
        fprintf(out, "        _hustings_take %s\n", name_of(takes));
    }
    if (words_has_typed(verb)) {
        fputs("        _hustings_words '", out);
        words_put_typed(verb, out);
        fputs("'\n", out);
    }
    if (takes == TAKES_VERB) {
        fputs("        _hustings_words '", out);
        put_verbs(book, out);
        fputs("'\n", out);
    }
    fputs("        ;;\n", out);
}

void manual_bash(const struct book *book, FILE *out)
{
    fputs(head, out);
    fputs("_hustings() {\n"
          "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    COMPREPLY=()\n"
          "    # --on=model is three words for bash.\n"
          "    if [[ $current = '=' ]]; then\n"
          "        current=\n"
          "    elif [[ $previous = '=' && $COMP_CWORD -gt 2 ]]; then\n"
          "        previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
          "    fi\n"
          "    if [[ $COMP_CWORD -eq 1 ]]; then\n"
          "        _hustings_words '",
          out);
    put_verbs(book, out);
    fputs(" --help --version'\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n", out);
    for (size_t i = 0; book->verbs[i]; i++) {
        put_verb(book, book->verbs[i], out);
    }
    fputs(tail, out);
}
