// Serves as Go's crypto/tls does: server CERT KEY MODE VERSION [CLIENT-CA]. Listens on a free port of 127.0.0.1, prints
// `listening PORT`, greets each client, and prints `accepted NAME` or `rejected ERROR`.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
)

var modes = map[string]tls.ClientAuthType{
	"NoClientCert":               tls.NoClientCert,
	"RequestClientCert":          tls.RequestClientCert,
	"RequireAnyClientCert":       tls.RequireAnyClientCert,
	"VerifyClientCertIfGiven":    tls.VerifyClientCertIfGiven,
	"RequireAndVerifyClientCert": tls.RequireAndVerifyClientCert,
}

func main() {
	arguments := os.Args[1:]
	certificate, err := tls.LoadX509KeyPair(arguments[0], arguments[1])
	if err != nil {
		panic(err)
	}
	version := map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}[arguments[3]]
	config := &tls.Config{
		Certificates: []tls.Certificate{certificate},
		ClientAuth:   modes[arguments[2]],
		MinVersion:   version,
		MaxVersion:   version,
	}
	if len(arguments) > 4 {
		authority, err := os.ReadFile(arguments[4])
		if err != nil {
			panic(err)
		}
		config.ClientCAs = x509.NewCertPool()
		config.ClientCAs.AppendCertsFromPEM(authority)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("listening %d.\n", listener.Addr().(*net.TCPAddr).Port)
	for {
		plain, err := listener.Accept()
		if err != nil {
			return
		}
		go serve(tls.Server(plain, config))
	}
}

func serve(connection *tls.Conn) {
	defer connection.Close()
	if err := connection.Handshake(); err != nil {
		fmt.Println("rejected", err)
		return
	}
	name := "anonymous"
	if certificates := connection.ConnectionState().PeerCertificates; len(certificates) > 0 {
		name = certificates[0].Subject.CommonName
	}
	fmt.Fprintf(connection, "hello %s\n", name)
	fmt.Println("accepted", name)
	// The client ends the connection, so that nothing of the greeting is lost to a reset.
	connection.Read(make([]byte, 1))
}
