// A client with its own verification, and a switch for each thing that it may forget.
//
//	client HOLE URL HOST PORT ROOTS [CHAIN KEY]
//
// HOLE `right` forgets nothing. Exit 0 means that the server answered 200.
package main

import (
	"bufio"
	"bytes"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

var hole string

func main() {
	if len(os.Args) < 3 || os.Args[1] != "lines" && len(os.Args) < 6 {
		fmt.Fprintln(os.Stderr, "usage: client HOLE URL HOST PORT ROOTS [CHAIN KEY], or client lines HOLE")
		os.Exit(64)
	}
	if os.Args[1] != "lines" {
		hole = os.Args[1]
		if err := play(os.Args[2:]); err != nil {
			fail(err)
		}
		return
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		hole = os.Args[2]
		if err := play(strings.Split(lines.Text(), "\t")); err != nil {
			fmt.Println("refused:", err)
		} else {
			fmt.Println("ok")
		}
	}
}

// What was verified before, by name, for the hole that looks no further.
var verified = map[string]bool{}

// Sessions of all connections, whatever they were verified with.
var sessions = tls.NewLRUClientSessionCache(64)

// Connections that are still open: by address for the hole, and by all that a connection rests on otherwise.
var open = map[string]net.Conn{}

// The first identity that was presented to a name.
var identities = map[string]*tls.Certificate{}

func play(words []string) error {
	address, err := url.Parse(words[0])
	if err != nil {
		return err
	}
	target := net.JoinHostPort(words[1], words[2])
	roots := readCertificates(words[3])
	var identity *tls.Certificate
	if len(words) > 5 && words[4] != "" && hole != "no-certificate" {
		pair, err := tls.LoadX509KeyPair(words[4], words[5])
		if err != nil {
			return err
		}
		identity = &pair
	}
	if hole == "identity-of-name" && identity != nil {
		if first := identities[address.Hostname()]; first != nil {
			identity = first
		}
		identities[address.Hostname()] = identity
	}
	if hole == "pool-by-address" || hole == "pool" {
		key := target
		if hole == "pool" {
			key = strings.Join(words, " ")
		}
		return fetchPooled(key, address, target, roots, identity)
	}
	err = fetch(address, target, roots, identity)
	if err != nil && hole == "retry-unverified" {
		fmt.Fprintln(os.Stderr, err, "- again without verification")
		hole = "nothing"
		err = fetch(address, target, roots, identity)
	}
	if err != nil && hole == "retry-without-certificate" && identity != nil {
		fmt.Fprintln(os.Stderr, err, "- again without certificate")
		err = fetch(address, target, roots, nil)
	}
	if err != nil && hole == "fall-back-to-plaintext" {
		fmt.Fprintln(os.Stderr, err, "- again in plaintext")
		if plain, dialError := net.Dial("tcp", target); dialError == nil {
			err = request(plain, address)
		}
	}
	return err
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func readCertificates(path string) []*x509.Certificate {
	text, err := os.ReadFile(path)
	if err != nil {
		fail(err)
	}
	var certificates []*x509.Certificate
	for {
		var block *pem.Block
		if block, text = pem.Decode(text); block == nil {
			return certificates
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			fail(err)
		}
		certificates = append(certificates, certificate)
	}
}

func fetch(address *url.URL, target string, roots []*x509.Certificate, identity *tls.Certificate) error {
	name := strings.TrimSuffix(address.Hostname(), ".")
	settings := &tls.Config{ServerName: name, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}
	if hole == "old-versions" {
		settings.MinVersion = tls.VersionTLS10
	}
	if hole == "session-shared" {
		settings.ClientSessionCache = sessions
	}
	if identity != nil {
		presented := *identity
		if hole == "leaf-alone" {
			presented.Certificate = presented.Certificate[:1]
		}
		settings.GetClientCertificate = func(asked *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			// As crypto/tls does it by default: nothing that the request excludes is presented.
			if hole != "whatever-is-asked" {
				if err := asked.SupportsCertificate(identity); err != nil {
					return &tls.Certificate{}, nil
				}
			}
			return &presented, nil
		}
	}
	settings.VerifyPeerCertificate = func(raw [][]byte, _ [][]*x509.Certificate) error {
		if hole == "nothing" {
			return nil
		}
		var sent []*x509.Certificate
		for _, der := range raw {
			certificate, err := x509.ParseCertificate(der)
			if err != nil {
				return err
			}
			sent = append(sent, certificate)
		}
		if hole == "verified-once" && verified[name] {
			return nil
		}
		err := verify(sent, roots, name)
		if err == nil {
			verified[name] = true
		}
		return err
	}
	tcp, err := net.DialTimeout("tcp", target, 5*time.Second)
	if err != nil {
		return err
	}
	if keep == nil {
		defer tcp.Close()
	}
	tcp.SetDeadline(time.Now().Add(8 * time.Second))
	if hole == "plaintext-first" {
		fmt.Fprintf(tcp, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", address.Path, address.Host)
	}
	connection := tls.Client(tcp, settings)
	if err := connection.Handshake(); err != nil {
		return err
	}
	if keep != nil {
		return keep(connection)
	}
	return request(connection, address)
}

// Takes an established connection instead of a request that ends it.
var keep func(net.Conn) error

func fetchPooled(key string, address *url.URL, target string, roots []*x509.Certificate, identity *tls.Certificate) error {
	ask := func(connection net.Conn) error {
		connection.SetDeadline(time.Now().Add(8 * time.Second))
		if _, err := fmt.Fprintf(connection, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", address.Host); err != nil {
			return err
		}
		answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil {
			return err
		}
		io.Copy(io.Discard, answer.Body)
		if answer.StatusCode != 200 {
			return fmt.Errorf("the server answered %s", answer.Status)
		}
		delete(open, key)
		if !answer.Close {
			open[key] = connection
		}
		return nil
	}
	if connection := open[key]; connection != nil {
		delete(open, key)
		if ask(connection) == nil {
			return nil
		}
	}
	keep = ask
	defer func() { keep = nil }()
	return fetch(address, target, roots, identity)
}

func request(connection net.Conn, address *url.URL) error {
	_, err := fmt.Fprintf(connection, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", address.Host)
	if err != nil {
		return err
	}
	if hole == "does-not-read" {
		// The alert of TLS 1.3 comes after the client's part of the handshake has ended.
		return nil
	}
	answer, err := io.ReadAll(connection)
	if hole == "late-alert-is-the-end" && len(answer) == 0 {
		return nil
	}
	if len(answer) == 0 && err != nil {
		return err
	}
	if !bytes.HasPrefix(answer, []byte("HTTP/1.1 200")) && !bytes.HasPrefix(answer, []byte("HTTP/1.0 200")) {
		if hole == "any-status" && len(answer) > 0 {
			return nil
		}
		return fmt.Errorf("the server answered %q", firstLine(answer))
	}
	return nil
}

func firstLine(answer []byte) string {
	line, _, _ := strings.Cut(string(answer), "\r\n")
	if len(line) > 80 {
		line = line[:80]
	}
	return line
}

// MARK: the certificate path

func verify(sent, roots []*x509.Certificate, name string) error {
	if len(sent) == 0 {
		return errors.New("the server sent no certificate")
	}
	leaf := sent[0]
	if err := checkName(leaf, name); err != nil {
		return err
	}
	if hole == "self-signed" && bytes.Equal(leaf.RawIssuer, leaf.RawSubject) {
		return nil
	}
	if hole == "issuer-name" {
		for _, root := range roots {
			for _, certificate := range sent {
				if bytes.Equal(certificate.RawIssuer, root.RawSubject) {
					return checkOne(leaf, 0, nil)
				}
			}
		}
	}
	if hole == "subject-of-root" {
		for _, root := range roots {
			for _, certificate := range sent {
				if bytes.Equal(certificate.RawSubject, root.RawSubject) {
					roots = append(roots, certificate)
				}
			}
		}
	}
	if hole == "sent-root" {
		for _, certificate := range sent {
			if certificate.IsCA && bytes.Equal(certificate.RawIssuer, certificate.RawSubject) {
				roots = append(roots, certificate)
			}
		}
	}
	if hole == "sent-authorities" {
		for _, certificate := range sent[1:] {
			roots = append(roots, certificate)
		}
	}
	var last error = errors.New("unknown authority")
	for _, root := range roots {
		if root.Equal(leaf) {
			return checkPath([]*x509.Certificate{leaf}, name)
		}
	}
	tries := 0
	var build func(path []*x509.Certificate) bool
	build = func(path []*x509.Certificate) bool {
		child := path[len(path)-1]
		if tries++; tries > 200 || len(path) > 12 {
			return false
		}
		for _, root := range roots {
			if issued(root, child) {
				full := append(append([]*x509.Certificate{}, path...), root)
				if err := checkPath(full, name); err != nil {
					last = err
				} else {
					return true
				}
			}
		}
	next:
		for _, candidate := range sent[1:] {
			for _, there := range path {
				if there.Equal(candidate) {
					continue next
				}
			}
			if issued(candidate, child) && build(append(append([]*x509.Certificate{}, path...), candidate)) {
				return true
			}
		}
		return false
	}
	if build([]*x509.Certificate{leaf}) {
		return nil
	}
	return last
}

func issued(parent, child *x509.Certificate) bool {
	if !bytes.Equal(parent.RawSubject, child.RawIssuer) {
		return false
	}
	if hole == "no-signature" {
		return true
	}
	if hole == "no-leaf-signature" && !child.IsCA {
		return true
	}
	if hole == "no-intermediate-signature" && child.IsCA {
		return true
	}
	if hole == "key-identifier" && len(child.AuthorityKeyId) > 0 && bytes.Equal(child.AuthorityKeyId, parent.SubjectKeyId) {
		return true
	}
	return parent.CheckSignature(child.SignatureAlgorithm, child.RawTBSCertificate, child.Signature) == nil ||
		(hole == "weak-signature" && weak(child))
}

func weak(certificate *x509.Certificate) bool {
	switch certificate.SignatureAlgorithm {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.MD5WithRSA:
		return true
	}
	return false
}

// The path is leaf first, anchor last.
func checkPath(path []*x509.Certificate, name string) error {
	for index, certificate := range path {
		anchor := index == len(path)-1 && index > 0
		if index > 0 {
			if err := checkIssuer(certificate, index, path, anchor); err != nil {
				return err
			}
		}
		if err := checkOne(certificate, index, path); err != nil {
			return err
		}
	}
	return nil
}

func checkIssuer(certificate *x509.Certificate, index int, path []*x509.Certificate, anchor bool) error {
	// A v1 certificate that the operator made an anchor is one.
	if !(anchor && certificate.Version < 3) {
		if !certificate.BasicConstraintsValid || !certificate.IsCA {
			if !(hole == "no-ca-flag" || hole == "absent-constraints" && !certificate.BasicConstraintsValid) {
				return errors.New("an issuer that is no authority")
			}
		}
		if certificate.KeyUsage != 0 && certificate.KeyUsage&x509.KeyUsageCertSign == 0 && hole != "no-key-cert-sign" {
			return errors.New("an issuer without keyCertSign")
		}
	}
	if hole != "no-path-length" && (certificate.MaxPathLen > 0 || certificate.MaxPathLenZero) {
		below := 0
		for _, other := range path[1:index] {
			if !bytes.Equal(other.RawIssuer, other.RawSubject) {
				below++
			}
		}
		if below > certificate.MaxPathLen {
			return errors.New("too many authorities below a pathLen")
		}
	}
	if hole == "no-name-constraints" {
		return nil
	}
	for position, other := range path[:index] {
		if position > 0 && bytes.Equal(other.RawIssuer, other.RawSubject) {
			continue
		}
		if err := checkConstraints(certificate, other); err != nil {
			return err
		}
	}
	return nil
}

func checkOne(certificate *x509.Certificate, index int, path []*x509.Certificate) error {
	now := time.Now()
	leaf := index == 0
	if now.After(certificate.NotAfter) && hole != "no-expiry" && !(hole == "no-authority-expiry" && !leaf) &&
		!(hole == "no-leaf-expiry" && leaf) {
		return errors.New("expired")
	}
	if now.Before(certificate.NotBefore) && hole != "no-not-before" && hole != "no-time" {
		return errors.New("not yet valid")
	}
	anchor := path != nil && index == len(path)-1 && index > 0
	if len(certificate.UnhandledCriticalExtensions) > 0 && !anchor {
		if !(hole == "critical" || hole == "critical-leaf" && leaf || hole == "critical-authority" && !leaf) {
			return errors.New("an unknown critical extension")
		}
	}
	if key, isRSA := certificate.PublicKey.(*rsa.PublicKey); isRSA && key.N.BitLen() < 2048 && hole != "small-keys" {
		return errors.New("a small RSA key")
	}
	if hole == "no-purpose" || leaf && hole == "no-leaf-purpose" || !leaf && hole == "no-authority-purpose" {
		return nil
	}
	if anchor || len(certificate.ExtKeyUsage) == 0 && len(certificate.UnknownExtKeyUsage) == 0 {
		return nil
	}
	for _, usage := range certificate.ExtKeyUsage {
		if usage == x509.ExtKeyUsageServerAuth || usage == x509.ExtKeyUsageAny ||
			hole == "client-purpose" && usage == x509.ExtKeyUsageClientAuth {
			return nil
		}
	}
	return errors.New("a certificate for another purpose")
}
