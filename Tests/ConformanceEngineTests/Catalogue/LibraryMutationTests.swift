import ConformanceCatalogue
import ConformanceModel
import Foundation
import Testing

@testable import ConformanceEngine

/// The result of a run when one behaviour of the library is changed.
@Suite("A wrong library turns a run red")
struct LibraryMutationTests {
    /// Each defect of the library, and a part of the catalogue that must notice it.
    static let parts: [(mutant: String, globs: [String])] = [
        ("treatNoClientCertAsRequest", ["client-auth/presence/NoClientCert/*"]),
        ("treatRequestAsNoClientCert", ["client-auth/presence/Request/*"]),
        ("treatRequireAnyAsRequireAndVerify", ["client-auth/credentials/RequireAny/*"]),
        ("treatRequireAnyAsRequest", ["client-auth/presence/RequireAny/*"]),
        ("treatVerifyIfGivenAsRequest", ["client-auth/credentials/VerifyIfGiven/*"]),
        ("treatVerifyIfGivenAsRequireAndVerify", ["client-auth/presence/VerifyIfGiven/*"]),
        ("treatRequireAndVerifyAsVerifyIfGiven", ["client-auth/presence/RequireAndVerify/*"]),
        ("treatRequireAndVerifyAsRequireAny", ["client-auth/credentials/RequireAndVerify/*"]),
        ("acceptAnyCertificate", ["client-auth/credentials/RequireAndVerify/*"]),
        ("ignoreExpiry", ["client-auth/credentials/RequireAndVerify/*"]),
        ("ignoreExtendedKeyUsage", ["client-auth/credentials/RequireAndVerify/*"]),
        ("demandExtendedKeyUsage", ["client-auth/credentials/RequireAndVerify/*"]),
        ("refuseAnyExtendedKeyUsage", ["client-auth/credentials/RequireAndVerify/*"]),
        ("ignoreKeyUsage", ["client-auth/credentials/RequireAndVerify/*"]),
        ("refusePinnedLeaf", ["client-auth/credentials/RequireAndVerify/*"]),
        ("ignoreRevocation", ["client-auth/revocation/RequireAndVerify/*"]),
        ("omitCANames", ["client-auth/ca-names/*"]),
        ("withholdClientCertificate", ["client-auth/presence/*"]),
        ("ignoreSNI", ["sni/selection/*"]),
        ("ignoreStrictSNI", ["sni/selection/*"]),
        ("matchSNICaseSensitively", ["sni/selection/*"]),
        ("wildcardTooDeep", ["server-auth/names/*"]),
        ("acceptCommonName", ["server-auth/names/*"]),
        ("skipNameCheck", ["server-auth/names/*"]),
        ("sendSNIForAddresses", ["server-auth/names/*"]),
        ("ignoreRootCAs", ["server-auth/roots/*"]),
        ("ignoreRotation", ["rotation/update/*"]),
        ("reportCurrentIdentity", ["rotation/update/*"]),
        ("wrongAlert", ["client-auth/credentials/RequireAndVerify/*"]),
        ("reportVerifiedWithoutVerification", ["client-auth/presence/*"]),
        ("resumeAcrossPolicyChange", ["resumption/client-auth-policy/*"]),
        ("resumeAcrossPoolChange", ["resumption/roots/*"]),
        ("resumeAcrossNames", ["resumption/sni-policy/*"]),
        ("resumeAcrossIdentityUpdate", ["resumption/identity/*"]),
        ("resumeExpiredCertificate", ["resumption/expiry/*"]),
        ("resumeRevokedCertificate", ["resumption/revocation/*"]),
        ("ignoreTicketLifetime", ["resumption/expiry/*"]),
        ("keepSessionsAcrossIdentityUpdate", ["resumption/identity/*"]),
        ("keepSessionsAcrossRootsChange", ["resumption/roots/*"]),
        ("keepSessionsAcrossServerNames", ["resumption/server-name/*"]),
        ("forgetPeerOnResumption", ["resumption/identity/*"]),
        ("reportVerifiedOnResumption", ["resumption/client-auth-policy/*"]),
        ("skipResumptionInvariant", ["resumption/client-auth-policy/*"]),
        ("takeSnapshotAtStart", ["rotation/timing/*"]),
        ("acceptMismatchedKey", ["rotation/mismatched/*"]),
        ("mixGenerations", ["rotation/timing/*"]),
        ("livePoolsAlthoughFixed", ["rotation/ca-pools/*"]),
        ("fixedPoolsAlthoughLive", ["rotation/ca-pools/*"]),
        ("treatNoClientCertAsRequireAny", ["client-auth/presence/NoClientCert/*"]),
        ("treatNoClientCertAsVerifyIfGiven", ["client-auth/presence/NoClientCert/*"]),
        ("treatNoClientCertAsRequireAndVerify", ["client-auth/presence/NoClientCert/*"]),
        ("treatRequestAsRequireAny", ["client-auth/presence/Request/*"]),
        ("treatRequestAsVerifyIfGiven", ["client-auth/credentials/Request/*"]),
        ("treatRequestAsRequireAndVerify", ["client-auth/presence/Request/*"]),
        ("treatRequireAnyAsNoClientCert", ["client-auth/presence/RequireAny/*"]),
        ("treatRequireAnyAsVerifyIfGiven", ["client-auth/presence/RequireAny/*"]),
        ("treatVerifyIfGivenAsNoClientCert", ["client-auth/presence/VerifyIfGiven/*"]),
        ("treatVerifyIfGivenAsRequireAny", ["client-auth/presence/VerifyIfGiven/*"]),
        ("treatRequireAndVerifyAsNoClientCert", ["client-auth/presence/RequireAndVerify/*"]),
        ("treatRequireAndVerifyAsRequest", ["client-auth/presence/RequireAndVerify/*"]),
        ("ignoreClientCAs", ["client-auth/credentials/RequireAndVerify/untrusted-ca"]),
        ("swapPools", ["client-auth/presence/RequireAndVerify/*"]),
        ("swapPurposes", ["client-auth/credentials/RequireAndVerify/server-auth-only"]),
        ("ignoreNotYetValid", ["client-auth/credentials/RequireAndVerify/not-yet-valid"]),
        ("ignoreIssuerThatIsNoCA", ["client-auth/credentials/RequireAndVerify/*"]),
        ("ignorePathLength", ["client-auth/credentials/RequireAndVerify/*"]),
        ("ignoreNameConstraints", ["client-auth/credentials/RequireAndVerify/*"]),
        ("ignoreCriticalExtension", ["client-auth/credentials/RequireAndVerify/unknown-critical-extension"]),
        ("acceptMissingRevocationList", ["client-auth/revocation/RequireAndVerify/*"]),
        ("acceptStaleRevocationList", ["client-auth/revocation/RequireAndVerify/*"]),
        ("acceptAddressInDNSName", ["server-auth/names/*"]),
        ("omitSNI", ["sni/selection/*"]),
        ("presentRegardlessOfCANames", ["client-auth/selection/*"]),
        ("presentCurrentIdentity", ["rotation/update/*"]),
        ("withholdIntermediates", ["client-auth/credentials/RequireAndVerify/one-intermediate"]),
        ("closeRotatedConnections", ["rotation/update/*"]),
        ("reportPreviousPeer", ["rotation/update/*"]),
        ("withholdAlert", ["client-auth/credentials/RequireAndVerify/expired"]),
        ("oneAlertForAll", ["client-auth/credentials/RequireAndVerify/expired"]),
    ]

