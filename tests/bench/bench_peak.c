/* Runs a program, and prints the most memory that it had: {"code": 0, "kib": 8568}. In C, since a
 * program's peak is at least that of whoever started it.
 *
 *     bench_peak PROGRAM [WORD]...
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    int status = 0;
    struct rusage used;
    pid_t child = argc > 1 ? fork() : -1;
    if (child == 0) {
        dup2(STDERR_FILENO, STDOUT_FILENO); /* what it prints is not ours */
        execv(argv[1], argv + 1);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &used) != child) {
        perror("bench_peak");
        return 3;
    }
    printf("{\"code\": %d, \"kib\": %ld}\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128,
           used.ru_maxrss);
    return 0;
}
