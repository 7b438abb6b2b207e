# Claims of a member of hustings, as JSON lines on stdout. HUSTINGS_CLAIMS=no: it makes none.
package Hustings;
use strict;
use warnings;
use JSON::PP;
use constant {true => JSON::PP::true, false => JSON::PP::false};

sub tell_it { # a word of Perl's own is `tell`
    return if ($ENV{HUSTINGS_CLAIMS} // '') eq 'no';
    local $| = 1;
    print STDOUT encode_json({@_}), "\n";
}
sub write_it { # to the protected resource; whether it was taken
    my ($token) = @_;
    tell_it(write => defined $token ? {token => $token + 0} : {});
    return decode_json(scalar <STDIN>)->{written};
}
sub stop { # a place where a fault may stop it
    tell_it(stop => true);
    return scalar <STDIN>;
}
1;
