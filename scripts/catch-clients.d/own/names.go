package main

import (
	"crypto/x509"
	"errors"
	"net"
	"strings"
)

func checkName(leaf *x509.Certificate, name string) error {
	if hole == "no-name" {
		return nil
	}
	if address := net.ParseIP(name); address != nil {
		for _, candidate := range leaf.IPAddresses {
			if candidate.Equal(address) || hole == "same-network" && candidate.Mask(net.CIDRMask(24, 32)).Equal(address.Mask(net.CIDRMask(24, 32))) {
				return nil
			}
		}
		if hole == "ip-in-dns-name" {
			for _, candidate := range leaf.DNSNames {
				if candidate == name {
					return nil
				}
			}
		}
		if hole == "wildcard-over-address" {
			for _, candidate := range leaf.DNSNames {
				if matches(candidate, name) {
					return nil
				}
			}
		}
		if hole == "ip-as-common-name" && leaf.Subject.CommonName == name || hole == "no-ip-name" {
			return nil
		}
		return errors.New("another address")
	}
	candidates := leaf.DNSNames
	if hole == "common-name-always" || hole == "common-name" && len(candidates) == 0 && len(leaf.IPAddresses) == 0 {
		candidates = append(append([]string{}, candidates...), leaf.Subject.CommonName)
	}
	for _, uri := range leaf.URIs {
		if hole == "uri-host" {
			candidates = append(append([]string{}, candidates...), uri.Hostname())
		}
	}
	for _, candidate := range candidates {
		if matches(candidate, name) {
			return nil
		}
	}
	return errors.New("another name")
}

func matches(pattern, name string) bool {
	pattern, name = strings.ToLower(pattern), strings.ToLower(strings.TrimSuffix(name, "."))
	if pattern == name {
		return true
	}
	if cut := strings.IndexByte(pattern, 0); cut >= 0 {
		return hole == "nul-ends-name" && pattern[:cut] == name
	}
	labels, wanted := strings.Split(pattern, "."), strings.Split(name, ".")
	switch hole {
	case "name-suffix":
		// The pattern's end is enough.
		if strings.HasSuffix(name, pattern) || strings.HasSuffix(pattern, name) {
			return true
		}
	case "name-parent":
		if strings.HasSuffix(name, "."+pattern) {
			return true
		}
	case "name-prefix":
		if strings.HasPrefix(pattern, name) {
			return true
		}
	case "name-substring":
		if strings.Contains(pattern, name) {
			return true
		}
	case "wildcard-deep":
		if labels[0] == "*" && strings.HasSuffix(name, pattern[1:]) {
			return true
		}
	case "wildcard-bare":
		if labels[0] == "*" && name == pattern[2:] {
			return true
		}
	case "wildcard-partial":
		if star := strings.IndexByte(labels[0], '*'); star >= 0 && len(labels) == len(wanted) {
			first := wanted[0]
			if len(first) >= len(labels[0])-1 && strings.HasPrefix(first, labels[0][:star]) &&
				strings.HasSuffix(first, labels[0][star+1:]) && same(labels[1:], wanted[1:]) {
				return true
			}
		}
	case "wildcard-inside":
		if len(labels) == len(wanted) {
			all := true
			for index := range labels {
				all = all && (labels[index] == "*" || labels[index] == wanted[index])
			}
			if all {
				return true
			}
		}
	case "wildcard-top":
		if pattern == "*" || len(labels) == 2 && labels[0] == "*" && strings.HasSuffix(name, pattern[1:]) {
			return true
		}
	}
	return len(labels) > 2 && labels[0] == "*" && same(labels[1:], wanted[1:])
}

func same(one, other []string) bool {
	return strings.Join(one, ".") == strings.Join(other, ".")
}

// MARK: name constraints

