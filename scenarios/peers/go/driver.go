// Puts crypto/tls behind the protocol of docs/peer-drivers.md.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

type files struct{ Chain, Leaf, Key string }

type serverSettings struct {
	Mode, TLS  string
	Identity   *files
	Identities []struct {
		Name     string
		Identity files
	}
	StrictSNI bool
	ClientCAs *string
}

type clientSettings struct {
	TLS        string
	Identity   *files
	Presents   string
	RootCAs    *string
	ServerName *string
	SkipVerify bool
}

type order struct {
	Do       string
	ID       int
	Role     string
	Server   *serverSettings
	Client   *clientSettings
	Identity *files
	Port     int
}

type fields map[string]any

// What serves and connects now; replaced by configure, forgotten by stop.
var (
	lock     sync.Mutex
	config   *tls.Config
	identity *tls.Certificate
	listener net.Listener
	seen     chan fields
)

func main() {
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	output := json.NewEncoder(os.Stdout)
	for input.Scan() {
		var o order
		if err := json.Unmarshal(input.Bytes(), &o); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		answer := obey(o)
		answer["id"] = o.ID
		if err := output.Encode(answer); err != nil {
			os.Exit(1)
		}
	}
}

func obey(o order) fields {
	switch o.Do {
	case "hello":
		return fields{"event": "hello", "protocol": 1, "name": "go",
			"version": strings.TrimPrefix(runtime.Version(), "go"), "roles": []string{"server", "client"}}
	case "configure":
		var err error
		if o.Role == "server" {
			err = configureServer(o.Server)
		} else {
			err = configureClient(o.Client)
		}
		if err != nil {
			return refused(err)
		}
		return fields{"event": "configured"}
	case "listen":
		return listen()
	case "connect":
		return connect(o.Port)
	case "observe":
		return <-seen
	case "rotate":
		pair, err := load(*o.Identity)
		if err != nil {
			return refused(err)
		}
		lock.Lock()
		identity = pair
		lock.Unlock()
		return fields{"event": "rotated"}
	case "stop":
		if listener != nil {
			listener.Close()
			listener = nil
		}
		config, identity = nil, nil
		return fields{"event": "stopped"}
	}
	return fields{"event": "error", "detail": "unknown order " + o.Do}
}

func refused(err error) fields {
	reason := "other"
	if strings.Contains(err.Error(), "private key does not match public key") {
		reason = "mismatched-key"
	}
	return fields{"event": "refused", "reason": reason, "detail": err.Error()}
}

func load(f files) (*tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(f.Chain, f.Key)
	return &pair, err
}

func pool(path *string) (*x509.CertPool, error) {
	if path == nil {
		return nil, nil
	}
	text, err := os.ReadFile(*path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	return pool, nil
}

func version(text string) uint16 {
	if text == "1.2" {
		return tls.VersionTLS12
	}
	return tls.VersionTLS13
}

func current() *tls.Certificate {
	lock.Lock()
	defer lock.Unlock()
	return identity
}

func configureServer(s *serverSettings) error {
	modes := map[string]tls.ClientAuthType{
		"NoClientCert": tls.NoClientCert, "RequestClientCert": tls.RequestClientCert,
		"RequireAnyClientCert": tls.RequireAnyClientCert, "VerifyClientCertIfGiven": tls.VerifyClientCertIfGiven,
		"RequireAndVerifyClientCert": tls.RequireAndVerifyClientCert,
	}
	if s.Identity == nil {
		return errors.New("no identity")
	}
	pair, err := load(*s.Identity)
	if err != nil {
		return err
	}
	byName := map[string]*tls.Certificate{}
	for _, named := range s.Identities {
		if byName[strings.ToLower(named.Name)], err = load(named.Identity); err != nil {
			return err
		}
	}
	clientCAs, err := pool(s.ClientCAs)
	if err != nil {
		return err
	}
	strict := s.StrictSNI
	identity = pair
	config = &tls.Config{
		MinVersion: version(s.TLS), MaxVersion: version(s.TLS), ClientAuth: modes[s.Mode], ClientCAs: clientCAs,
		SessionTicketsDisabled: true,
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
			name := strings.ToLower(hello.ServerName)
			if found := byName[name]; found != nil {
				return found, nil
			}
			if dot := strings.Index(name, "."); dot > 0 && byName["*"+name[dot:]] != nil {
				return byName["*"+name[dot:]], nil
			}
			if strict && name != "" {
				leaf, err := x509.ParseCertificate(current().Certificate[0])
				if err != nil || leaf.VerifyHostname(name) != nil {
					return nil, errors.New("no certificate for the name " + name)
				}
			}
			return current(), nil
		},
	}
	return nil
}

func configureClient(c *clientSettings) error {
	roots, err := pool(c.RootCAs)
	if err != nil {
		return err
	}
	config = &tls.Config{MinVersion: version(c.TLS), MaxVersion: version(c.TLS), RootCAs: roots,
		InsecureSkipVerify: c.SkipVerify}
	if c.ServerName != nil {
		config.ServerName = *c.ServerName
	}
	identity = nil
	if c.Identity == nil {
		return nil
	}
	if identity, err = load(*c.Identity); err != nil {
		return err
	}
	if c.Presents == "always" {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return current(), nil }
	} else {
		config.GetClientCertificate = func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			if request.SupportsCertificate(current()) == nil {
				return current(), nil
			}
			return &tls.Certificate{}, nil
		}
	}
	return nil
}

