/* The terminal while a screen of ours is on it. See tty.h.
 *
 * A handler must find what to restore. It is at the foot of the stack that handlers run on
 * (sigaltstack), which the kernel knows the place of: so there is no variable of the whole program,
 * and an overflow of the usual stack can be handled as well. */
#include "sim/live/tty.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

/* ECMA-48 and xterm: to the alternate screen and no cursor; and back, with plain letters. */
#define ENTER "\x1b[?1049h\x1b[?25l\x1b[2J"
#define LEAVE "\x1b[0m\x1b[?25h\x1b[?1049l"

#define STACK_SIZE ((size_t)64 << 10)

/* What ends the program. Those of somebody who wants it to end are ours only if nobody else has
 * them. */
static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGSEGV,
                             SIGBUS, SIGFPE,  SIGILL, SIGABRT, SIGSYS};
#define DEADLY (sizeof deadly / sizeof *deadly)
#define WISHES 4 /* the first ones of them */

/* What stops and goes on, and the size. They are seen to while tty_wait() waits. */
static const int others[] = {SIGTSTP, SIGCONT, SIGWINCH};
#define OTHERS (sizeof others / sizeof *others)

struct tty {
    int in, out;
    bool owns_in;
    int kept, err; /* stderr goes into `kept`, and is `err` otherwise; -1: it is no terminal */
    pid_t owner;   /* a forked child has the handlers, too, but not the terminal */
    volatile sig_atomic_t taken, redraw;
    struct termios before, raw;
    struct sigaction deadly_before[DEADLY], others_before[OTHERS];
    stack_t stack_before;
};

/* --- from within handlers: only what is safe there -------------------------------------------- */

static void put_bytes(const struct tty *tty, const char *text, size_t left)
{
    while (left > 0) {
        ssize_t written = write(tty->out, text, left);
        if (written < 0 && errno != EINTR) {
            return; /* the terminal is gone */
        }
        text += written > 0 ? written : 0;
        left -= written > 0 ? (size_t)written : 0;
    }
}

static void put(const struct tty *tty, const char *text)
{
    put_bytes(tty, text, strlen(text));
}

/* What was written to stderr while the screen was there. */
static void put_kept(const struct tty *tty)
{
    char bytes[512];
    ssize_t got;
    dup2(tty->err, STDERR_FILENO);
    lseek(tty->kept, 0, SEEK_SET);
    while ((got = read(tty->kept, bytes, sizeof bytes)) > 0) {
        put_bytes(tty, bytes, (size_t)got);
    }
    lseek(tty->kept, 0, SEEK_SET);
    if (ftruncate(tty->kept, 0) != 0) {
        return; /* it will be written once more */
    }
}

static void take(struct tty *tty)
{
    if (tty->kept >= 0 && !tty->taken) {
        dup2(tty->kept, STDERR_FILENO);
    }
    tty->taken = 1;
    tcsetattr(tty->in, TCSANOW, &tty->raw);
    put(tty, ENTER);
}

static void give_back(struct tty *tty)
{
    if (tty->taken) {
        tty->taken = 0;
        put(tty, LEAVE);
        tcsetattr(tty->in, TCSANOW, &tty->before);
        if (tty->kept >= 0) {
            put_kept(tty);
        }
    }
}

/* The screen that this process has; NULL: none, or it is its parent's. */
static struct tty *find(void)
{
    stack_t stack;
    if (sigaltstack(NULL, &stack) != 0 || (stack.ss_flags & SS_DISABLE)) {
        return NULL;
    }
    struct tty *tty = (struct tty *)(void *)((char *)stack.ss_sp + stack.ss_size);
    return tty->owner == getpid() ? tty : NULL;
}

/* The same again, now that nothing is in its way: it ends or stops us as it would have. */
static void let_happen(int number, const struct sigaction *before)
{
    sigset_t set;
    sigaction(number, before, NULL);
    raise(number);
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void when_it_ends(int number)
{
    static const struct sigaction usual = {.sa_handler = SIG_DFL};
    struct tty *tty = find();
    const struct sigaction *before = &usual;
    for (size_t i = 0; tty && i < DEADLY; i++) {
        before = deadly[i] == number ? &tty->deadly_before[i] : before;
    }
    if (tty) {
        give_back(tty);
    }
    let_happen(number, before);
}

static void catch (int number, void (*handler)(int), struct sigaction *before);

static void when_it_stops(int number)
{
    static const struct sigaction usual = {.sa_handler = SIG_DFL};
    int error = errno;
    struct tty *tty = find();
    bool had_it = tty && tty->taken;
    if (had_it) {
        give_back(tty);
    }
    let_happen(number, &usual); /* here it stands still */
    catch (number, when_it_stops, NULL);
    if (had_it) {
        take(tty);
        tty->redraw = 1;
    }
    errno = error;
}

/* It was stopped by SIGSTOP, of which nobody is told, and goes on; or the size has changed. */
static void when_it_changes(int number)
{
    int error = errno;
    struct tty *tty = find();
    if (tty && tty->taken) {
        if (number == SIGCONT) {
            take(tty);
        }
        tty->redraw = 1;
    }
    errno = error;
}

static void catch (int number, void (*handler)(int), struct sigaction *before)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_ONSTACK};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, before);
}

