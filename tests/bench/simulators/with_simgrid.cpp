/* The trial of election.py with SimGrid: a host for each process and one for the server, a link with
 * a latency between them, messages through mailboxes, a server that takes one after the other.
 *
 *     with_simgrid TRIALS        prints JSON
 *
 * SimGrid has one engine in a process, so the trials follow one another in its time. */
#include <simgrid/s4u.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <vector>

namespace sg = simgrid::s4u;

static constexpr int NODES = 5;
static constexpr int FLIPPED = 5;
static constexpr double ONE_WAY = 60e-6, SERVICE = 5e-6, VOTE = 0.2e-6;
static constexpr double RETRY = 0.1, POLL = 0.1, TTL = 2, FLIP_AT = 0.102, DURATION = 0.190;

enum class Verb { set_nx, remove, hset, hgetall, get, set, stop };
enum class Status { none, prepare, submit };

struct Message {
    Verb verb;
    int from;
    unsigned long token;
    Status status;
    int result;             /* of set, and of get: who, or -1 */
    bool good;              /* the answer to set_nx and remove */
    Status ballot[NODES + 1]; /* the answer to hgetall */
};

struct Trial {
    double began;
    std::mt19937_64 dice;
    int steps = 0, requests = 0, elections = 0;
    Status status[NODES + 1];
    int follows[NODES + 1];
    sg::Mailbox *server;
    sg::Mailbox *boxes[NODES + 1];
    sg::SemaphorePtr flips[NODES + 1];
    sg::SemaphorePtr done = sg::Semaphore::create(0);

    double now() const { return sg::Engine::get_clock() - began; }

    void follow(int me, int whom)
    {
        follows[me] = whom;
        bool settled = std::all_of(follows, follows + NODES + 1,
                                   [this](int other) { return other == follows[0]; });
        if (settled && whom >= 0 && now() >= DURATION)
            done->release();
    }

    Message ask(int me, Verb verb, unsigned long token = 0, Status say = Status::none,
                int result = -1)
    {
        requests++;
        server->put_init(new Message{verb, me, token, say, result, false, {}}, 1)->detach();
        Message *answer = boxes[me]->get<Message>();
        Message copy = *answer;
        delete answer;
        steps++;
        return copy;
    }

    unsigned long acquire(int me)
    {
        unsigned long token = dice();
        while (!ask(me, Verb::set_nx, token).good) {
            sg::this_actor::sleep_for(RETRY);
            steps++;
        }
        return token;
    }
};

static void node(Trial *trial, int me)
{
    bool must_report = true;
    sg::this_actor::sleep_for((me - 1) * 1e-3);
    trial->steps++;
    for (;;) {
        if (must_report) {
            unsigned long token = trial->acquire(me);
            trial->ask(me, Verb::hset, 0, trial->status[me]);
            must_report = false;
            trial->ask(me, Verb::remove, token);
        }
        bool flipped = !trial->flips[me]->acquire_timeout(POLL);
        trial->steps++;
        if (flipped) {
            trial->status[me] = Status::submit;
            must_report = true;
            continue;
        }
        int elected = trial->ask(me, Verb::get).result;
        if (elected >= 0)
            trial->follow(me, elected);
    }
}

static int elect(const Message &ballot)
{
    for (Status wanted : {Status::submit, Status::prepare})
        for (int id = 1; id <= NODES; id++)
            if (ballot.ballot[id] == wanted)
                return id;
    return -1;
}

static void master(Trial *trial)
{
    sg::this_actor::sleep_for(0.010);
    trial->steps++;
    for (;;) {
        unsigned long token = trial->acquire(0);
        int known = trial->ask(0, Verb::get).result;
        int chosen = elect(trial->ask(0, Verb::hgetall));
        if (known != chosen) {
            trial->elections++;
            trial->ask(0, Verb::set, 0, Status::none, chosen);
        }
        trial->follow(0, chosen);
        trial->ask(0, Verb::remove, token);
        sg::this_actor::sleep_for(POLL);
        trial->steps++;
    }
}

