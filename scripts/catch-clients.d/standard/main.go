// A right client on Go's own net/http: standard URL HOST PORT ROOTS [CHAIN KEY]
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	if err := fetch(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func fetch(words []string) error {
	text, err := os.ReadFile(words[3])
	if err != nil {
		return err
	}
	settings := &tls.Config{RootCAs: x509.NewCertPool()}
	settings.RootCAs.AppendCertsFromPEM(text)
	if len(words) > 5 {
		pair, err := tls.LoadX509KeyPair(words[4], words[5])
		if err != nil {
			return err
		}
		settings.Certificates = []tls.Certificate{pair}
	}
	client := &http.Client{Timeout: 8 * time.Second, Transport: &http.Transport{
		TLSClientConfig: settings,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, net.JoinHostPort(words[1], words[2]))
		},
	}}
	answer, err := client.Get(words[0])
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 {
		return fmt.Errorf("the server answered %s", answer.Status)
	}
	return nil
}
