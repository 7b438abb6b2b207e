/* What completes words in zsh. See manual.h. */
#include "sim/manual/manual.h"
#include "sim/manual/words.h"

static const char head[] =
    "#compdef hustings\n"
    "# Completes the words of hustings in zsh. Made by: hustings help --to zsh\n"
    "\n"
    "_hustings_shipped() {\n"
    "    HUSTINGS_AS_IS=yes $hustings list scenarios </dev/null 2>/dev/null |\n"
    "        sed -n 's/^  \\([^ ]*\\).*/\\1/p'\n"
    "}\n"
    "\n"
    "_hustings_scenarios() {\n"
    "    local -a shipped=(${(f)\"$(_hustings_shipped)\"})\n"
    "    _alternative 'files:file:_files -g \"*.yaml\"' 'shipped:scenario:compadd -a shipped'\n"
    "}\n"
    "\n"
    "_hustings_lessons() {\n"
    "    local -a lessons=(${${(M)${(f)\"$(_hustings_shipped)\"}:#course/*}#course/*-})\n"
    "    _alternative 'lessons:lesson:compadd -a lessons' 'typed:word:(list)' \\\n"
    "        'files:file:_files -g \"*.yaml\"'\n"
    "}\n"
    "\n";

/* What completes an argument of a kind. */
static const char *action_of(enum takes takes)
{
    static const char *const actions[] = {
        [TAKES_ANY] = " ",
        [TAKES_FILE] = "_files",
        [TAKES_FOLDER] = "_files -/",
        [TAKES_PROGRAM] = "_command_names -e",
        [TAKES_SCENARIO] = "_hustings_scenarios",
        [TAKES_RESULTS] = "_files -/",
        [TAKES_HISTORY] = "_files -g \"*.jsonl\"",
        [TAKES_LESSON] = "_hustings_lessons",
        [TAKES_TOPIC] = " ",
        [TAKES_VERB] = "_hustings_verbs",
    };
    return actions[takes];
}

/* What a description may not have as it is. */
#define ESCAPED "[]:\\"

static void put_option(const struct option_row *row, FILE *out)
{
    const char *again = row->kind == OPTION_LIST ? "*" : "";
    fputs(" \\\n            ", out);
    if (row->letter) {
        fprintf(out, "'(-%c --%s)'{-%c,--%s%s}'[", row->letter, row->name, row->letter, row->name,
                row->kind == OPTION_FLAG ? "" : "=");
    } else {
        fprintf(out, "'%s--%s%s[", again, row->name,
                row->kind == OPTION_FLAG     ? ""
                : row->kind == OPTION_SWITCH ? "=-"
                                             : "=");
    }
    words_put_quoted(row->help, ESCAPED, out);
    fputs("]", out);
    if (row->kind == OPTION_SWITCH) {
        fprintf(out, "::%s:(true false)", row->value);
    } else if (row->kind != OPTION_FLAG && words_has(row)) {
        fprintf(out, ":%s:(", row->value);
        words_put(row, out);
        fputc(')', out);
    } else if (row->kind != OPTION_FLAG) {
        fprintf(out, ":%s:%s", row->value, action_of(row->takes));
    }
    fputc('\'', out);
}

static void put_verb(const struct verb *verb, FILE *out)
{
    struct options options;
    enum takes takes = words_take(verb);
    verb_options(verb, &options);
    fprintf(out, "    %s)\n        _arguments -s -S", verb->name);
    for (size_t i = 0; i < options.count; i++) {
        put_option(&options.rows[i], out);
    }
    fputs(" \\\n            '(-h --help)'{-h,--help}'[show the help]'", out);
    if (takes == TAKES_ANY && words_has_typed(verb)) {
        fputs(" \\\n            '*:word:(", out);
        words_put_typed(verb, out);
        fputs(")'", out);
    } else if (verb->arguments[0].name) {
        fprintf(out, " \\\n            '*:%s:%s'", verb->arguments[0].name, action_of(takes));
    }
    fputs("\n        ;;\n", out);
}

void manual_zsh(const struct book *book, FILE *out)
{
    fputs(head, out);
    fputs("_hustings_verbs() {\n    local -a verbs=(\n", out);
    for (size_t i = 0; book->verbs[i]; i++) {
        fprintf(out, "        '%s:", book->verbs[i]->name);
        words_put_quoted(book->verbs[i]->summary, ":\\", out);
        fputs("'\n", out);
    }
    fputs("    )\n"
          "    _describe -t verbs verb verbs\n"
          "}\n"
          "\n"
          "_hustings() {\n"
          "    local hustings=$words[1]\n"
          "    if (( CURRENT == 2 )); then\n"
          "        _hustings_verbs\n"
          "        _arguments '--help[show the list of verbs]' '--version[show the version]'\n"
          "        return\n"
          "    fi\n"
          "    local verb=$words[2]\n"
          "    shift words\n"
          "    (( CURRENT-- ))\n"
          "    case $verb in\n",
          out);
    for (size_t i = 0; book->verbs[i]; i++) {
        put_verb(book->verbs[i], out);
    }
    fputs("    esac\n"
          "}\n"
          "\n"
          "if [[ $funcstack[1] = _hustings ]]; then\n"
          "    _hustings \"$@\"\n"
          "else\n"
          "    compdef _hustings hustings\n"
          "fi\n",
          out);
}