static void redis(Trial *trial)
{
    bool locked = false;
    unsigned long token = 0;
    double until = 0;
    int result = -1;
    Status nodes[NODES + 1] = {};
    for (;;) {
        Message *message = trial->server->get<Message>();
        bool held = locked && trial->now() <= until;
        switch (message->verb) {
        case Verb::set_nx:
            message->good = !held;
            if (!held) {
                locked = true;
                token = message->token;
                until = trial->now() + TTL;
            }
            break;
        case Verb::remove:
            message->good = held && token == message->token;
            locked = held && token != message->token;
            break;
        case Verb::hset:
            nodes[message->from] = message->status;
            break;
        case Verb::hgetall:
            std::copy(nodes, nodes + NODES + 1, message->ballot);
            break;
        case Verb::get:
            message->result = result;
            break;
        case Verb::set:
            result = message->result;
            break;
        case Verb::stop:
            break;
        }
        bool reads = message->verb == Verb::hgetall;
        sg::this_actor::sleep_for(SERVICE + (reads ? VOTE * (NODES + 1) : 0));
        trial->boxes[message->from]->put_init(message, 1)->detach();
    }
}

static void flip(Trial *trial)
{
    sg::this_actor::sleep_for(FLIP_AT);
    trial->flips[FLIPPED]->release();
}

static Trial *last;

static void run_trials(const std::vector<sg::Host *> *hosts, sg::Host *server, int trials)
{
    for (int i = 0; i < trials; i++) {
        Trial *trial = new Trial;
        std::vector<sg::ActorPtr> actors;
        trial->began = sg::Engine::get_clock();
        trial->dice.seed((unsigned long)i);
        trial->server = sg::Mailbox::by_name("server" + std::to_string(i % 2));
        actors.push_back(sg::Actor::create("redis", server, redis, trial));
        trial->server->set_receiver(actors[0]);
        for (int id = 0; id <= NODES; id++) {
            trial->status[id] = Status::prepare;
            trial->follows[id] = -1;
            trial->flips[id] = sg::Semaphore::create(0);
            trial->boxes[id] =
                sg::Mailbox::by_name(std::to_string(id) + (i % 2 ? " odd" : " even"));
            auto actor = id == 0 ? sg::Actor::create("master", (*hosts)[0], master, trial)
                                 : sg::Actor::create("node", (*hosts)[(size_t)id], node, trial, id);
            trial->boxes[id]->set_receiver(actor);
            actors.push_back(actor);
        }
        actors.push_back(sg::Actor::create("flip", (*hosts)[FLIPPED], flip, trial));
        trial->done->acquire();
        for (auto &actor : actors)
            actor->kill();
        sg::this_actor::yield();
        delete last;
        last = trial;
    }
}

int main(int argc, char **argv)
{
    sg::Engine engine(&argc, argv);
    sg::Engine::set_config("network/model:CM02");
    sg::Engine::set_config("network/latency-factor:1");
    sg::Engine::set_config("surf/precision:1e-12");
    int trials = argc > 1 ? std::stoi(argv[1]) : 100;
    auto *zone = sg::create_star_zone("cluster");
    std::vector<sg::Host *> hosts;
    for (int id = 0; id <= NODES; id++) {
        auto *host = zone->create_host("host" + std::to_string(id), 1e9)->seal();
        auto *link = zone->create_link("link" + std::to_string(id), 1e12)
                         ->set_latency(ONE_WAY)->seal();
        zone->add_route(host->get_netpoint(), nullptr, nullptr, nullptr,
                        {sg::LinkInRoute(link)}, true);
        hosts.push_back(host);
    }
    auto *server = zone->create_host("server", 1e9)->seal();
    auto *near = zone->create_link("near", 1e15)->set_latency(0)->seal();
    zone->add_route(server->get_netpoint(), nullptr, nullptr, nullptr, {sg::LinkInRoute(near)},
                    true);
    zone->seal();
    sg::Actor::create("trials", server, run_trials, &hosts, server, trials);
    std::clock_t begun = std::clock();
    engine.run();
    double took = (double)(std::clock() - begun) / CLOCKS_PER_SEC;
    std::printf("{\"us_per_trial\": %.3f, \"steps\": %d, \"requests\": %d, \"elections\": %d, "
                "\"mean_latency_us\": %.3f}\n",
                took * 1e6 / trials, last->steps, last->requests, last->elections,
                ONE_WAY * 1e6);
    return 0;
}
