/// Plans over the same two services, of which each test says the stages.
enum Plans {
    static let certificates = """
        certificates:
          old: {authority: true}
          new: {authority: true}
          new-by-old: {authority: true, issuer: old, key-of: new, subject: new}
          issuing-1: {authority: true, issuer: old}
          issuing-2: {authority: true, issuer: old}
          web-old: {issuer: old, names: [web.internal]}
          web-new: {issuer: new, names: [web.internal]}
          web-issued: {issuer: issuing-2, names: [web.internal]}
          api-old: {issuer: old, names: [api.internal]}
          api-new: {issuer: new, names: [api.internal]}
          api-issued: {issuer: issuing-2, names: [api.internal]}
          api-short: {issuer: old, names: [api.internal], not-after: 2027-02-01}
          api-later: {issuer: old, names: [api.internal], not-before: 2027-03-01}
          api-other-name: {issuer: old, names: [other.internal]}

        """

    static func plan(
        api: String = "{presents: api-old, trusts: old}",
        web: String = "{presents: web-old, trusts: old, calls: [api]}",
        _ stages: String...
    ) -> String {
        certificates + "services:\n  api: \(api)\n  web: \(web)\nstages:\n"
            + stages.map { "  - {\($0)}\n" }.joined()
    }

    static let both = "change: {all: {trusts: [old, new]}}"
    static let certificatesChange = "change: {web: {presents: web-new}, api: {presents: api-new}}"
    static let retirement = "change: {all: {trusts: new}}"
    static let wait = "change: {web: {trusts: [old, new]}}"

    static let good: [String: String] = [
        "root, three stages": plan(both, certificatesChange, retirement),
        "root, one service at a time": plan(
            "change: {web: {trusts: [old, new]}}",
            "change: {api: {trusts: [old, new]}}",
            "change: {web: {presents: web-new}}",
            "change: {api: {presents: api-new}}",
            "change: {web: {trusts: new}}",
            "change: {api: {trusts: new}}"
        ),
        "root by a cross-signed one": plan(
            "change: {web: {presents: [web-new, new-by-old]}, api: {presents: [api-new, new-by-old]}}",
            "change: {all: {trusts: new}}"
        ),
        "intermediate": plan(
            "change: {web: {presents: [web-issued, issuing-2]}, api: {presents: [api-issued, issuing-2]}}"
        ),
        "a laggard that is waited for": plan(
            api: "{presents: api-old, trusts: old, lags: 1}",
            both,
            wait,
            certificatesChange,
            wait,
            retirement
        ),
        "a mode by way of asking": plan(
            api: "{presents: api-old, trusts: old, client-auth: NoClientCert}",
            web: "{trusts: old, calls: [api]}",
            "change: {api: {client-auth: VerifyClientCertIfGiven}}",
            "change: {web: {presents: web-old}}",
            "change: {api: {client-auth: RequireAndVerifyClientCert}}"
        ),
        "a certificate renewed before it ends": plan(
            api: "{presents: api-short, trusts: old}",
            "at: 2027-01-01, change: {api: {presents: api-old}}",
            "at: 2027-03-01, change: {web: {presents: web-old}}"
        ),
        "a client's root alone": plan(
            "change: {api: {trusts: [old, new]}}",
            "change: {web: {presents: web-new}}",
            "change: {api: {trusts: new}}"
        ),
        "a server's root alone": plan(
            "change: {web: {trusts: [old, new]}}",
            "change: {api: {presents: api-new}}",
            "change: {web: {trusts: new}}"
        ),
        "a mode is lifted": plan("change: {api: {client-auth: NoClientCert}}", "change: {web: {presents: []}}"),
    ]

    /// Name to the plan, and the kind, the service and the stage of the change at fault.
    static let bad: [String: (plan: String, kind: String, service: String, stage: Int)] = [
        "the old root goes before the certificates do": (
            plan(both, retirement, certificatesChange), "early-retirement", "web", 2
        ),
        "one service retires early": (
            plan(
                both,
                "change: {web: {presents: web-new}}",
                "change: {web: {trusts: new}}",
                "change: {api: {presents: api-new}}"
            ),
            "early-retirement", "web", 3
        ),
        "certificates before bundles": (plan(certificatesChange, both, retirement), "early-certificate", "api", 1),
        "a client's certificate before the server's bundle": (
            plan("change: {web: {presents: web-new}}", "change: {api: {trusts: [old, new]}}"), "early-certificate",
            "web", 1
        ),
        "retirement and certificates in one stage": (
            plan(both, "change: {all: {trusts: new}, web: {presents: web-new}, api: {presents: api-new}}"),
            "early-retirement", "web", 2
        ),
        "a laggard is forgotten": (
            plan(api: "{presents: api-old, trusts: old, lags: 1}", both, certificatesChange, wait, retirement),
            "early-certificate", "web", 2
        ),
        "a laggard is forgotten at the retirement": (
            plan(api: "{presents: api-old, trusts: old, lags: 1}", both, wait, certificatesChange, retirement),
            "early-retirement", "web", 4
        ),
        "a mode before the certificates": (
            plan(
                api: "{presents: api-old, trusts: old, client-auth: NoClientCert}",
                web: "{trusts: old, calls: [api]}",
                "change: {api: {client-auth: RequireAndVerifyClientCert}}",
                "change: {web: {presents: web-old}}"
            ),
            "early-mode", "api", 1
        ),
        "a certificate that ends during a stage": (
            plan(
                api: "{presents: api-short, trusts: old}",
                "at: 2027-01-01, change: {web: {presents: web-old}}",
                "at: 2027-03-01, change: {api: {presents: api-old}}"
            ),
            "time", "api", 1
        ),
        "a certificate that isn't valid yet": (
            plan("at: 2027-01-01, change: {api: {presents: api-later}}"), "time", "api", 1
        ),
        "an intermediate that isn't sent": (
            plan("change: {web: {presents: web-issued}}"), "early-certificate", "web", 1
        ),
        "a certificate for another name": (
            plan("change: {api: {presents: api-other-name}}"), "early-certificate", "api", 1
        ),
    ]
}
