internal import ConformanceModel
internal import MutualTLS
internal import MutualTLSSystems

@testable internal import ConformanceCatalogue
@testable internal import ConformanceEngine
@testable internal import Peers

/// Files and texts.
enum TextInputs {
    /// Keys in DER are read where the first byte could be one's: libcrypto 3.0 looks its decoders up for each text that is no
    /// key, and that takes a hundred times as long as everything else here.
    static func pem(_ bytes: [UInt8]) {
        for read in [
            { _ = try Certificate.certificates(inPEM: bytes) },
            { _ = try CertificateRevocationList.lists(inPEM: bytes) },
            { _ = try DistinguishedName(der: bytes) },
            { _ = try PrivateKey(pem: bytes, passphrase: bytes.count % 2 == 0 ? nil : "x") },
            { if bytes.first == 0x30 { _ = try PrivateKey(der: bytes) } },
        ] as [() throws -> Void] {
            do { try read() } catch { _ = "\(error)" }
        }
    }

    static func natsConfiguration(_ bytes: [UInt8]) {
        do {
            _ = try NATSConfiguration(parsing: String(decoding: bytes, as: UTF8.self))
        } catch {
            _ = "\(error)"
        }
    }

    /// A scenario with its certificates, axes and cases.
    static func scenario(_ bytes: [UInt8]) {
        let log = IssueLog(file: "fuzz.yaml")
        guard let tree = YAMLTree.parse(String(decoding: bytes, as: UTF8.self), log: log) else { return }
        _ = ScenarioReader(log: log, expectedID: "fuzz").scenario(tree)
        _ = log.issues.map { "\($0)" }
    }

    /// Lines of a driver, cut as they arrive: the first byte says into pieces of how many bytes.
    static func driver(_ bytes: [UInt8]) {
        var splitter = LineSplitter()
        let pieces = bytes.first.map { 1 + Int($0) } ?? 1
        var rest = bytes.dropFirst()
        while !rest.isEmpty {
            for line in splitter.lines(adding: Array(rest.prefix(pieces))) {
                _ = try? JSONLine.value(DriverAnswer.self, from: line)
                _ = (try? JSONLine.value(DriverObservation.self, from: line)).map { $0.observation(material) }
            }
            rest = rest.dropFirst(pieces)
        }
    }

    /// No certificate: whatever a driver says that it saw is foreign.
    private static let material = CaseMaterial(
        now: 0,
        specification: PKISpecification(),
        entries: [:],
        revocationLists: [:]
    )
}
