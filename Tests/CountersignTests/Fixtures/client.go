// Connects as Go's crypto/tls does: client HOST PORT CA VERSION [CERT KEY]. Prints the server's first line.
// Ends with 0 when the server has greeted, and with 1 and the error when TLS has failed.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
)

func main() {
	arguments := os.Args[1:]
	if err := greet(arguments); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func greet(arguments []string) error {
	authority, err := os.ReadFile(arguments[2])
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	version := map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}[arguments[3]]
	config := &tls.Config{RootCAs: roots, MinVersion: version, MaxVersion: version}
	if len(arguments) > 4 {
		certificate, err := tls.LoadX509KeyPair(arguments[4], arguments[5])
		if err != nil {
			return err
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	connection, err := tls.Dial("tcp", net.JoinHostPort(arguments[0], arguments[1]), config)
	if err != nil {
		return err
	}
	defer connection.Close()
	line, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		return err
	}
	fmt.Print(line)
	return nil
}
