# Reads a password from standard input and prints what PostgreSQL keeps of it: `scram.pl [VERIFIER]`.
# Given a verifier that already proves this password, prints that one, so that running twice changes nothing.
# Source: RFC 5802; https://www.postgresql.org/docs/current/catalog-pg-authid.html
use strict;
use warnings;
use Digest::SHA qw(hmac_sha256 sha256);
use MIME::Base64 qw(encode_base64 decode_base64);

my $iterations = 4096;
my $known = shift // "";
my $password = do { local $/; <STDIN> } // "";
$password =~ s/\n\z//;
die "no password was given\n" if $password eq "";

# Letters and digits alone, as our passwords are, are their own SASLprep form.
die "a password must be printable ASCII\n" if $password =~ /[^\x21-\x7e]/;

sub verifier {
    my ($salt) = @_;
    my $block = hmac_sha256($salt . pack("N", 1), $password);
    my $salted = $block;
    for (2 .. $iterations) {
        $block = hmac_sha256($block, $password);
        $salted ^= $block;
    }
    my $stored = sha256(hmac_sha256("Client Key", $salted));
    my $server = hmac_sha256("Server Key", $salted);
    return sprintf "SCRAM-SHA-256\$%d:%s\$%s:%s", $iterations, map { encode_base64($_, "") } $salt, $stored, $server;
}

if ($known =~ /^SCRAM-SHA-256\$4096:([^\$]+)\$/ && verifier(decode_base64($1)) eq $known) {
    print $known;
} else {
    open my $random, "<:raw", "/dev/urandom" or die "no random numbers: $!\n";
    read($random, my $salt, 16) == 16 or die "no random numbers\n";
    print verifier($salt);
}
