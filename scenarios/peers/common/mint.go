// Certificates of a few words, and outcomes by name, for Go programs that show a documented failure on a release of Go.
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"fmt"
	"math/big"
	"net"
	"time"
)

type entity struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	tls  tls.Certificate
}

var serial int64

// mint makes a certificate that issuer signs; nil signs itself. change sets what is not usual.
func mint(issuer *entity, name string, change func(*x509.Certificate)) *entity {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	serial++
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(24 * time.Hour),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if change != nil {
		change(template)
	}
	made := &entity{key: key}
	parent, signer := template, key
	if issuer != nil {
		parent, signer = issuer.cert, issuer.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		panic(err)
	}
	if made.cert, err = x509.ParseCertificate(der); err != nil {
		panic(err)
	}
	made.tls = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	if issuer != nil && issuer.cert.Subject.String() != issuer.cert.Issuer.String() {
		made.tls.Certificate = append(made.tls.Certificate, issuer.tls.Certificate...)
	}
	return made
}

// authority is a change for mint: a CA.
func authority(template *x509.Certificate) {
	template.IsCA, template.BasicConstraintsValid = true, true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	template.ExtKeyUsage = nil
}

func pool(entities ...*entity) *x509.CertPool {
	made := x509.NewCertPool()
	for _, one := range entities {
		made.AddCert(one.cert)
	}
	return made
}

// say prints an outcome under the name of a question.
func say(name, format string, arguments ...any) {
	fmt.Printf("%s: %s\n", name, fmt.Sprintf(format, arguments...))
}

// outcome runs what may panic, which is an outcome too.
func outcome(name string, run func() string) {
	defer func() {
		if reason := recover(); reason != nil {
			say(name, "panic")
		}
	}()
	say(name, "%s", run())
}

func verdict(err error) string {
	if err != nil {
		return "refused"
	}
	return "accepted"
}

// talk makes one connection over loopback: both handshakes, a byte each way, and both errors.
func talk(server, client *tls.Config) (serverState, clientState tls.ConnectionState, serverError, clientError error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer listener.Close()
	done := make(chan error, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			done <- err
			return
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		secured := tls.Server(conn, server)
		err = secured.Handshake()
		if err == nil {
			serverState = secured.ConnectionState()
			buffer := make([]byte, 1)
			if _, err = secured.Read(buffer); err == nil {
				_, err = secured.Write(buffer)
			}
			secured.Close()
		}
		done <- err
	}()
	conn, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		panic(err)
	}
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	secured := tls.Client(conn, client)
	clientError = secured.Handshake()
	if clientError == nil {
		clientState = secured.ConnectionState()
		if _, clientError = secured.Write([]byte{1}); clientError == nil {
			// The ticket of TLS 1.3 and a late alert come with the first byte.
			var count int
			// A byte and the end may come at once.
			if count, clientError = secured.Read(make([]byte, 1)); count == 1 {
				clientError = nil
			}
		}
	}
	conn.Close()
	serverError = <-done
	return
}

// reissued is the certificate with another public key, which need not be one that Go knows; the signature is the old one.
func reissued(of *entity, algorithm asn1.ObjectIdentifier, parameters asn1.RawValue, key []byte) []byte {
	type spki struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}
	type tbs struct {
		Version    int `asn1:"optional,explicit,default:0,tag:0"`
		Serial     *big.Int
		Signature  pkix.AlgorithmIdentifier
		Issuer     asn1.RawValue
		Validity   asn1.RawValue
		Subject    asn1.RawValue
		Key        spki
		Extensions []pkix.Extension `asn1:"omitempty,optional,explicit,tag:3"`
	}
	type certificate struct {
		TBS       tbs
		Signature pkix.AlgorithmIdentifier
		Value     asn1.BitString
	}
	var made certificate
	if _, err := asn1.Unmarshal(of.cert.Raw, &made); err != nil {
		panic(err)
	}
	made.TBS.Key = spki{pkix.AlgorithmIdentifier{Algorithm: algorithm, Parameters: parameters}, asn1.BitString{Bytes: key, BitLength: 8 * len(key)}}
	der, err := asn1.Marshal(made)
	if err != nil {
		panic(err)
	}
	return der
}