func listen() fields {
	var err error
	if listener, err = net.Listen("tcp4", "127.0.0.1:0"); err != nil {
		return fields{"event": "error", "detail": err.Error()}
	}
	seen = make(chan fields, 16)
	accepting, results, settings := listener, seen, config
	go func() {
		for {
			raw, err := accepting.Accept()
			if err != nil {
				return
			}
			go func() { results <- serve(raw, settings) }()
		}
	}()
	return fields{"event": "listening", "port": listener.Addr().(*net.TCPAddr).Port}
}

func serve(raw net.Conn, settings *tls.Config) fields {
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(10 * time.Second))
	var name *string
	perConnection := settings.Clone()
	choose := perConnection.GetCertificate
	perConnection.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if hello.ServerName != "" {
			name = &hello.ServerName
		}
		return choose(hello)
	}
	conn := tls.Server(kept{raw}, perConnection)
	err := conn.Handshake()
	answer := fields{"event": "connection", "sni": name}
	if err == nil {
		if err = greet(conn); err != nil {
			answer["noticed"] = "first-read"
		}
	} else {
		answer["noticed"] = "handshake"
	}
	tell(answer, conn.ConnectionState(), err)
	finish(conn, raw)
	return answer
}

func greet(conn *tls.Conn) error {
	if _, err := io.WriteString(conn, "hello\n"); err != nil {
		return err
	}
	_, err := bufio.NewReader(conn).ReadString('\n')
	return err
}

// What the connection is hung up with: close_notify, the end of our side, and the peer's rest until it hangs up too, so
// that no reset overtakes an alert.
func finish(conn *tls.Conn, raw net.Conn) {
	conn.Close()
	if tcp, ok := raw.(*net.TCPConn); ok {
		tcp.CloseWrite()
	}
	raw.SetReadDeadline(time.Now().Add(time.Second))
	io.Copy(io.Discard, raw)
}

// Holds back the end of the transport, so that finish can end it in order.
type kept struct{ net.Conn }

func (kept) Close() error { return nil }

func connect(port int) fields {
	raw, err := net.Dial("tcp4", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		return fields{"event": "error", "detail": err.Error()}
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(10 * time.Second))
	requested := false
	settings := config.Clone()
	choose := settings.GetClientCertificate
	settings.GetClientCertificate = func(request *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		requested = true
		if choose == nil {
			return &tls.Certificate{}, nil
		}
		return choose(request)
	}
	conn := tls.Client(kept{raw}, settings)
	err = conn.Handshake()
	answer := fields{"event": "connection"}
	if err == nil {
		answer["certificateRequested"] = requested
		if err = answerGreeting(conn); err != nil {
			answer["noticed"] = "first-read"
		}
	} else if strings.Contains(err.Error(), "either ServerName or InsecureSkipVerify") {
		answer["noticed"] = "configuration"
		answer["reason"] = "no-server-name"
	} else {
		answer["noticed"] = "handshake"
	}
	tell(answer, conn.ConnectionState(), err)
	finish(conn, raw)
	return answer
}

func answerGreeting(conn *tls.Conn) error {
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(line, "hello") {
		return fmt.Errorf("the server greeted with %q", line)
	}
	_, err = io.WriteString(conn, "hello yourself\n")
	return err
}

func tell(answer fields, state tls.ConnectionState, err error) {
	answer["accepted"] = err == nil
	if err != nil {
		answer["detail"] = err.Error()
		answer["alertReceived"] = alert(err)
	} else {
		answer["alertSent"], answer["alertReceived"] = nil, nil
		answer["version"] = map[uint16]string{tls.VersionTLS12: "1.2", tls.VersionTLS13: "1.3"}[state.Version]
		answer["cipherSuite"] = tls.CipherSuiteName(state.CipherSuite)
		answer["resumed"] = state.DidResume
		answer["verified"] = len(state.VerifiedChains) > 0
		answer["verifiedChainLength"] = 0
		if len(state.VerifiedChains) > 0 {
			answer["verifiedChainLength"] = len(state.VerifiedChains[0])
		}
		answer["received"] = nil
		if len(state.PeerCertificates) > 0 {
			answer["received"] = fields{"serial": state.PeerCertificates[0].SerialNumber.Text(16)}
			answer["receivedChainLength"] = len(state.PeerCertificates)
		}
	}
}

// The alert of the peer, which crypto/tls tells in words alone.
func alert(err error) any {
	text := err.Error()
	at := strings.Index(text, "remote error: tls: ")
	if at < 0 {
		return nil
	}
	words := text[at+len("remote error: tls: "):]
	numbers := map[string]int{
		"unexpected message": 10, "bad record MAC": 20, "handshake failure": 40, "bad certificate": 42,
		"unsupported certificate": 43, "revoked certificate": 44, "expired certificate": 45, "unknown certificate": 46,
		"illegal parameter": 47, "unknown certificate authority": 48, "access denied": 49, "error decoding message": 50,
		"error decrypting message": 51, "protocol version not supported": 70, "insufficient security level": 71,
		"internal error": 80, "missing extension": 109, "unsupported extension": 110, "unrecognized name": 112,
		"certificate required": 116, "no application protocol": 120,
	}
	if number, ok := numbers[words]; ok {
		return number
	}
	var number int
	if _, err := fmt.Sscanf(words, "alert(%d)", &number); err == nil {
		return number
	}
	return nil
}
