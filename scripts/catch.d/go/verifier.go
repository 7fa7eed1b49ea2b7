package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"strings"
	"sync"
	"time"
)

// verifier builds paths by RFC 5280, written out so that each single check can be left away by a hole.
type verifier struct {
	hole  string
	roots []*x509.Certificate
	crl   map[string]bool

	mutex    sync.Mutex
	verified map[string]bool
	count    int
}

func (v *verifier) is(names ...string) bool {
	for _, name := range names {
		if v.hole == name {
			return true
		}
	}
	return false
}

// verify decides about what a client presented, from the leaf on.
func (v *verifier) verify(chain []*x509.Certificate) error {
	v.mutex.Lock()
	v.count++
	count := v.count
	key := v.cacheKey(chain[0])
	known := key != "" && v.verified[key]
	v.mutex.Unlock()
	switch {
	case known,
		v.is("first-connections-only") && count > 4,
		v.is("every-tenth") && count%10 == 0,
		v.is("self-signed-taken") && bytes.Equal(chain[0].RawIssuer, chain[0].RawSubject),
		v.is("issuer-name-trusted") && v.bearsRootName(chain[0].RawIssuer),
		v.is("issuer-key-id-trusted") && v.bearsRootKeyID(chain[0].AuthorityKeyId),
		v.is("top-name-trusted") && v.bearsRootName(chain[len(chain)-1].RawIssuer),
		v.is("long-chain-taken") && len(chain) > 5,
		v.is("rsa-leaf-unverified") && chain[0].PublicKeyAlgorithm == x509.RSA,
		v.is("ed25519-leaf-unverified") && chain[0].PublicKeyAlgorithm == x509.Ed25519:
		return nil
	}
	leaf := chain[0]
	if v.is("any-of-the-chain") {
		for _, certificate := range chain {
			if v.path([]*x509.Certificate{certificate}, chain) == nil {
				return nil
			}
		}
	}
	if v.is("last-of-the-chain") && v.path([]*x509.Certificate{chain[len(chain)-1]}, chain) == nil {
		return nil
	}
	if err := v.alone(leaf, 0); err != nil {
		return err
	}
	if err := v.path([]*x509.Certificate{leaf}, chain[1:]); err != nil {
		return err
	}
	v.mutex.Lock()
	if key != "" {
		v.verified[key] = true
	}
	v.mutex.Unlock()
	return nil
}

func (v *verifier) cacheKey(leaf *x509.Certificate) string {
	switch v.hole {
	case "cached-by-serial":
		return leaf.SerialNumber.String()
	case "cached-by-issuer-and-serial":
		return leaf.Issuer.String() + leaf.SerialNumber.String()
	case "cached-by-subject":
		return string(leaf.RawSubject)
	case "cached-by-common-name":
		return leaf.Subject.CommonName
	case "cached-by-key-id":
		return string(leaf.SubjectKeyId)
	case "cached-by-public-key":
		return string(leaf.RawSubjectPublicKeyInfo)
	}
	return ""
}

func (v *verifier) bearsRootName(name []byte) bool {
	for _, root := range v.roots {
		if bytes.Equal(root.RawSubject, name) {
			return true
		}
	}
	return false
}

func (v *verifier) bearsRootKeyID(id []byte) bool {
	for _, root := range v.roots {
		if len(id) > 0 && bytes.Equal(root.SubjectKeyId, id) {
			return true
		}
	}
	return false
}

// path looks for a way from the end of what it has to an anchor.
func (v *verifier) path(below []*x509.Certificate, sent []*x509.Certificate) error {
	if len(below) > 8 {
		return errors.New("path too long")
	}
	child := below[len(below)-1]
	last := errors.New("unknown authority")
	for _, root := range v.roots {
		if bytes.Equal(child.Raw, root.Raw) {
			return nil
		}
	}
	anchors := append([]*x509.Certificate{}, v.roots...)
	for _, certificate := range sent {
		if !bytes.Equal(certificate.RawIssuer, certificate.RawSubject) {
			continue
		}
		if v.is("sent-root-is-anchor") ||
			v.is("sent-root-of-known-name-is-anchor") && v.bearsRootName(certificate.RawSubject) ||
			v.is("sent-root-of-known-key-id-is-anchor") && v.bearsRootKeyID(certificate.SubjectKeyId) {
			anchors = append(anchors, certificate)
		}
	}
	for _, anchor := range anchors {
		if err := v.edge(below, anchor, true); err != nil {
			if bytes.Equal(child.RawIssuer, anchor.RawSubject) {
				last = err
			}
			continue
		}
		return nil
	}
	for _, candidate := range sent {
		used := false
		for _, certificate := range below {
			used = used || bytes.Equal(certificate.Raw, candidate.Raw)
		}
		if used || !bytes.Equal(child.RawIssuer, candidate.RawSubject) {
			continue
		}
		if err := v.edge(below, candidate, false); err != nil {
			last = err
			continue
		}
		if err := v.path(append(append([]*x509.Certificate{}, below...), candidate), sent); err != nil {
			last = err
			continue
		}
		return nil
	}
	return last
}

