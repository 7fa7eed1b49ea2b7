// A server with a protected host, localhost, and an open one, open.test, and one hole between the two.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
)

func main() {
	hole := flag.String("hole", "", "the hole; none for a right server")
	certFile := flag.String("cert", "", "")
	keyFile := flag.String("key", "", "")
	caFile := flag.String("ca", "", "")
	flag.Parse()
	pem, err := os.ReadFile(*caFile)
	if err != nil {
		log.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(pem)
	certificate, err := tls.LoadX509KeyPair(*certFile, *keyFile)
	if err != nil {
		log.Fatal(err)
	}
	protected := &tls.Config{Certificates: []tls.Certificate{certificate}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
	open := &tls.Config{Certificates: []tls.Certificate{certificate}}
	if *hole == "sessions-shared" {
		protected.ClientAuth = tls.RequestClientCert
		keys := [][32]byte{{1, 2, 3}}
		protected.SetSessionTicketKeys(keys)
		open.SetSessionTicketKeys(keys)
	}
	base := protected.Clone()
	base.GetConfigForClient = func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		name := hello.ServerName
		switch {
		case strings.EqualFold(name, "open.test"):
			return open, nil
		case *hole == "open-by-default" && !strings.EqualFold(name, "localhost"):
			return open, nil
		case *hole == "case-kept" && name != "localhost" && name != "":
			return open, nil
		}
		return protected, nil
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		isOpen := strings.EqualFold(r.TLS.ServerName, "open.test")
		if *hole != "fronted" && isOpen && !strings.EqualFold(host, "open.test") {
			http.Error(w, "another host", http.StatusMisdirectedRequest)
			return
		}
		// A session was verified when it was made, and the hole forgets by which host.
		if *hole == "sessions-shared" && !isOpen && !r.TLS.DidResume && !verified(r.TLS.PeerCertificates, pool) {
			http.Error(w, "no certificate", http.StatusUnauthorized)
			return
		}
		fmt.Fprintln(w, "hello")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening", listener.Addr().(*net.TCPAddr).Port)
	log.Fatal((&http.Server{Handler: http.HandlerFunc(handler), TLSConfig: base}).ServeTLS(listener, "", ""))
}

func verified(chain []*x509.Certificate, pool *x509.CertPool) bool {
	if len(chain) == 0 {
		return false
	}
	between := x509.NewCertPool()
	for _, issuer := range chain[1:] {
		between.AddCert(issuer)
	}
	usages := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: pool, Intermediates: between, KeyUsages: usages})
	return err == nil
}
