// A TLS server of Go's crypto/tls: server CERT KEY CA MODE, MODE being the number of a tls.ClientAuthType.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

func main() {
	certificate, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
	fail(err)
	authorities, err := os.ReadFile(os.Args[3])
	fail(err)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authorities)
	mode, err := strconv.Atoi(os.Args[4])
	fail(err)
	config := &tls.Config{Certificates: []tls.Certificate{certificate}, ClientCAs: pool, ClientAuth: tls.ClientAuthType(mode)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	fail(err)
	fmt.Println("listening", listener.Addr().(*net.TCPAddr).Port)
	for {
		connection, err := listener.Accept()
		fail(err)
		go serve(tls.Server(connection, config))
	}
}

func serve(connection *tls.Conn) {
	defer connection.Close()
	connection.SetDeadline(time.Now().Add(10 * time.Second))
	if connection.Handshake() != nil {
		return
	}
	fmt.Fprintln(connection, "hello")
	connection.Read(make([]byte, 100))
}

func fail(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
