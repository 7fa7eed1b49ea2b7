package import ConformanceModel

#if Selftest
internal import LibraryMutants
internal import MutualTLS
#endif

/// The stacks that cases can be played with.
package struct StackRegistry: Sendable {
    private let adapters: [Stack: any StackAdapter]
    /// The stacks that play as programs of their own; nil when there are none.
    let peers: (any PeerPlayer)?

    /// - Parameters:
    ///   - adapters: the stacks in process.
    ///   - peers: the stacks that play as programs; none of them may have the name of one in process.
    /// - Precondition: no two adapters speak for the same stack.
    package init(_ adapters: [any StackAdapter], peers: (any PeerPlayer)? = nil) {
        self.adapters = Dictionary(uniqueKeysWithValues: adapters.map { ($0.stack, $0) })
        self.peers = peers
    }

    /// The adapter of a stack, or nil when this build has none.
    package subscript(stack: Stack) -> (any StackAdapter)? { adapters[stack] }

    /// The adapter of a stack that a case needs.
    package func adapter(_ stack: Stack) throws(PlayFailure) -> any StackAdapter {
        guard let adapter = self[stack] else {
            let known = stacks.map(\.rawValue).joined(separator: ", ")
            throw .unsupported("this build has no stack named \(stack.rawValue); it has \(known)")
        }
        return adapter
    }

    /// The stacks by name, ascending.
    package var stacks: [Stack] { adapters.keys.sorted() }

    /// The libraries below the stacks, by name, in the versions that are loaded: `openssl`, `gnutls`.
    package var versions: [String: String] {
        adapters.values.reduce(into: [:]) { versions, adapter in
            versions.merge(adapter.versions) { first, _ in first }
        }
    }
}

extension StackRegistry {
    /// The stacks of this program: the library of this package, and GnuTLS.
    ///
    /// - Parameter libraryMutant: a defect that the library is played with, to prove that it is noticed; nil for none.
    /// - Parameter peers: the stacks that play as programs of their own.
    /// - Throws: ``UnknownMutant`` when this build has no defect of the name.
    package static func standard(libraryMutant: String? = nil, peers: (any PeerPlayer)? = nil) throws -> StackRegistry {
        guard let libraryMutant else { return StackRegistry([CountersignAdapter(), GnuTLSAdapter()], peers: peers) }
        let alteration = try LibraryAlteration(mutant: libraryMutant)
        return StackRegistry([CountersignAdapter(alteration), GnuTLSAdapter()], peers: peers)
    }

    /// The names of the defects that the library can be played with: none but in a build with the trait Selftest.
    package static var libraryMutants: [String] { LibraryAlteration.mutants }

    /// Whether a defect of the library can show in a case, by the case's settings and steps.
    package static func canShow(libraryMutant: String, in testCase: ConformanceCase) -> Bool {
        LibraryAlteration.canShow(libraryMutant, in: testCase)
    }
}

/// A defect that the library cannot be played with.
package struct UnknownMutant: Error, Hashable, Sendable, CustomStringConvertible {
    package let name: String

    package var description: String {
        let known = StackRegistry.libraryMutants
        return known.isEmpty
            ? "this build of countersign has no mutants; `make selftest` makes one that has"
            : "the library has no mutant named \(name); it has \(known.joined(separator: ", "))"
    }
}

#if Selftest
extension LibraryAlteration {
    fileprivate static var mutants: [String] { LibraryMutant.allCases.map(\.rawValue) }

    fileprivate static func canShow(_ name: String, in testCase: ConformanceCase) -> Bool {
        LibraryMutant(rawValue: name).map { MutantReach($0).includes(testCase) } ?? false
    }

    fileprivate init(mutant name: String) throws(UnknownMutant) {
        guard let mutant = LibraryMutant(rawValue: name) else { throw UnknownMutant(name: name) }
        self.init(
            server: { mutant.alter(&$0) },
            client: { mutant.alter(&$0) },
            privateKey: { key, leaf throws(MutualTLSError) in try mutant.privateKey(key, for: leaf) }
        )
    }
}
#else
extension LibraryAlteration {
    fileprivate static var mutants: [String] { [] }

    fileprivate static func canShow(_ name: String, in testCase: ConformanceCase) -> Bool { false }

    fileprivate init(mutant name: String) throws(UnknownMutant) {
        throw UnknownMutant(name: name)
    }
}
#endif

/// A stack whose endpoints are reached through others, which listen to them or change what they say.
struct WrappingAdapter: StackAdapter {
    let adapter: any StackAdapter
    /// Puts an endpoint of a side into another one.
    let wrap: @Sendable (any Endpoint, Side) -> any Endpoint

    var stack: Stack { adapter.stack }
    var versions: [String: String] { adapter.versions }

    func makeServer(
        _ settings: ServerSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let party = try adapter.makeServer(settings, version: version, material: material, clock: clock)
        return WrappingParty(party) { [wrap] in wrap($0, .server) }
    }

    func makeClient(
        _ settings: ClientSettings,
        version: ProtocolVersion,
        material: CaseMaterial,
        clock: CaseClock
    ) throws(AdapterError) -> any Party {
        let party = try adapter.makeClient(settings, version: version, material: material, clock: clock)
        return WrappingParty(party) { [wrap] in wrap($0, .client) }
    }
}

private final class WrappingParty: Party {
    private let party: any Party
    private let wrap: (any Endpoint) -> any Endpoint

    init(_ party: any Party, _ wrap: @escaping (any Endpoint) -> any Endpoint) {
        self.party = party
        self.wrap = wrap
    }

    func makeEndpoint(offeringSession: Bool) throws(AdapterError) -> any Endpoint {
        wrap(try party.makeEndpoint(offeringSession: offeringSession))
    }

    func rotate(_ change: SettingChange) throws(RotationRefused) {
        try party.rotate(change)
    }
}

/// An endpoint that hands everything on to another one, but for what it does itself.
protocol ForwardingEndpoint: Endpoint {
    var endpoint: any Endpoint { get }
}

extension ForwardingEndpoint {
    var state: EndpointState { endpoint.state }
    var keyLogLines: [String] { endpoint.keyLogLines }
    func start() { endpoint.start() }
    func receive(_ bytes: [UInt8]) { endpoint.receive(bytes) }
    func receiveEndOfInput() { endpoint.receiveEndOfInput() }
    func takeOutput() -> [UInt8] { endpoint.takeOutput() }
    func send(_ bytes: [UInt8]) { endpoint.send(bytes) }
    func takeApplicationData() -> [UInt8] { endpoint.takeApplicationData() }
    func close() { endpoint.close() }
    func observation() -> SideObservation { endpoint.observation() }
}