var constraintsOID = asn1.ObjectIdentifier{2, 5, 29, 30}

// alone checks what a certificate says of itself; depth 0 is the leaf.
func (v *verifier) alone(c *x509.Certificate, depth int) error {
	now := time.Now()
	if now.After(c.NotAfter) {
		switch {
		case v.is("expired-leaf-taken") && depth == 0, v.is("expired-intermediate-taken") && depth > 0:
		case v.is("expired-for-a-day-taken") && now.Sub(c.NotAfter) < 25*time.Hour:
		default:
			return errors.New("expired")
		}
	}
	if now.Before(c.NotBefore) {
		switch {
		case v.is("future-leaf-taken") && depth == 0, v.is("future-intermediate-taken") && depth > 0:
		default:
			return errors.New("not yet valid")
		}
	}
	for _, oid := range c.UnhandledCriticalExtensions {
		switch {
		case oid.Equal(constraintsOID):
		case v.is("critical-in-leaf-ignored") && depth == 0, v.is("critical-in-intermediate-ignored") && depth > 0:
		default:
			return fmt.Errorf("critical extension %v", oid)
		}
	}
	if !v.is("purpose-ignored") && !(v.is("purpose-of-leaf-ignored") && depth == 0) &&
		!(v.is("purpose-of-intermediate-ignored") && depth > 0) && len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0 {
		good := false
		for _, usage := range c.ExtKeyUsage {
			good = good || usage == x509.ExtKeyUsageAny || usage == x509.ExtKeyUsageClientAuth
		}
		if !good {
			return errors.New("wrong purpose")
		}
	}
	if depth == 0 && v.crl != nil && v.crl[c.SerialNumber.String()] && !v.is("revocation-ignored") {
		return errors.New("revoked")
	}
	return nil
}

// edge checks that parent may have issued what stands at the end of below.
func (v *verifier) edge(below []*x509.Certificate, parent *x509.Certificate, anchor bool) error {
	child := below[len(below)-1]
	if !bytes.Equal(child.RawIssuer, parent.RawSubject) {
		return errors.New("another issuer")
	}
	if len(child.AuthorityKeyId) > 0 && len(parent.SubjectKeyId) > 0 && !bytes.Equal(child.AuthorityKeyId, parent.SubjectKeyId) {
		return errors.New("another key")
	}
	skipped := v.is("signature-unchecked") || v.is("signature-of-leaf-unchecked") && len(below) == 1 ||
		v.is("signature-of-intermediate-unchecked") && len(below) > 1
	if !skipped {
		if err := v.signature(child, parent); err != nil {
			return err
		}
	}
	if !anchor {
		if err := v.alone(parent, len(below)); err != nil {
			return err
		}
	}
	if !(parent.BasicConstraintsValid && parent.IsCA) && !v.is("ca-flag-ignored") {
		return errors.New("no authority")
	}
	if parent.KeyUsage != 0 && parent.KeyUsage&x509.KeyUsageCertSign == 0 && !v.is("cert-sign-ignored") &&
		!(v.is("ca-flag-ignored") && !parent.IsCA) {
		return errors.New("may not sign certificates")
	}
	if parent.MaxPathLen >= 0 && parent.BasicConstraintsValid && (parent.MaxPathLen > 0 || parent.MaxPathLenZero) &&
		len(below)-1 > parent.MaxPathLen && !v.is("path-length-ignored") {
		return errors.New("path length")
	}
	return v.constraints(below, parent)
}

func (v *verifier) signature(child, parent *x509.Certificate) error {
	if v.is("zero-signature-taken") {
		var parts struct{ R, S *big.Int }
		if _, err := asn1.Unmarshal(child.Signature, &parts); err == nil && parts.R.Sign() == 0 && parts.S.Sign() == 0 {
			return nil
		}
	}
	hash := crypto.Hash(0)
	switch child.SignatureAlgorithm {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1:
		if v.is("sha1-taken") {
			hash = crypto.SHA1
		}
	case x509.MD5WithRSA:
		if v.is("md5-taken") {
			hash = crypto.MD5
		}
	}
	if hash != 0 {
		digest := hash.New()
		digest.Write(child.RawTBSCertificate)
		switch key := parent.PublicKey.(type) {
		case *rsa.PublicKey:
			return rsa.VerifyPKCS1v15(key, hash, digest.Sum(nil), child.Signature)
		case *ecdsa.PublicKey:
			if ecdsa.VerifyASN1(key, digest.Sum(nil), child.Signature) {
				return nil
			}
		}
		return errors.New("bad signature")
	}
	switch child.SignatureAlgorithm {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.MD5WithRSA:
		// CheckSignature takes SHA-1 for the sake of other callers than Verify.
		return errors.New("weak signature")
	}
	return parent.CheckSignature(child.SignatureAlgorithm, child.RawTBSCertificate, child.Signature)
}

