// A server of mutual TLS that does everything right but for one hole, which -hole names; without it, it is right.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
)

func main() {
	hole := flag.String("hole", "", "what is wrong")
	listen := flag.String("listen", "127.0.0.1:0", "where")
	certificate := flag.String("cert", "", "chain of the server")
	key := flag.String("key", "", "key of the server")
	authority := flag.String("ca", "", "client CA")
	list := flag.String("crl", "", "revocation list")
	flag.Parse()
	log.SetFlags(0)
	pair, err := tls.LoadX509KeyPair(*certificate, *key)
	if err != nil {
		log.Fatal(err)
	}
	v := &verifier{hole: *hole, verified: map[string]bool{}}
	text, err := os.ReadFile(*authority)
	if err != nil {
		log.Fatal(err)
	}
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		root, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			log.Fatal(err)
		}
		v.roots = append(v.roots, root)
	}
	if *list != "" {
		text, err := os.ReadFile(*list)
		if err != nil {
			log.Fatal(err)
		}
		parsed, err := x509.ParseCRL(text)
		if err != nil {
			log.Fatal(err)
		}
		v.crl = map[string]bool{}
		for _, entry := range parsed.TBSCertList.RevokedCertificates {
			v.crl[entry.SerialNumber.String()] = true
		}
	}
	s := &server{verifier: v, pair: pair}
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening", listener.Addr().(*net.TCPAddr).Port)
	s.serve(listener)
}

type server struct {
	*verifier
	pair  tls.Certificate
	mutex sync.Mutex
	known map[string]bool
}

// settings are right, until the hole says otherwise.
func (s *server) settings() *tls.Config {
	pool := x509.NewCertPool()
	for _, root := range s.roots {
		pool.AddCert(root)
	}
	c := &tls.Config{
		Certificates: []tls.Certificate{s.pair}, ClientAuth: tls.RequireAnyClientCert, ClientCAs: pool,
		SessionTicketsDisabled: true, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
		VerifyPeerCertificate: func(raw [][]byte, _ [][]*x509.Certificate) error {
			var chain []*x509.Certificate
			for _, der := range raw {
				parsed, err := x509.ParseCertificate(der)
				if err != nil {
					return err
				}
				chain = append(chain, parsed)
			}
			if len(chain) == 0 {
				return nil
			}
			return s.verify(chain)
		},
	}
	switch s.hole {
	case "request-only":
		c.ClientAuth, c.VerifyPeerCertificate = tls.RequestClientCert, nil
	case "require-any":
		c.VerifyPeerCertificate = nil
	case "if-given":
		c.ClientAuth = tls.RequestClientCert
	case "no-client-auth":
		c.ClientAuth, c.VerifyPeerCertificate = tls.NoClientCert, nil
	case "refused-client-resumes", "request-checked-once":
		c.VerifyPeerCertificate, c.SessionTicketsDisabled = nil, false
	case "sessions":
		c.SessionTicketsDisabled = false
	}
	return c
}

// open is what a listener does where its policy is lost.
func (s *server) open() *tls.Config {
	c := s.settings()
	c.ClientAuth, c.VerifyPeerCertificate = tls.NoClientCert, nil
	return c
}

func (s *server) serve(listener net.Listener) {
	for {
		raw, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go s.one(raw)
	}
}