func checkConstraints(authority, certificate *x509.Certificate) error {
	if hole != "constraint-malformed" {
		if err := checkForms(authority, certificate); err != nil {
			return err
		}
	}
	for _, name := range certificate.DNSNames {
		bare := strings.ToLower(strings.TrimPrefix(name, "*."))
		wildcard := strings.HasPrefix(name, "*.")
		if len(authority.PermittedDNSDomains) > 0 && hole != "no-permitted-names" && hole != "no-dns-constraints" &&
			!anyDomain(authority.PermittedDNSDomains, bare) {
			return errors.New("a name that isn't permitted")
		}
		if hole == "no-excluded-names" || hole == "no-dns-constraints" {
			continue
		}
		if anyDomain(authority.ExcludedDNSDomains, bare) {
			return errors.New("an excluded name")
		}
		if wildcard && hole != "wildcard-evades" {
			for _, excluded := range authority.ExcludedDNSDomains {
				if _, parent, found := strings.Cut(strings.ToLower(excluded), "."); found && parent == bare {
					return errors.New("a wildcard over an excluded name")
				}
			}
		}
	}
	for _, address := range certificate.IPAddresses {
		if hole == "no-ip-constraints" {
			break
		}
		if len(authority.PermittedIPRanges) > 0 && hole != "no-permitted-names" && !anyRange(authority.PermittedIPRanges, address) {
			return errors.New("an address that isn't permitted")
		}
		if hole != "no-excluded-names" && anyRange(authority.ExcludedIPRanges, address) {
			return errors.New("an excluded address")
		}
	}
	for _, mail := range certificate.EmailAddresses {
		_, host, _ := strings.Cut(strings.ToLower(mail), "@")
		if hole == "no-mail-constraints" {
			break
		}
		if len(authority.PermittedEmailAddresses) > 0 && !anyMail(authority.PermittedEmailAddresses, mail, host) {
			return errors.New("a mail address that isn't permitted")
		}
		if anyMail(authority.ExcludedEmailAddresses, mail, host) {
			return errors.New("an excluded mail address")
		}
	}
	for _, uri := range certificate.URIs {
		if hole == "no-uri-constraints" {
			break
		}
		if len(authority.PermittedURIDomains) > 0 && !anyDomain(authority.PermittedURIDomains, uri.Hostname()) {
			return errors.New("a URI that isn't permitted")
		}
		if anyDomain(authority.ExcludedURIDomains, uri.Hostname()) {
			return errors.New("an excluded URI")
		}
	}
	return nil
}

// A name that is none of its kind is within no subtree and outside of none.
func checkForms(authority, certificate *x509.Certificate) error {
	if len(authority.PermittedDNSDomains)+len(authority.ExcludedDNSDomains) > 0 {
		for _, name := range certificate.DNSNames {
			for _, label := range strings.Split(strings.TrimPrefix(name, "*."), ".") {
				if label == "" || strings.ContainsAny(label, "*@/ ") {
					return errors.New("a malformed name")
				}
			}
		}
	}
	if len(authority.PermittedEmailAddresses)+len(authority.ExcludedEmailAddresses) > 0 {
		for _, mail := range certificate.EmailAddresses {
			if local, host, found := strings.Cut(mail, "@"); !found || local == "" || host == "" {
				return errors.New("a malformed mail address")
			}
		}
	}
	if len(authority.PermittedURIDomains)+len(authority.ExcludedURIDomains) > 0 {
		for _, uri := range certificate.URIs {
			if uri.Hostname() == "" || net.ParseIP(uri.Hostname()) != nil {
				return errors.New("a URI without the name of a host")
			}
		}
	}
	return nil
}

func anyDomain(constraints []string, name string) bool {
	for _, constraint := range constraints {
		constraint, name := constraint, name
		if hole != "constraint-case" {
			constraint, name = strings.ToLower(constraint), strings.ToLower(name)
		}
		constraint = strings.TrimPrefix(constraint, ".")
		if constraint == "" || name == constraint || strings.HasSuffix(name, "."+constraint) {
			return true
		}
		if hole == "constraint-suffix" && strings.HasSuffix(name, constraint) {
			return true
		}
	}
	return false
}

func anyRange(ranges []*net.IPNet, address net.IP) bool {
	for _, each := range ranges {
		if each.Contains(address) {
			return true
		}
	}
	return false
}

func anyMail(constraints []string, mail, host string) bool {
	for _, constraint := range constraints {
		constraint = strings.ToLower(constraint)
		if strings.Contains(constraint, "@") && constraint == strings.ToLower(mail) || constraint == host ||
			strings.HasPrefix(constraint, ".") && strings.HasSuffix(host, constraint) {
			return true
		}
	}
	return false
}
