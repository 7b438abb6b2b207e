/* The keeper of a program. See program.h. */
#include "sim/processes/program.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/processes/program_keeper.h"
#include "sim/system/tree.h"
#include "sim/text/errors.h"
#include "src/protocol.h"
#include "src/units.h"

struct record_place {
    struct shared *shared;
    struct member_slot *slot;
};

static void record_in_slot(void *self, struct history_event *event)
{
    const struct record_place *place = self;
    slot_record(place->shared, place->slot, event);
}

/* --- its life --------------------------------------------------------------------------------- */

bool program_enter_folder(const struct scenario *scenario)
{
    char folder[4096];
    const char *slash = strrchr(scenario->path, '/');
    if (!slash) {
        return true;
    }
    int length =
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - scenario->path + 1), scenario->path);
    if (length >= (int)sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    return chdir(folder) == 0;
}

/* In the child: becomes the program, or writes down why not. */
static _Noreturn void become(const struct keeper *keeper, const int fds[3], int why_fd)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    char *const *words = scenario_program(keeper->run->scenario, keeper->id);
    sigset_t none;
    sigemptyset(&none);
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_TIMERSLACK, 0UL);
    signal(SIGPIPE, SIG_DFL);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
    for (int i = 0; i < 3; i++) {
        dup2(fds[i], i);
    }
    while (atomic_load(&keeper->member.slot->held)) {
        nanosleep(&moment, NULL); /* it is paused before it has begun */
    }
    program_enter(keeper->run, keeper->id);
    if (program_enter_folder(keeper->run->scenario)) {
        execvp(words[0], words);
    }
    int why = errno;
    ssize_t written = write(why_fd, &why, sizeof why);
    (void)written;
    _exit(127);
}

static bool open_pipes(int in[2], int out[2], int err[2], int why[2])
{
    return pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && pipe2(err, O_CLOEXEC) == 0 &&
           pipe2(why, O_CLOEXEC) == 0;
}

static _Noreturn void cannot_start(struct keeper *keeper, int why)
{
    struct member_slot *slot = keeper->member.slot;
    snprintf(slot->refusal, sizeof slot->refusal, "cannot start %.200s: %s",
             scenario_program(keeper->run->scenario, keeper->id)[0], error_words(why));
    keeper_leave(keeper, KEEPER_CANNOT_START);
}

static void begin(struct keeper *keeper)
{
    int in[2], out[2], err[2], why[2];
    int error = 0;
    struct history_event started = {.kind = HISTORY_STARTED};
    assert(keeper->pid == 0);
    if (!open_pipes(in, out, err, why)) {
        cannot_start(keeper, errno);
    }
    keeper->member.now_ns = monotonic_ns();
    member_record(&keeper->member, &started);
    atomic_store(&keeper->member.slot->begun, 1);
    member_notify(&keeper->member);
    keeper->pid = fork();
    if (keeper->pid == 0) {
        const int fds[3] = {in[0], out[1], err[1]};
        become(keeper, fds, why[1]);
    }
    error = keeper->pid < 0 ? errno : 0;
    close(in[0]);
    close(out[1]);
    close(err[1]);
    close(why[1]);
    keeper->in = in[1];
    keeper->why = why[0];
    fcntl(keeper->in, F_SETFL, O_NONBLOCK);
    keeper->out = out[0];
    keeper->err = err[0];
    fcntl(keeper->out, F_SETFL, O_NONBLOCK);
    fcntl(keeper->err, F_SETFL, O_NONBLOCK);
    if (error) {
        cannot_start(keeper, error);
    }
}

/* The child has become the program, or has said why it cannot. */
static void hear_start(struct keeper *keeper)
{
    int error;
    if (keeper->why < 0) {
        return;
    }
    if (read(keeper->why, &error, sizeof error) == (ssize_t)sizeof error) {
        cannot_start(keeper, error);
    }
    close(keeper->why);
    keeper->why = -1;
}

/* Buries whoever died below us; if it was the program, it has ended by itself. */
static void bury(struct keeper *keeper)
{
    int status;
    pid_t pid;
    struct member_slot *slot = keeper->member.slot;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid == keeper->pid) {
            hear_start(keeper);
            atomic_store(&slot->kept_go, atomic_load(&slot->kept_stopped)); /* nobody stands */
            keeper->next = NEXT_NOTHING;
            keeper_drain(keeper);
            log_last(&keeper->log, 3, slot->refusal, sizeof slot->refusal);
            slot->program_status = status;
            keeper_leave(keeper, KEEPER_PROGRAM_ENDED);
        }
    }
}

