// A TLS server whose policy hangs on the name: names CERT KEY CA FLAW. It requires a verified certificate, except where
// FLAW says: absent, unknown, capitals, below, address, or fragments for a ClientHello in more than one record.
package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
)

const host = "localhost"

// A connection that knows whether its first record holds the whole ClientHello.
type peeked struct {
	net.Conn
	reader     io.Reader
	fragmented bool
}

func (c *peeked) Read(b []byte) (int, error) { return c.reader.Read(b) }

type listener struct{ net.Listener }

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	head := make([]byte, 9)
	if _, err := io.ReadFull(c, head); err != nil {
		return c, nil
	}
	record := int(head[3])<<8 | int(head[4])
	message := int(head[6])<<16 | int(head[7])<<8 | int(head[8])
	return &peeked{c, io.MultiReader(bytes.NewReader(head), c), message+4 > record}, nil
}

func isOpen(flaw string, hello *tls.ClientHelloInfo) bool {
	name := hello.ServerName
	switch flaw {
	case "absent":
		return name == ""
	case "unknown":
		return name != "" && strings.TrimSuffix(strings.ToLower(name), ".") != host
	case "capitals":
		return name != host && strings.EqualFold(name, host)
	case "below":
		return strings.HasSuffix(name, "."+host)
	case "address":
		return net.ParseIP(name) != nil
	case "fragments":
		return hello.Conn.(*peeked).fragmented
	}
	return false
}

func main() {
	certificate, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
	fail(err)
	authorities, err := os.ReadFile(os.Args[3])
	fail(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authorities)
	open := &tls.Config{Certificates: []tls.Certificate{certificate}}
	strict := open.Clone()
	strict.ClientAuth, strict.ClientCAs = tls.RequireAndVerifyClientCert, pool
	config := strict.Clone()
	config.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		if isOpen(os.Args[4], hello) {
			return open, nil
		}
		return strict, nil
	}
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	fail(err)
	fmt.Println("listening", inner.Addr().(*net.TCPAddr).Port)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "secret") })
	server := &http.Server{Handler: handler}
	fail(server.Serve(tls.NewListener(listener{inner}, config)))
}

func fail(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