// constraints holds every certificate below against the name constraints of parent.
func (v *verifier) constraints(below []*x509.Certificate, parent *x509.Certificate) error {
	if v.is("constraints-ignored") {
		return nil
	}
	on := func(kind string, permitted bool) bool {
		word := "excluded"
		if permitted {
			word = "permitted"
		}
		return !v.is(kind+"-constraints-ignored", kind+"-"+word+"-ignored")
	}
	for _, c := range below {
		for _, name := range c.DNSNames {
			if err := judge(name, parent.PermittedDNSDomains, parent.ExcludedDNSDomains, on("dns", true), on("dns", false),
				func(name, base string) bool { return matchDNS(name, base, v.is("constraint-case-kept")) }); err != nil {
				return err
			}
		}
		for _, address := range c.IPAddresses {
			if err := judge(address, parent.PermittedIPRanges, parent.ExcludedIPRanges, on("ip", true), on("ip", false),
				func(address net.IP, base *net.IPNet) bool { return base.Contains(address) }); err != nil {
				return err
			}
		}
		for _, address := range c.EmailAddresses {
			if err := judge(address, parent.PermittedEmailAddresses, parent.ExcludedEmailAddresses, on("email", true), on("email", false), matchMail); err != nil {
				return err
			}
		}
		for _, uri := range c.URIs {
			if err := judge(uri, parent.PermittedURIDomains, parent.ExcludedURIDomains, on("uri", true), on("uri", false),
				func(uri *url.URL, base string) bool { return matchDNS(uri.Hostname(), base, false) }); err != nil {
				return err
			}
		}
		permitted, excluded := directoryConstraints(parent)
		if err := judge(c.RawSubject, permitted, excluded, on("directory", true), on("directory", false), matchDirectory); err != nil {
			return err
		}
	}
	return nil
}

func judge[N, B any](name N, permitted, excluded []B, askPermitted, askExcluded bool, match func(N, B) bool) error {
	for _, base := range excluded {
		if askExcluded && match(name, base) {
			return errors.New("excluded name")
		}
	}
	if len(permitted) == 0 || !askPermitted {
		return nil
	}
	for _, base := range permitted {
		if match(name, base) {
			return nil
		}
	}
	return errors.New("name not permitted")
}

func matchDNS(name, base string, exact bool) bool {
	if !exact {
		name, base = strings.ToLower(name), strings.ToLower(base)
	}
	name = strings.TrimPrefix(name, "*.")
	if strings.HasPrefix(base, ".") {
		return strings.HasSuffix(name, base)
	}
	return base == "" || name == base || strings.HasSuffix(name, "."+base) || strings.HasSuffix(base, "."+name)
}

func matchMail(address, base string) bool {
	at := strings.LastIndex(address, "@")
	if strings.Contains(base, "@") {
		return strings.EqualFold(address, base)
	}
	host := strings.ToLower(address[at+1:])
	if strings.HasPrefix(base, ".") {
		return strings.HasSuffix(host, strings.ToLower(base))
	}
	return host == strings.ToLower(base)
}

// directoryConstraints reads what Go's library leaves unread.
func directoryConstraints(c *x509.Certificate) (permitted, excluded [][]byte) {
	for _, extension := range c.Extensions {
		if !extension.Id.Equal(constraintsOID) {
			continue
		}
		var outer struct {
			Permitted []asn1.RawValue `asn1:"optional,tag:0"`
			Excluded  []asn1.RawValue `asn1:"optional,tag:1"`
		}
		if _, err := asn1.Unmarshal(extension.Value, &outer); err != nil {
			continue
		}
		read := func(trees []asn1.RawValue) (names [][]byte) {
			for _, tree := range trees {
				var base asn1.RawValue
				if _, err := asn1.Unmarshal(tree.Bytes, &base); err == nil && base.Class == 2 && base.Tag == 4 {
					names = append(names, base.Bytes)
				}
			}
			return names
		}
		return read(outer.Permitted), read(outer.Excluded)
	}
	return nil, nil
}

func matchDirectory(subject, base []byte) bool {
	var name, tree []asn1.RawValue
	if _, err := asn1.Unmarshal(subject, &name); err != nil {
		return false
	}
	if _, err := asn1.Unmarshal(base, &tree); err != nil || len(tree) > len(name) {
		return false
	}
	for index := range tree {
		if !bytes.Equal(name[index].FullBytes, tree[index].FullBytes) {
			return false
		}
	}
	return true
}
