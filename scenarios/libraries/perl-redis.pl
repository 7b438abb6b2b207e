#!/usr/bin/perl
# A lock with Perl's Redis, as Redis's page "Distributed Locks" has it for one server: a token by
# chance, and a script that deletes only what bears it.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Hustings;
use Redis;
use Time::HiRes 'sleep';

my ($key, $url) = @ENV{'HUSTINGS_LOCK_KEY', 'REDIS_URL'};
my @server = $url =~ m{^unix://(.*)} ? (sock => $1) : (server => $url =~ s{^redis://|/.*}{}gr);
my $redis = Redis->new(@server, reconnect => 1);
my $free = 'if redis.call("get",KEYS[1]) == ARGV[1] '
    . 'then return redis.call("del",KEYS[1]) else return 0 end';
sub ms { my ($name, $value) = @_; return $ENV{"${name}_MS"} // $value }
sub round {
    my $token = join '', map { sprintf '%08x', rand 2**32 } 1 .. 4;
    $redis->set($key, $token, 'NX', 'PX', ms(HUSTINGS_LOCK_TTL => 30000)) or return;
    Hustings::claim(in_section => Hustings::true);
    sleep ms(WORK => 200) / 1000;
    Hustings::claim(in_section => Hustings::false);
    $redis->eval($free, 1, $key, $token) or die "the lock was not ours any more\n";
}
while () {
    eval { round(); 1 } or warn "says: $@";
    sleep ms(REST => 100) / 1000;
}
