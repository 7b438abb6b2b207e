# Prints what zsh would complete: zsh -f complete.zsh FOLDER-OF-COMPLETIONS 'hustings run --o'
# It types the line into a zsh in a pseudoterminal, whose compadd prints what it is given.
zmodload zsh/zpty || exit 1
zpty shell zsh -f -i
zpty -w shell "fpath=(${(q)1} \$fpath); PS1=; PS2=; stty -echo"
zpty -w shell 'autoload -Uz compinit; compinit -u -D'
zpty -w shell 'compadd () {
    local -a found matching
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then
        builtin compadd "$@"
        return
    fi
    builtin compadd -A found "$@"
    builtin compadd -O matching "$@"
    local word
    for word in $matching; do print -r -- "<<$word>>"; done
    builtin compadd "$@"
}
finish () { print -r -- "<<""END>>"; exit }
zle -N finish
bindkey "^X" finish
zstyle ":completion:*" list-prompt ""
zstyle ":completion:*" menu no
LISTMAX=1000000
bindkey "^I" complete-word
print READY'
line=
while [[ $line != *READY* ]]; do zpty -r shell line || exit 1; done
zpty -n -w shell "$2"$'\t\x18'
while zpty -r shell line; do
    print -r -- ${line//$'\r'/}
    [[ $line == *"<<END>>"* ]] && break
done