static void hear_signals(struct keeper *keeper)
{
    struct signalfd_siginfo signal;
    while (read(keeper->signals, &signal, sizeof signal) == sizeof signal) {
        if (signal.ssi_signo == SIGTERM) { /* the driver is dead */
            tree_kill(getpid());
            _exit(0);
        }
    }
    bury(keeper);
}

static void hear_driver(struct keeper *keeper)
{
    struct member_slot *slot = keeper->member.slot;
    uint32_t asked = atomic_load(&slot->drain);
    slot_woken(slot);
    if (keeper->pid == 0 && atomic_load(&slot->started)) {
        begin(keeper);
    }
    if (!keeper_stands(keeper)) {
        keeper_goes_on(keeper);
    }
    if (atomic_load(&slot->drained) != asked) {
        keeper_drain(keeper);
        atomic_store(&slot->drained, asked);
    }
}

static void keep(struct keeper *keeper)
{
    bool idle = keeper_is_idle(keeper);
    bool more = idle && keeper->taken < keeper->got;
    struct pollfd polled[] = {{.fd = keeper->member.slot->wake_fd, .events = POLLIN},
                              {.fd = keeper->signals, .events = POLLIN},
                              {.fd = idle ? keeper->out : -1, .events = POLLIN},
                              {.fd = keeper->err, .events = POLLIN},
                              {.fd = keeper->why, .events = POLLIN}};
    poll_until(polled, sizeof polled / sizeof *polled, more ? 0 : INT64_MAX);
    if (polled[4].revents) {
        hear_start(keeper);
    }
    if (polled[2].revents || more) {
        keeper_read(keeper);
    }
    if (polled[3].revents) {
        keeper_read_log(keeper);
    }
    if (polled[1].revents) {
        hear_signals(keeper);
    }
    hear_driver(keeper);
}

/* Its next life appends to it. */
static void open_log(struct keeper *keeper)
{
    char path[4096];
    struct stat status;
    const char *logs = keeper->run->common->logs;
    if (!logs) {
        return;
    }
    log_file_name(logs, keeper->run->number, keeper->id, path, sizeof path);
    keeper->log_file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (keeper->log_file >= 0 && fstat(keeper->log_file, &status) == 0) {
        keeper->log_length = (size_t)status.st_size;
    }
}

void program_keep(const struct run *run, uint16_t id)
{
    static struct keeper keeper; /* of this process alone */
    struct member_slot *slot = &run->shared->slots[id];
    struct record_place place = {.shared = run->shared, .slot = slot};
    pid_t driver = getppid();
    sigset_t heard;
    assert(run_is_program(run, id));
    keeper = (struct keeper){.run = run,
                             .id = id,
                             .log_file = -1,
                             .out = -1,
                             .err = -1,
                             .in = -1,
                             .why = -1,
                             .member = {.settings = &run->scenario->settings,
                                        .slot = slot,
                                        .notify_fd = run->notify_fd,
                                        .notified = &run->shared->notified,
                                        .record = record_in_slot,
                                        .record_self = &place,
                                        .process = process_new(id)}};
    keeper.member.shown = keeper.member.process.claim;
    sigemptyset(&heard);
    sigaddset(&heard, SIGCHLD);
    sigaddset(&heard, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &heard, NULL);
    keeper.signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
    prctl(PR_SET_NAME, "hustings-keeper");
    prctl(PR_SET_CHILD_SUBREAPER, 1UL);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (keeper.signals < 0 || getppid() != driver) {
        _exit(1);
    }
    signal(SIGPIPE, SIG_IGN);
    open_log(&keeper);
    link_init(&keeper.resource, &run->resource.process.address, run->prefix,
              (int)(run->scenario->request_timeout_ns / NS_PER_MS));
    atomic_store(&slot->ready, 1);
    member_notify(&keeper.member);
    hear_driver(&keeper); /* one that is started again begins at once */
    while (true) {
        keep(&keeper);
    }
}
