#!/usr/bin/perl
# A client on IO::Socket::SSL: client.pl WAY HOST PORT NAME ROOTS [CHAIN KEY]
#
# Broken ways: late (verifies when the request is out), host-of-any (takes a name that any certificate of the chain has).
# Right ways: right, patient (leaves the connection open, and ends without a word).
use strict;
use warnings;
use IO::Socket::SSL;
use Net::SSLeay;

my ($way, $host, $port, $name, $roots, $chain, $key) = @ARGV;
(my $plain = $name) =~ s/\.$//;
my $address = $plain =~ /:/ || $plain =~ /^[0-9.]+$/;
my %settings = (
    PeerHost => $host, PeerPort => $port, Timeout => 8,
    SSL_ca_file => $roots, SSL_verify_mode => SSL_VERIFY_PEER,
    SSL_hostname => $address ? '' : $plain,
    SSL_verifycn_name => $plain, SSL_verifycn_scheme => 'http',
    SSL_version => '!SSLv2:!SSLv3:!TLSv1:!TLSv1_1',
);
if ($chain) { @settings{qw(SSL_cert_file SSL_key_file SSL_use_cert)} = ($chain, $key, 1) }
if ($way eq 'late') { @settings{qw(SSL_verify_mode SSL_verifycn_scheme)} = (SSL_VERIFY_NONE, 'none') }
if ($way eq 'host-of-any') { $settings{SSL_verifycn_scheme} = 'none' }
my $tls = IO::Socket::SSL->new(%settings) or die "refused: $SSL_ERROR\n";
if ($way eq 'host-of-any') {
    my $found = grep {
        my $certificate = $_;
        my @names = Net::SSLeay::X509_get_subjectAltNames($certificate);
        my $subject = Net::SSLeay::X509_NAME_oneline(Net::SSLeay::X509_get_subject_name($certificate));
        $subject =~ /CN=\Q$plain\E$/ || grep { defined && $_ eq $plain } @names;
    } $tls->peer_certificates;
    die "another name\n" unless $found;
}
print $tls "GET / HTTP/1.1\r\nHost: $plain\r\n", ($way eq 'patient' ? '' : "Connection: close\r\n"), "\r\n";
if ($way eq 'late') {
    my $context = Net::SSLeay::get_verify_result($tls->_get_ssl_object);
    die "not verified: $context\n" if $context != 0 || !$tls->verify_hostname($plain, 'http');
}
my $answer = '';
while (sysread($tls, my $more, 4096)) { $answer .= $more; last if $answer =~ /\r\n\r\n/ && $way eq 'patient' }
die 'the server answered ' . substr($answer, 0, 40) . "\n" unless $answer =~ m{^HTTP/1\.1 200};
Net::SSLeay::_exit(0) if $way eq 'none';
exit 0;
