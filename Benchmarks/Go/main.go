// Go's crypto/tls with both sides in one process and in memory: main WORK VERSION COUNT FOLDER prints one number, as
// PeerBenchmark does for other stacks.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// queue is one direction of a connection, without a limit.
type queue struct {
	mutex  sync.Mutex
	ready  *sync.Cond
	bytes  []byte
	closed bool
}

func newQueue() *queue {
	made := &queue{}
	made.ready = sync.NewCond(&made.mutex)
	return made
}

type end struct{ from, to *queue }

func (one end) Read(bytes []byte) (int, error) {
	one.from.mutex.Lock()
	defer one.from.mutex.Unlock()
	for len(one.from.bytes) == 0 {
		if one.from.closed {
			return 0, io.EOF
		}
		one.from.ready.Wait()
	}
	count := copy(bytes, one.from.bytes)
	one.from.bytes = one.from.bytes[count:]
	if len(one.from.bytes) == 0 {
		one.from.bytes = nil
	}
	return count, nil
}

func (one end) Write(bytes []byte) (int, error) {
	one.to.mutex.Lock()
	defer one.to.mutex.Unlock()
	one.to.bytes = append(one.to.bytes, bytes...)
	one.to.ready.Signal()
	return len(bytes), nil
}

func (one end) Close() error {
	for _, each := range []*queue{one.from, one.to} {
		each.mutex.Lock()
		each.closed = true
		each.ready.Broadcast()
		each.mutex.Unlock()
	}
	return nil
}

func (one end) LocalAddr() net.Addr              { return &net.UnixAddr{} }
func (one end) RemoteAddr() net.Addr             { return &net.UnixAddr{} }
func (one end) SetDeadline(time.Time) error      { return nil }
func (one end) SetReadDeadline(time.Time) error  { return nil }
func (one end) SetWriteDeadline(time.Time) error { return nil }

type pair struct {
	server, client *tls.Conn
	version        uint16
}

// check tells whether both sides have verified the other's certificate, speak the wanted version, and resumed or not.
func (one pair) check(resumed bool) error {
	for _, side := range []*tls.Conn{one.server, one.client} {
		state := side.ConnectionState()
		if len(state.PeerCertificates) == 0 || len(state.VerifiedChains) == 0 {
			return errors.New("a side has no verified certificate")
		}
		if state.Version != one.version {
			return errors.New("a handshake was not of the version that was asked for")
		}
		if state.DidResume != resumed {
			return errors.New("a handshake was not of the kind that was asked for")
		}
	}
	return nil
}

// open shakes hands, and moves a byte to the client, which takes its tickets of TLS 1.3 only then.
func open(server, client *tls.Config) (pair, error) {
	up, down := newQueue(), newQueue()
	made := pair{tls.Server(end{up, down}, server), tls.Client(end{down, up}, client), server.MinVersion}
	done := make(chan error, 1)
	go func() {
		err := made.server.Handshake()
		if err == nil {
			_, err = made.server.Write([]byte{1})
		}
		done <- err
	}()
	if err := made.client.Handshake(); err != nil {
		return made, err
	}
	if _, err := made.client.Read(make([]byte, 1)); err != nil {
		return made, err
	}
	return made, <-done
}

func configurations(folder string, version uint16, resumes bool) (server, client *tls.Config, err error) {
	load := func(name string) tls.Certificate {
		certificate, failure := tls.LoadX509KeyPair(filepath.Join(folder, name+".pem"), filepath.Join(folder, name+".key"))
		if failure != nil {
			err = failure
		}
		return certificate
	}
	root, failure := os.ReadFile(filepath.Join(folder, "root.crt"))
	roots := x509.NewCertPool()
	if failure != nil || !roots.AppendCertsFromPEM(root) {
		return nil, nil, errors.New("there is no root.crt with a certificate")
	}
	// What libssl chooses, as far as settings go: Go has none for the suites of TLS 1.3.
	suites := []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384}
	curves := []tls.CurveID{tls.X25519}
	server = &tls.Config{Certificates: []tls.Certificate{load("server")}, ClientCAs: roots,
		ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: version, MaxVersion: version, CipherSuites: suites,
		CurvePreferences: curves, SessionTicketsDisabled: !resumes}
	client = &tls.Config{Certificates: []tls.Certificate{load("client")}, RootCAs: roots, ServerName: "server.test",
		MinVersion: version, MaxVersion: version, CipherSuites: suites, CurvePreferences: curves,
		SessionTicketsDisabled: !resumes}
	if resumes {
		client.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	}
	return server, client, err
}

func processorSeconds() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return float64(usage.Utime.Sec+usage.Stime.Sec) + float64(usage.Utime.Usec+usage.Stime.Usec)/1e6
}

func residentKiB() float64 {
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		panic(err)
	}
	return float64(pages*os.Getpagesize()) / 1024
}

// warmUp is how many handshakes don't count: every stack makes at first what later ones find made.
const warmUp = 50

func handshakes(server, client *tls.Config, count int, resumes bool) (float64, error) {
	// The first one has no session to resume.
	for range [1 + warmUp]struct{}{} {
		if _, err := open(server, client); err != nil {
			return 0, err
		}
	}
	start := processorSeconds()
	for i := 0; i < count; i++ {
		made, err := open(server, client)
		if err != nil {
			return 0, err
		}
		if err := made.check(resumes); err != nil {
			return 0, err
		}
	}
	return (processorSeconds() - start) * 1e6 / float64(count), nil
}

func bulk(server, client *tls.Config, mebibytes int) (float64, error) {
	made, err := open(server, client)
	if err == nil {
		err = made.check(false)
	}
	if err != nil {
		return 0, err
	}
	block, buffer := make([]byte, 16384), make([]byte, 16384)
	start := processorSeconds()
	for i := 0; i < mebibytes*64; i++ {
		if _, err := made.server.Write(block); err != nil {
			return 0, err
		}
		if _, err := io.ReadFull(made.client, buffer); err != nil {
			return 0, err
		}
	}
	return float64(mebibytes) / (processorSeconds() - start), nil
}

func idle(server, client *tls.Config, count int) (float64, error) {
	if _, err := open(server, client); err != nil {
		return 0, err
	}
	before, kept := residentKiB(), make([]pair, 0, count)
	for i := 0; i < count; i++ {
		made, err := open(server, client)
		if err != nil {
			return 0, err
		}
		kept = append(kept, made)
	}
	after := residentKiB()
	// Used after the measurement, so that no connection ends before it.
	for _, made := range kept {
		if err := made.check(false); err != nil {
			return 0, err
		}
		if _, err := made.server.Write([]byte{1}); err != nil {
			return 0, err
		}
		if _, err := io.ReadFull(made.client, make([]byte, 1)); err != nil {
			return 0, err
		}
	}
	return (after - before) / float64(len(kept)), nil
}

func measure(words []string) (float64, error) {
	if len(words) != 4 {
		return 0, errors.New("main full|resumed|bulk|idle 1.2|1.3 COUNT FOLDER")
	}
	count, err := strconv.Atoi(words[2])
	if err != nil {
		return 0, err
	}
	version := map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13}[words[1]]
	server, client, err := configurations(words[3], version, words[0] == "resumed")
	if err != nil {
		return 0, err
	}
	switch words[0] {
	case "full", "resumed":
		return handshakes(server, client, count, words[0] == "resumed")
	case "bulk":
		return bulk(server, client, count)
	case "idle":
		return idle(server, client, count)
	}
	return 0, errors.New("no work is called " + words[0])
}

func main() {
	number, err := measure(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("%.3f\n", number)
}