    #if Selftest
    @Test("Every defect that the library can be given is tried")
    func completeness() {
        #expect(Set(Self.parts.map(\.mutant)) == Set(StackRegistry.libraryMutants))
    }

    #endif

    static let sentences = [
        ("docs/validate-a-release.md", "\(parts.count) defects of the library"),
        ("docs/mutants.md", "one decision of the library at a time, \(parts.count) in all"),
    ]

    @Test("The pages say how many defects there are", arguments: sentences)
    func pages(name: String, sentence: String) throws {
        let path = RepositoryCatalogue.directory + "/../\(name)"
        let words = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isWhitespace)
        #expect(words.joined(separator: " ").contains(sentence))
    }

    #if Selftest
    @Test("Each defect of the library is noticed, and cases are named", arguments: parts)
    func mutant(name: String, globs: [String]) async throws {
        let catalogue = try RepositoryCatalogue.catalogue.get()
        let cases = try catalogue.select(globs: globs, stacks: [.countersign]).filter { $0.version == .tls13 }
        #expect(!cases.isEmpty)
        let played = try await RepositoryCatalogue.play(cases, mutant: name)
        let unexpected = try RepositoryCatalogue.unexpected(played, by: nil)
        #expect(!unexpected.isEmpty, "\(cases.count) cases do not notice \(name)")
        #expect(unexpected.allSatisfy { $0.verdict != .errored }, "a defect is no fault of the harness")
    }

    @Test("A defect shows in no case that is out of its reach", arguments: parts.map(\.mutant))
    func reach(name: String) async throws {
        let cases = try RepositoryCatalogue.catalogue.get().cases.filter { testCase in
            [testCase.pairing.server, testCase.pairing.client].contains(.countersign)
                && testCase.pairing.programs.isEmpty && !StackRegistry.canShow(libraryMutant: name, in: testCase)
        }
        let step = max(1, cases.count / 30)
        let sample = cases.enumerated().filter { $0.offset % step == 0 }.map(\.element)
        let played = try await RepositoryCatalogue.play(sample, mutant: name)
        #expect(try RepositoryCatalogue.unexpected(played, by: nil).map(\.id) == [])
    }
    #else
    @Test("A build for use has no defects to choose from, and says how to get one that has")
    func absence() throws {
        #expect(StackRegistry.libraryMutants.isEmpty)
        let error = #expect(throws: UnknownMutant.self) { try StackRegistry.standard(libraryMutant: "ignoreExpiry") }
        #expect(error?.description.contains("`make selftest` makes one that has") == true)
    }
    #endif
}