/* --- taking it, and giving it back ------------------------------------------------------------ */

static void catch_all(struct tty *tty)
{
    for (size_t i = 0; i < DEADLY; i++) {
        sigaction(deadly[i], NULL, &tty->deadly_before[i]);
        if (i >= WISHES || tty->deadly_before[i].sa_handler == SIG_DFL) {
            catch (deadly[i], when_it_ends, NULL);
        }
    }
    for (size_t i = 0; i < OTHERS; i++) {
        sigaction(others[i], NULL, &tty->others_before[i]);
        bool ignored = tty->others_before[i].sa_handler == SIG_IGN;
        if (others[i] != SIGTSTP || !ignored) {
            catch (others[i], others[i] == SIGTSTP ? when_it_stops : when_it_changes, NULL);
        }
    }
}

static void let_go_all(const struct tty *tty)
{
    for (size_t i = 0; i < DEADLY; i++) {
        if (i >= WISHES || tty->deadly_before[i].sa_handler == SIG_DFL) {
            sigaction(deadly[i], &tty->deadly_before[i], NULL);
        }
    }
    for (size_t i = 0; i < OTHERS; i++) {
        sigaction(others[i], &tty->others_before[i], NULL);
    }
}

/* Keys come one by one and unseen; Ctrl-C, Ctrl-Z and Ctrl-\ still are signals. */
static bool read_modes(struct tty *tty)
{
    if (tcgetattr(tty->in, &tty->before) != 0) {
        return false;
    }
    tty->raw = tty->before;
    tty->raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    tty->raw.c_iflag &= ~(tcflag_t)(IXON);
    tty->raw.c_cc[VMIN] = 0;
    tty->raw.c_cc[VTIME] = 0;
    return true;
}

/* Without a place to keep it, it goes to the screen. */
static void keep_errors(struct tty *tty)
{
    if (isatty(STDERR_FILENO)) {
        tty->err = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
        tty->kept = tty->err >= 0 ? memfd_create("stderr", MFD_CLOEXEC) : -1;
    }
}

static void close_all(const struct tty *tty)
{
    const int descriptors[] = {tty->owns_in ? tty->in : -1, tty->err, tty->kept};
    for (size_t i = 0; i < sizeof descriptors / sizeof *descriptors; i++) {
        if (descriptors[i] >= 0) {
            close(descriptors[i]);
        }
    }
}

struct tty *tty_open(FILE *out)
{
    char *block = malloc(STACK_SIZE + sizeof(struct tty));
    if (!block) {
        return NULL;
    }
    struct tty *tty = (struct tty *)(void *)(block + STACK_SIZE);
    *tty = (struct tty){
        .in = STDIN_FILENO, .out = fileno(out), .owner = getpid(), .err = -1, .kept = -1};
    if (!isatty(tty->in)) {
        tty->in = open("/dev/tty", O_RDWR | O_CLOEXEC);
        tty->owns_in = tty->in >= 0;
    }
    const stack_t stack = {.ss_sp = block, .ss_size = STACK_SIZE};
    bool good = tty->in >= 0 && read_modes(tty) && fflush(out) == 0 &&
                sigaltstack(&stack, &tty->stack_before) == 0;
    if (!good) {
        int error = errno;
        close_all(tty);
        free(block);
        errno = error;
        return NULL;
    }
    keep_errors(tty);
    catch_all(tty);
    take(tty);
    return tty;
}

void tty_close(struct tty *tty)
{
    if (!tty) {
        return;
    }
    assert(tty->owner == getpid() && "who took it gives it back");
    give_back(tty);
    let_go_all(tty);
    sigaltstack(&tty->stack_before, NULL);
    close_all(tty);
    free((char *)tty - STACK_SIZE);
}

/* --- waiting and reading ---------------------------------------------------------------------- */

int tty_keys(const struct tty *tty)
{
    return tty->in;
}

/* What stops and changes is let in only while we wait, so that none of it is missed. */
enum tty_news tty_wait(struct tty *tty, int other, int timeout_ms)
{
    struct pollfd of[2] = {{.fd = tty->in, .events = POLLIN}, {.fd = other, .events = POLLIN}};
    const struct timespec timeout = {.tv_sec = timeout_ms / 1000,
                                     .tv_nsec = timeout_ms % 1000 * 1000000L};
    sigset_t block, before;
    int ready = 0;
    sigemptyset(&block);
    for (size_t i = 0; i < OTHERS; i++) {
        sigaddset(&block, others[i]);
    }
    pthread_sigmask(SIG_BLOCK, &block, &before);
    if (!tty->redraw) {
        ready = ppoll(of, 2, timeout_ms < 0 ? NULL : &timeout, &before);
    }
    bool redraw = tty->redraw;
    tty->redraw = 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (redraw) {
        return TTY_REDRAW;
    }
    if (ready <= 0) {
        return TTY_NOTHING;
    }
    if (of[1].revents) {
        return TTY_OTHER;
    }
    return of[0].revents & POLLIN ? TTY_KEYS : TTY_GONE;
}

size_t tty_read(struct tty *tty, unsigned char *bytes, size_t size)
{
    ssize_t got = read(tty->in, bytes, size);
    return got > 0 ? (size_t)got : 0;
}