func (s *server) one(raw net.Conn) {
	defer raw.Close()
	hello := &helloReader{Conn: raw}
	c := s.settings()
	c.SetSessionTicketKeys([][32]byte{{1, 2, 3}})
	c.GetConfigForClient = func(info *tls.ClientHelloInfo) (*tls.Config, error) {
		highest := uint16(0)
		for _, version := range info.SupportedVersions {
			if version > highest && version < 0x0a0a {
				highest = version
			}
		}
		name := info.ServerName
		numeric := name != "" && strings.Trim(name, "0123456789.:") == ""
		lost := false
		switch s.hole {
		case "name-capitals-open":
			lost = name != strings.ToLower(name)
		case "no-name-open":
			lost = name == ""
		case "unknown-name-open":
			lost = name != "" && !strings.EqualFold(name, "localhost")
		case "below-name-open":
			lost = strings.HasSuffix(strings.ToLower(name), ".localhost")
		case "address-name-open":
			lost = numeric
		case "split-records-open":
			lost = hello.split
		case "split-segments-open":
			lost = hello.short
		case "tls12-open":
			lost = highest == tls.VersionTLS12
		case "tls13-open":
			lost = highest == tls.VersionTLS13
		case "old-versions-open":
			lost = highest < tls.VersionTLS12
		case "h2-open":
			for _, protocol := range info.SupportedProtos {
				lost = lost || protocol == "h2"
			}
		case "no-alpn-open":
			lost = len(info.SupportedProtos) == 0
		case "tls12-any", "tls13-any":
			if (s.hole == "tls12-any") == (highest == tls.VersionTLS12) {
				any := s.settings()
				any.VerifyPeerCertificate = nil
				return any, nil
			}
		}
		if lost {
			o := s.open()
			if s.hole == "old-versions-open" {
				o.MinVersion = tls.VersionTLS10
			}
			if s.hole == "h2-open" {
				o.NextProtos = []string{"h2", "http/1.1"}
			}
			return o, nil
		}
		return nil, nil
	}
	if s.hole == "old-versions-open" {
		c.MinVersion = tls.VersionTLS10
	}
	if s.hole == "address-remembered" {
		host, _, _ := net.SplitHostPort(raw.RemoteAddr().String())
		s.mutex.Lock()
		known := s.known[host]
		s.mutex.Unlock()
		if known {
			c.ClientAuth, c.VerifyPeerCertificate = tls.RequestClientCert, nil
		}
	}
	conn := tls.Server(hello, c)
	defer conn.Close()
	if conn.Handshake() != nil {
		io.Copy(io.Discard, io.LimitReader(raw, 1<<16))
		return
	}
	state := conn.ConnectionState()
	if s.hole == "address-remembered" {
		host, _, _ := net.SplitHostPort(raw.RemoteAddr().String())
		s.mutex.Lock()
		if s.known == nil {
			s.known = map[string]bool{}
		}
		s.known[host] = true
		s.mutex.Unlock()
	}
	reader := bufio.NewReader(conn)
	first := true
	for {
		request, err := http.ReadRequest(reader)
		if err != nil {
			return
		}
		io.Copy(io.Discard, request.Body)
		status, body := 200, "hello\n"
		if err := s.authorize(&state, first, request); err != nil {
			status, body = 403, "forbidden\n"
		}
		first = false
		fmt.Fprintf(conn, "HTTP/1.1 %d %s\r\nContent-Length: %d\r\n\r\n%s", status, http.StatusText(status), len(body), body)
		if request.Close || request.ProtoMinor == 0 {
			return
		}
	}
}

// authorize is the part of servers that ask for certificates in the handshake and look at them in the request.
func (s *server) authorize(state *tls.ConnectionState, first bool, request *http.Request) error {
	switch s.hole {
	case "refused-client-resumes":
		if state.DidResume {
			return nil
		}
	case "request-checked-once":
		if !first {
			return nil
		}
	case "other-host-open":
		return nil
	default:
		return nil
	}
	if len(state.PeerCertificates) == 0 {
		return errors.New("no certificate")
	}
	return s.verify(state.PeerCertificates)
}

// helloReader notes whether the ClientHello came in several records, or in several segments.
type helloReader struct {
	net.Conn
	seen         []byte
	split, short bool
	reads        int
}

func (r *helloReader) Read(into []byte) (int, error) {
	if r.reads == 0 {
		buffer := make([]byte, 16384+5)
		count, err := r.Conn.Read(buffer)
		if err != nil {
			return 0, err
		}
		r.seen = buffer[:count]
		if count < 9 {
			r.short, r.split = true, true
		} else {
			record := int(buffer[3])<<8 | int(buffer[4])
			message := int(buffer[6])<<16 | int(buffer[7])<<8 | int(buffer[8])
			r.split = message+4 > record
			r.short = count < record+5
		}
	}
	r.reads++
	if len(r.seen) > 0 {
		count := copy(into, r.seen)
		r.seen = r.seen[count:]
		return count, nil
	}
	return r.Conn.Read(into)
}
