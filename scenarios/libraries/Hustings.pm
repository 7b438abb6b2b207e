# Claims of a member of hustings, as JSON lines on stdout. HUSTINGS_CLAIMS=no: it makes none.
package Hustings;
use strict;
use warnings;
use IO::Handle;
use JSON::PP;
use Time::HiRes qw(clock_gettime CLOCK_MONOTONIC);
use constant {true => JSON::PP::true, false => JSON::PP::false};

sub line {
    STDOUT->print(encode_json({@_}), "\n");
    return STDOUT->flush;
}
sub claim {
    my %what = (@_, at_s => clock_gettime(CLOCK_MONOTONIC));
    return ($ENV{HUSTINGS_CLAIMS} // '') eq 'no' || line(claim => \%what);
}
claim(); # of nothing: from the beginning, nothing is to be inferred of it
sub writes { # to the protected resource; whether it was taken
    my ($token) = @_;
    line(write => defined $token ? {token => $token + 0} : {});
    return decode_json(scalar <STDIN>)->{written};
}
sub stop { # a place where a fault may stop it
    line(stop => true);
    return scalar <STDIN>;
}
1;
